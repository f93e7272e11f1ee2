"""What the platform's words about a price mean, and what a message costs: pure rules.

Source: status webhook reference, object ``pricing``, as of 1 October 2026; privacy-and-billing facts 4.1 and 4.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

BILLABLE_STATUSES = frozenset({"delivered", "read"})
FREE_TYPES = frozenset({"free_customer_service", "free_entry_point", "free_group_customer_service"})
CHARGED_TYPES = frozenset({"regular"})
CATEGORIES = frozenset(
    {
        "authentication",
        "authentication-international",
        "marketing",
        "marketing_lite",
        "utility",
        "service",
        "referral_conversion",
        "group_marketing",
        "group_utility",
        "group_service",
        "general_purpose_ai",
    }
)
# Rate cards name three prices; the other categories are charged at one of them.
PRICED_AS = {
    "authentication": "authentication",
    "authentication-international": "authentication-international",
    "marketing": "marketing",
    "marketing_lite": "marketing",
    "group_marketing": "marketing",
    "utility": "utility",
    "group_utility": "utility",
    "service": "service",
    "group_service": "service",
}


@dataclass(frozen=True, slots=True)
class Price:
    """What one status said about money, normalised; empty strings where it said nothing."""

    category: str
    type: str
    model: str
    billable: bool | None

    @property
    def known(self) -> bool:
        return bool(self.category or self.type)


def read_price(pricing: Mapping[str, object] | None) -> Price:
    """The ``pricing`` object of a status; underscores in ``authentication_international`` become the card's hyphen."""
    pricing = pricing or {}
    category = str(pricing.get("category") or "").replace(
        "authentication_international", "authentication-international"
    )
    billable = pricing.get("billable")
    return Price(
        category=category[:40],
        type=str(pricing.get("type") or "")[:40],
        model=str(pricing.get("model") or pricing.get("pricing_model") or "")[:10],
        billable=billable if isinstance(billable, bool) else None,
    )


def flag_of(price: Price) -> str:
    """Why a delivered message cannot be priced; empty when it can."""
    if not price.known:
        return "unpriced"
    if price.category not in CATEGORIES:
        return "unknown_category"
    if price.type not in FREE_TYPES | CHARGED_TYPES:
        return "unknown_type"
    return ""


def is_charged(pricing_type: str) -> bool:
    return pricing_type in CHARGED_TYPES


@dataclass(frozen=True, slots=True)
class Rate:
    market: str
    category: str
    amount: Decimal
    effective_from: date


class Rates:
    """Dated rates of one currency and the markets of countries, for looking up many messages."""

    def __init__(self, rates: list[Rate], markets: Mapping[str, str], *, fallback: str = "Other") -> None:
        self._markets, self._fallback = markets, fallback
        self._rates: dict[tuple[str, str], list[Rate]] = {}
        for rate in sorted(rates, key=lambda r: r.effective_from, reverse=True):
            self._rates.setdefault((rate.market, rate.category), []).append(rate)

    def amount(self, *, country: str, category: str, on: date) -> Decimal | None:
        """The price of one message on a day, None when the cards do not say."""
        market = self._markets.get(country, self._fallback)
        for rate in self._rates.get((market, PRICED_AS.get(category, category)), []):
            if rate.effective_from <= on:
                return rate.amount
        return None
