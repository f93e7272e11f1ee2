"""What has happened to the numbers before today: reviews, limits, quality up and down, trouble that was dealt with.

Each company has a story of its own. Days are counted back from now, so that the story is always recent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from config.demo.companies import CompanyPlan
from conversations.models import Alarm, NumberNews, PhoneNumber
from conversations.services import summary
from tenants.accounts.models import User

Kind = NumberNews.Kind
TOLD_AFTER, SEEN_AFTER = timedelta(minutes=1), timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class News:
    """Something that changed, so many days ago."""

    days: float
    kind: Kind
    before: str
    after: str
    of: str = ""
    source: str = "webhook"


@dataclass(frozen=True, slots=True)
class Trouble:
    """An alarm, from so many days ago; ``until`` None: it lasts, and somebody takes care of it."""

    days: float
    kind: str
    until: float | None
    severity: str = Alarm.Severity.WARNING
    data: tuple[tuple[str, Any], ...] = ()


def _quality(days: float, before: str, after: str) -> News:
    return News(days, Kind.QUALITY, before, after, of="quality")


def _limit(days: float, before: str, after: str) -> News:
    return News(days, Kind.LIMIT, before, after, of="messaging_limit")


def _state(days: float, before: str, after: str, source: str) -> News:
    return News(days, Kind.STATE, before, after, source=source)


BEGINNING = (
    News(119.9, Kind.NAME, "PENDING_REVIEW", "APPROVED", of="name_status"),
    _limit(112.3, "TIER_250", "TIER_2K"),
)
STORIES: dict[str, tuple[tuple[News, ...], tuple[Trouble, ...]]] = {
    "fietsland": (
        (
            _limit(81.6, "TIER_2K", "TIER_10K"),
            _quality(38.4, "GREEN", "YELLOW"),
            _quality(31.2, "YELLOW", "GREEN"),
            _state(12.31, "live", "paused:token_dead", "sender"),
            _state(12.29, "paused:token_dead", "live", "person"),
            News(9.5, Kind.PROFILE, "", "profile", source="person"),
        ),
        (
            Trouble(38.4, "quality_yellow", 31.2),
            Trouble(12.31, "token_dead", 12.29, Alarm.Severity.CRITICAL, (("reason", "token_dead"),)),
        ),
    ),
    "zorgvast": (
        (
            _limit(74.2, "TIER_2K", "TIER_10K"),
            News(60.4, Kind.SECURITY, "", "PIN_CHANGED", source="person"),
            News(44.7, Kind.WEBHOOK, "", "subscription_missing", source="probe"),
            News(44.6, Kind.WEBHOOK, "", "subscribed", source="probe"),
        ),
        (Trouble(44.7, "subscription_missing", 44.6, Alarm.Severity.CRITICAL),),
    ),
    "omroepdelta": (
        (
            _limit(96.8, "TIER_2K", "TIER_10K"),
            _quality(57.3, "GREEN", "YELLOW"),
            _quality(54.1, "YELLOW", "RED"),
            _limit(52.9, "TIER_10K", "TIER_2K"),
            _quality(45.5, "RED", "YELLOW"),
            _quality(41.2, "YELLOW", "GREEN"),
            _limit(33.4, "TIER_2K", "TIER_10K"),
            _quality(5.3, "GREEN", "YELLOW"),
        ),
        (
            Trouble(54.1, "quality_red", 45.5, Alarm.Severity.CRITICAL),
            Trouble(52.9, "limit_lowered", 52.8, data=(("before", "TIER_10K"), ("after", "TIER_2K"))),
            Trouble(5.3, "quality_yellow", None),
        ),
    ),
}


def quality_of(plan: CompanyPlan) -> str:
    """The number's quality as the story leaves it."""
    news, _troubles = STORIES[plan.subdomain]
    return next((one.after for one in reversed(news) if one.kind == Kind.QUALITY), "GREEN")


def tell(plan: CompanyPlan, number: PhoneNumber, *, admin: User, at: datetime) -> None:
    """Write the story into the entered company."""
    news, troubles = STORIES[plan.subdomain]
    NumberNews.objects.bulk_create(
        NumberNews(
            phone_number=number,
            kind=one.kind,
            at=at - timedelta(days=one.days),
            before=one.before,
            after=one.after,
            source=one.source,
            data={"of": one.of} if one.of else {},
        )
        for one in (*BEGINNING, *news)
    )
    Alarm.objects.bulk_create(_alarm(one, number, admin=admin.pk, at=at) for one in troubles)
    summary.refresh()


def _alarm(one: Trouble, number: PhoneNumber, *, admin: UUID, at: datetime) -> Alarm:
    opened = at - timedelta(days=one.days)
    closed = at - timedelta(days=one.until) if one.until is not None else None
    seen = min(opened + SEEN_AFTER, closed or at)
    return Alarm(
        phone_number=number,
        kind=one.kind,
        severity=one.severity,
        opened_at=opened,
        seen_at=closed or at,
        told_at=opened + TOLD_AFTER,
        told_to=[str(admin)],
        acknowledged_at=seen,
        acknowledged_by=admin,
        closed_at=closed,
        data=dict(one.data),
    )
