"""Reads the agency's one row per client: what needs a person first, and the way into each client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from conversations.desk.models import CompanySummary
from tenants.accounts.services import conditions
from tenants.models import Agency, ClientCompany

LONG_WAIT = timedelta(hours=1)
MOST_NEEDS = 8
MOST_DOORS = 400
COUNTED = ("company_id", "unanswered", "oldest_waiting_at")
SORTS = {
    "need": (F("summary__oldest_waiting_at").asc(nulls_last=True), "name"),
    "name": ("name",),
    "unanswered": (F("summary__unanswered").desc(nulls_last=True), "name"),
    "last": (F("summary__last_inbound_at").desc(nulls_last=True), "name"),
}


@dataclass(frozen=True, slots=True)
class Door:
    """A client that this person may enter now."""

    company_id: UUID
    name: str
    hue: int
    unanswered: int
    oldest_waiting_at: datetime | None


def clients_of(agency: Agency, *, sort: str = "need", name: str = "") -> QuerySet[ClientCompany]:
    """The agency's companies with their summaries, one query."""
    rows = ClientCompany.objects.filter(agency=agency).select_related("summary")
    if name.strip():
        rows = rows.filter(name__icontains=name.strip()[:120])
    return rows.order_by(*SORTS.get(sort, SORTS["need"]))


def needing_a_person(agency: Agency, *, at: datetime | None = None) -> Sequence[ClientCompany]:
    """Clients with trouble about a number, or where somebody waits longer than an hour; the worst first."""
    at = at or timezone.now()
    trouble = (
        ~Q(summary__number_state__in=["live", ""])
        | Q(summary__alarms__gt=0)
        | Q(summary__oldest_waiting_at__lt=at - LONG_WAIT)
    )
    rows = ClientCompany.objects.filter(trouble, agency=agency, summary__isnull=False).select_related("summary")
    stopped_first = Case(
        When(summary__number_state="live", summary__alarms=0, then=2),
        When(summary__number_state="live", then=1),
        default=0,
    )
    return list(rows.order_by(stopped_first, F("summary__oldest_waiting_at").asc(nulls_last=True))[:MOST_NEEDS])


def doors_of(staff_id: UUID) -> list[Door]:
    """Every client that this person may enter now, oldest waiting first: one query over public tables, and those
    that conditions need. Several grants, of her own and through teams, are one door.
    """
    companies = {grant.company_id: grant.company for grant in conditions.usable(staff_id)}
    counted = CompanySummary.objects.filter(company__in=companies)
    waiting = {pk: (unanswered, oldest) for pk, unanswered, oldest in counted.values_list(*COUNTED)}
    doors = [Door(pk, one.name, one.hue, *waiting.get(pk, (0, None))) for pk, one in companies.items()]
    return sorted(doors, key=_oldest_first)[:MOST_DOORS]


def _oldest_first(door: Door) -> tuple[bool, float, str]:
    oldest = door.oldest_waiting_at
    return oldest is None, oldest.timestamp() if oldest else 0.0, door.name
