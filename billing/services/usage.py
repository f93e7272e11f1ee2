"""What a company used in a month, and what Meta charges for it by the rate cards."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, DateField, Q
from django.db.models.functions import TruncDate

from billing.catalogue.models import Market, RateCard
from billing.models import UsageRecord
from billing.money import rounded
from billing.pricing import Rate, Rates, is_charged
from billing.services import subscriptions
from conversations.models import Conversation, PhoneNumber
from tenants.accounts.models import User
from tenants.models import ClientCompany

EXPORT_PAGE = 1_000


@dataclass(slots=True)
class UsageLine:
    """One category of the month: delivered messages, how many of them free, and the platform's price for the rest.

    ``cost`` is None when a message's market has no rate on the cards: unknown is said, never shown as nothing.
    """

    category: str
    delivered: int = 0
    free: int = 0
    charged: int = 0
    flagged: int = 0
    cost: Decimal | None = Decimal(0)


@dataclass(slots=True)
class MonthUsage:
    starts_on: date
    ends_on: date
    currency: str
    lines: list[UsageLine] = field(default_factory=list)
    conversations: int = 0
    seats: int = 0
    conflicts: int = 0

    @property
    def delivered(self) -> int:
        return sum(line.delivered for line in self.lines)

    @property
    def cost(self) -> Decimal | None:
        """The platform's price of the month in cents; None when a part of it is unknown."""
        known = [line.cost for line in self.lines]
        return None if None in known else rounded(sum((c for c in known if c is not None), Decimal(0)))


def month_of(company: ClientCompany, *, at: datetime) -> MonthUsage:
    """The month that ``at`` falls in, by the company's clock, up to now."""
    zone = ZoneInfo(company.time_zone)
    first = at.astimezone(zone).date().replace(day=1)
    start, end = _bounds(first, zone)
    after = end.date()
    running = subscriptions.running()
    currency = subscriptions.version_of(running).currency if running else "EUR"
    usage = MonthUsage(starts_on=first, ends_on=after - timedelta(days=1), currency=currency)
    usage.lines = _lines(start, end, zone, rates_in(currency, on=after))
    usage.conversations = Conversation.objects.filter(opened_at__gte=start, opened_at__lt=end).count()
    usage.seats = User.objects.filter(is_active=True, staff_id=None).count()
    usage.conflicts = UsageRecord.objects.filter(conflict=True, delivered_at__gte=start, delivered_at__lt=end).count()
    return usage


HEADER = (
    "delivered_at",
    "number",
    "category",
    "pricing_type",
    "market",
    "charged",
    "price",
    "currency",
    "remark",
    "message",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of messages ended."""

    at: datetime
    id: UUID


def messages_of(
    usage: MonthUsage, *, zone: ZoneInfo, after: Place | None = None
) -> tuple[list[list[object]], Place | None]:
    """The month's messages as rows of a file, one for each that was counted, and the place to go on from."""
    start, end = _bounds(usage.starts_on, zone)
    records = UsageRecord.objects.filter(delivered_at__gte=start, delivered_at__lt=end)
    if after is not None:
        records = records.filter(Q(delivered_at__gt=after.at) | Q(delivered_at=after.at, id__gt=after.id))
    found = list(records.order_by("delivered_at", "id")[: EXPORT_PAGE + 1])
    numbers = dict(PhoneNumber.objects.values_list("phone_number_id", "display_number"))
    rates = rates_in(usage.currency, on=end.date())
    rows = [
        _row(record, zone=zone, rates=rates, numbers=numbers, currency=usage.currency) for record in found[:EXPORT_PAGE]
    ]
    last = found[EXPORT_PAGE - 1] if len(found) > EXPORT_PAGE else None
    return rows, Place(last.delivered_at, last.pk) if last and last.delivered_at else None


def _row(record: UsageRecord, *, zone: ZoneInfo, rates: Rates, numbers: dict[str, str], currency: str) -> list[object]:
    assert record.delivered_at is not None  # noqa: S101  only delivered ones are asked for
    at = record.delivered_at.astimezone(zone)
    charged = not record.flagged and is_charged(record.pricing_type)
    price = rates.amount(country=record.market, category=record.category, on=at.date()) if charged else Decimal(0)
    return [
        at.isoformat(timespec="seconds"),
        numbers.get(record.phone_number_id, record.phone_number_id),
        record.category,
        record.pricing_type,
        record.market,
        "yes" if charged else "no",
        price,
        currency,
        record.flagged or ("conflict" if record.conflict else ""),
        record.message_id,
    ]


def _bounds(first: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the month begins that this day is the first of, and when the next one does."""
    after = (first + timedelta(days=32)).replace(day=1)
    return datetime(first.year, first.month, 1, tzinfo=zone), datetime(after.year, after.month, 1, tzinfo=zone)


def rates_in(currency: str, *, on: date) -> Rates:
    """The dated rates of a currency that have begun by a day, with the countries' markets."""
    rows = RateCard.objects.filter(currency=currency, tier_from=0, effective_from__lte=on)
    markets = {m.country: m.market for m in Market.objects.filter(effective_from__lte=on).order_by("effective_from")}
    return Rates([Rate(r.market, r.category, r.amount, r.effective_from) for r in rows], markets)


def _lines(start: datetime, end: datetime, zone: ZoneInfo, rates: Rates) -> list[UsageLine]:
    day = TruncDate("delivered_at", tzinfo=zone, output_field=DateField())
    groups = (
        UsageRecord.objects.filter(delivered_at__gte=start, delivered_at__lt=end)
        .annotate(day=day)
        .values("category", "pricing_type", "market", "flagged", "day")
        .annotate(count=Count("id"))
        .order_by("category")
    )
    lines: dict[str, UsageLine] = {}
    for group in groups:
        line = lines.setdefault(group["category"], UsageLine(group["category"]))
        line.delivered += group["count"]
        if group["flagged"]:
            line.flagged += group["count"]
        elif not is_charged(group["pricing_type"]):
            line.free += group["count"]
        else:
            line.charged += group["count"]
            amount = rates.amount(country=group["market"], category=group["category"], on=group["day"])
            line.cost = None if amount is None or line.cost is None else line.cost + amount * group["count"]
    return list(lines.values())
