"""What a company used in a month, and what Meta charges for it by the rate cards."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, DateField
from django.db.models.functions import TruncDate

from billing.catalogue.models import Market, RateCard
from billing.models import UsageRecord
from billing.money import rounded
from billing.pricing import Rate, Rates, is_charged
from billing.services import subscriptions
from conversations.models import Conversation
from tenants.accounts.models import User
from tenants.models import ClientCompany


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
    after = (first + timedelta(days=32)).replace(day=1)
    start = datetime(first.year, first.month, 1, tzinfo=zone)
    end = datetime(after.year, after.month, 1, tzinfo=zone)
    running = subscriptions.running()
    currency = subscriptions.version_of(running).currency if running else "EUR"
    usage = MonthUsage(starts_on=first, ends_on=after - timedelta(days=1), currency=currency)
    usage.lines = _lines(start, end, zone, rates_in(currency, on=after))
    usage.conversations = Conversation.objects.filter(opened_at__gte=start, opened_at__lt=end).count()
    usage.seats = User.objects.filter(is_active=True, staff_id=None).count()
    usage.conflicts = UsageRecord.objects.filter(conflict=True, delivered_at__gte=start, delivered_at__lt=end).count()
    return usage


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
