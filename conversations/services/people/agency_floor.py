"""The agency's floor: its people over all clients, and whether every open client has somebody. Reads only.

People and what waits come from public tables in a fixed number of queries. A client's hours and its own people are
asked inside it, three queries each, for the clients of one page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q
from django.utils import timezone

from conversations.desk.models import DeskEntry, StaffPresence
from conversations.language_codes import primary
from conversations.models import InboxSettings, PhoneNumber
from conversations.presence_rules import SILENT, Stand
from conversations.services import reaching
from conversations.services.knowledge import briefing
from tenants.accounts.models import Presence, User
from tenants.accounts.roles import GRANTS, Permission
from tenants.accounts.services import conditions
from tenants.models import Agency, ClientCompany, StaffGrant

MOST_PEOPLE = 500
CLIENTS_A_PAGE = 30
ORDER = {Presence.AVAILABLE: 0, Presence.PAUSED: 1, Presence.AWAY: 2}
ANSWERING = [role for role, permissions in GRANTS.items() if Permission.MESSAGE_SEND in permissions]


@dataclass(frozen=True, slots=True)
class StaffLine:
    """Somebody of the agency, as she is now. ``load`` counts over all clients, without what is on hold."""

    user: User
    stand: Stand
    effective: Presence
    load: int
    capacity: int
    waiting: int
    oldest: datetime | None
    clients: int
    languages: Sequence[str]
    skills: Sequence[str]

    @property
    def available(self) -> bool:
        return self.effective == Presence.AVAILABLE

    @property
    def full(self) -> bool:
        return bool(self.capacity) and self.load >= self.capacity


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits at a client."""

    count: int = 0
    oldest: datetime | None = None
    danger: int = 0
    sensitive: int = 0
    languages: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ClientLine:
    """A client as it is staffed now: by its own people and by the agency's. Without hours it could not be asked."""

    company: ClientCompany
    hours: briefing.Hours | None
    waits: Waits
    own: int
    staff: int
    cleared: int
    unspoken: Sequence[str] = field(default_factory=tuple)
    numbers: bool = True

    @property
    def available(self) -> int:
        return self.own + self.staff

    @property
    def uncovered(self) -> bool:
        """Open, and nobody takes conversations: an alarm. Without a number nobody can write, so nobody is missed."""
        return self.numbers and self.hours is not None and self.hours.is_open and not self.available

    @property
    def uncleared(self) -> bool:
        return self.hours is not None and self.hours.is_open and bool(self.waits.sensitive) and not self.cleared


def people(agency: Agency, *, at: datetime | None = None) -> list[StaffLine]:
    """Everybody of the agency, those who take conversations first; five queries."""
    at = at or timezone.now()
    staff = [
        one.user
        for one in agency.memberships.filter(user__is_active=True)
        .select_related("user")
        .order_by("user__name")[:MOST_PEOPLE]
    ]
    ids = [user.pk for user in staff]
    rows = {row.staff_id: row for row in StaffPresence.objects.filter(staff__in=ids)}
    held = _held(ids)
    served = StaffGrant.objects.in_force().filter(staff__in=ids).values_list("staff_id")
    clients = dict(served.annotate(count=Count("company_id", distinct=True)).order_by())
    lines = [_line(user, rows.get(user.pk), held.get(user.pk, {}), clients.get(user.pk, 0), at) for user in staff]
    return sorted(lines, key=lambda one: (ORDER[one.effective], -one.waiting, one.user.name.casefold()))


def clients(
    companies: Sequence[ClientCompany], lines: Iterable[StaffLine], *, at: datetime | None = None
) -> list[ClientLine]:
    """How these clients are covered now; where somebody is missing comes first."""
    at = at or timezone.now()
    there = {line.user.pk: line for line in lines if line.available}
    serving = _serving(there, companies)
    waits = _waits(companies)
    found = [
        _client(company, [there[pk] for pk in serving.get(company.pk, ())], waits.get(company.pk, Waits()), at)
        for company in companies
    ]
    return sorted(found, key=lambda one: (not one.uncovered, not one.uncleared, not one.waits.count, one.company.name))


def _line(user: User, row: StaffPresence | None, held: Mapping[str, Any], clients: int, at: datetime) -> StaffLine:
    stand = Stand(row.presence, row.since, row.pause_reason, row.seen_at) if row else Stand()
    return StaffLine(
        user=user,
        stand=stand,
        effective=stand.effective(at=at),
        load=held.get("load", 0),
        capacity=row.capacity if row else 0,
        waiting=held.get("waiting", 0),
        oldest=held.get("oldest"),
        clients=clients,
        languages=row.languages if row else (),
        skills=row.skills if row else (),
    )


def _held(ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    waits = Q(waiting_since__isnull=False, hold="")
    rows = DeskEntry.objects.filter(staff_id__in=ids).order_by().values("staff_id")
    counted = rows.annotate(
        load=Count("pk", filter=Q(hold="")),
        waiting=Count("pk", filter=waits),
        oldest=Min("waiting_since", filter=waits),
    )
    return {row["staff_id"]: dict(row) for row in counted if row["staff_id"] is not None}


def _serving(there: Mapping[UUID, StaffLine], companies: Sequence[ClientCompany]) -> dict[UUID, set[UUID]]:
    """Who of those available may enter which of these clients now."""
    grants = StaffGrant.objects.in_force().filter(staff__in=list(there), company__in=companies, role__in=ANSWERING)
    rows = list(grants.select_related("company"))
    facts = conditions.facts_of_all({grant.staff_id for grant in rows if grant.conditions})
    serving: dict[UUID, set[UUID]] = {}
    for grant in rows:
        if not conditions.missing(
            grant.conditions,
            facts=facts.get(grant.staff_id, conditions.NOBODYS),
            company_id=grant.company_id,
            rules_at=grant.company.house_rules_at,
            entering=True,
        ):
            serving.setdefault(grant.company_id, set()).add(grant.staff_id)
    return serving


def _waits(companies: Sequence[ClientCompany]) -> dict[UUID, Waits]:
    rows = DeskEntry.objects.filter(company__in=companies).filter(Q(waiting_since__isnull=False, hold="")).order_by()
    counted = rows.values("company_id").annotate(
        count=Count("pk"),
        oldest=Min("waiting_since"),
        danger=Count("pk", filter=Q(danger_at__isnull=False)),
        sensitive=Count("pk", filter=Q(sensitive=True)),
    )
    spoken: dict[UUID, set[str]] = {}
    for company_id, language in rows.exclude(language="").values_list("company_id", "language").distinct():
        spoken.setdefault(company_id, set()).add(primary(language))
    return {
        row["company_id"]: Waits(
            row["count"], row["oldest"], row["danger"], row["sensitive"], sorted(spoken.get(row["company_id"], ()))
        )
        for row in counted
    }


def _client(company: ClientCompany, staff: list[StaffLine], waits: Waits, at: datetime) -> ClientLine:
    hours, own, numbers = reaching.ask(company.pk, partial(_asked_here, at)) or (None, [], True)
    said = [*(one.languages for one in own), *(one.languages for one in staff)]
    speaks = [set(map(primary, codes)) for codes in said]
    unspoken = [code for code in waits.languages if speaks and all(known and code not in known for known in speaks)]
    return ClientLine(
        company=company,
        hours=hours,
        waits=waits,
        own=len(own),
        staff=len(staff),
        cleared=sum(one.cleared for one in own) + sum(one.user.cleared for one in staff),
        unspoken=tuple(unspoken),
        numbers=numbers or bool(waits.count),
    )


def _asked_here(at: datetime) -> tuple[briefing.Hours, list[User], bool]:
    """Of the entered company: its hours now, its own people who are there, and whether it has a number."""
    there = User.objects.filter(
        is_active=True, staff_id=None, role__in=ANSWERING, presence=Presence.AVAILABLE, seen_at__gt=at - SILENT
    )
    return briefing.hours_now(InboxSettings.load(), at=at), list(there), PhoneNumber.objects.exists()
