"""Reads the agency's one row per client: what needs a person first, and the way into each client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from tenants.models import Agency, ClientCompany, StaffGrant

LONG_WAIT = timedelta(hours=1)
MOST_NEEDS = 8
MOST_DOORS = 200
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
    """Every client with a grant in force for this person, oldest waiting first; one query over public tables."""
    rows = (
        StaffGrant.objects.in_force()
        .filter(staff=staff_id)
        .order_by(F("company__summary__oldest_waiting_at").asc(nulls_last=True), "company__name")
        .values_list(
            "company_id",
            "company__name",
            "company__hue",
            "company__summary__unanswered",
            "company__summary__oldest_waiting_at",
        )[:MOST_DOORS]
    )
    return [Door(pk, name, hue, unanswered or 0, oldest) for pk, name, hue, unanswered, oldest in rows]
