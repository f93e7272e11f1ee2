"""An order as a list with sums. Prices are as the platform sends them; one that cannot be read is left out and said."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.looks.parts import listed, part, words
from conversations.models import Message

MAX_QUANTITY = 1_000_000
MAX_PRICE = Decimal(10) ** 12
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """One article. ``price`` and ``total`` are empty where the price is not known."""

    name: str
    quantity: str
    price: str
    total: str


@dataclass(frozen=True, slots=True)
class Order:
    """``sums`` has one text per currency; ``partly`` says that some prices are not in them."""

    lines: Sequence[Line]
    sums: Sequence[str]
    partly: bool
    more: int

    @property
    def summary(self) -> str:
        count = len(self.lines) + self.more
        text = ngettext("%(count)s article", "%(count)s articles", count) % {"count": count}
        return " · ".join([text, *self.sums])


def order_of(message: Message) -> Order:
    """The articles of an order with what they cost, and the sum per currency."""
    items = [item for item in listed(part(message.content, "product_items")) if isinstance(item, dict)]
    every = part(message.content, "product_items")
    sums: dict[str, Decimal] = {}
    lines, partly = [], False
    for item in items:
        quantity, price = _quantity(item.get("quantity")), _price(item.get("item_price"))
        currency = words(item.get("currency"), limit=3).upper()
        total = price * quantity if price is not None and quantity is not None and currency else None
        if total is None:
            partly = True
        else:
            sums[currency] = sums.get(currency, Decimal()) + total
        name = words(item.get("product_retailer_id"), limit=100) or _("Article")
        shown = str(quantity) if quantity is not None else words(item.get("quantity"), limit=20) or "?"
        lines.append(Line(name, shown, money(price, currency), money(total, currency)))
    hidden = max(len(every) - len(items), 0) if isinstance(every, list) else 0
    return Order(lines, [money(total, currency) for currency, total in sums.items()], partly or hidden > 0, hidden)


def money(amount: Decimal | None, currency: str) -> str:
    """``EUR 1.234,50`` as the reader writes numbers; nothing for what is not known."""
    if amount is None or not currency:
        return ""
    return f"{currency} {formats.number_format(amount.quantize(CENT), 2, use_l10n=True, force_grouping=True)}"


def _quantity(value: Any) -> int | None:
    try:
        number = int(value) if not isinstance(value, bool) else -1
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 <= number <= MAX_QUANTITY else None


def _price(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and 0 <= number <= MAX_PRICE else None
