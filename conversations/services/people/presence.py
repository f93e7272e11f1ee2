"""Who is there: what people chose, the signs of life of their pages, and how much they have in hand.

The company's own people have it on their account. Agency staff have one row for all their clients (desk.StaffPresence),
and what they hold counts over all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations import hints
from conversations.desk.models import DeskEntry, StaffPresence
from conversations.models import Conversation, InboxSettings, TeamMember
from conversations.presence_rules import AWAY, SILENT, Stand
from conversations.services.people import duty_marks, returns
from tenants.accounts.models import Presence, User
from tenants.accounts.roles import Permission
from tenants.accounts.services import conditions
from tenants.context import company_id_of, current_schema, in_company
from tenants.errors import DomainError
from tenants.models import StaffGrant

BEAT = timedelta(seconds=50)  # pages beat once a minute; several pages of one person write once
MAX_REASON_CHARS = 60


class PauseWithoutReason(DomainError):
    code = "pause_without_reason"
    http_status = 422
    user_message = _("Say in a word why you pause, so that colleagues know.")


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody holds here: open conversations, those in which a person waits, and since when the first."""

    open: int = 0
    waiting: int = 0
    oldest: datetime | None = None
    first_due: datetime | None = None
    on_hold: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may answer in the entered company, as she is now.

    load      conversations in hand, those on hold not counted; of agency staff over all their clients
    capacity  the most at once; 0: no limit
    languages empty: nothing is known, so any
    """

    user: User
    stand: Stand
    effective: Presence
    load: int
    capacity: int
    languages: frozenset[str]
    skills: frozenset[str]
    teams: frozenset[UUID]
    here: Load

    @property
    def available(self) -> bool:
        return self.effective == Presence.AVAILABLE

    @property
    def full(self) -> bool:
        return bool(self.capacity) and self.load >= self.capacity


def own(user: User) -> Stand:
    """Where one person stands; of agency staff inside a company from the agency's side."""
    if not user.staff_id:
        return Stand(user.presence, user.presence_since, user.pause_reason, user.seen_at)
    return of_staff([user.staff_id]).get(user.staff_id, Stand())


def of_staff(staff_ids: Iterable[UUID]) -> dict[UUID, Stand]:
    """Where people of the agency stand, by the id of their account at the agency."""
    rows = StaffPresence.objects.filter(staff__in=list(staff_ids))
    return {row.staff_id: Stand(row.presence, row.since, row.pause_reason, row.seen_at) for row in rows}


def loads_of_staff(staff_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many conversations people of the agency have in hand over all their clients, those on hold not counted."""
    rows = DeskEntry.objects.filter(staff_id__in=list(staff_ids), hold="").order_by()
    return dict(rows.values_list("staff_id").annotate(count=Count("pk")))


def everybody(*, at: datetime | None = None, only: Iterable[UUID] | None = None) -> list[Person]:
    """Everybody who may answer in the entered company, in a fixed number of queries.

    People of the agency whom a condition of their grant keeps outside at this moment are not among them.
    only  these people
    """
    at = at or timezone.now()
    users = User.objects.filter(is_active=True).order_by("name", "id")
    if only is not None:
        users = users.filter(pk__in=list(only))
    found = [user for user in users if user.may(Permission.MESSAGE_SEND)]
    staff = {user.staff_id for user in found if user.staff_id}
    if staff and (outside := conditions.shut_out(staff, company_id=company_id_of(current_schema()))):
        found = [user for user in found if user.staff_id not in outside]
        staff -= outside.keys()
    at_agency = {row.staff_id: row for row in StaffPresence.objects.filter(staff__in=staff)} if staff else {}
    elsewhere = loads_of_staff(staff) if staff else {}
    here, teams, capacity = _loads(), _teams(), InboxSettings.load().capacity
    people = []
    for user in found:
        row, load = at_agency.get(user.staff_id) if user.staff_id else None, here.get(user.pk, Load())
        stand = _stand(user, row)
        people.append(
            Person(
                user=user,
                stand=stand,
                effective=stand.effective(at=at),
                load=elsewhere.get(user.staff_id, 0) if user.staff_id else load.open,
                capacity=(row.capacity if row else user.capacity) or capacity,
                languages=frozenset(user.languages or (row.languages if row else ())),
                skills=frozenset(user.skills) | frozenset(row.skills if row else ()),
                teams=teams.get(user.pk, frozenset()),
                here=load,
            )
        )
    return people


@transaction.atomic
def choose(user: User, *, presence: Presence, reason: str = "") -> int:
    """Become available, pause with a reason, or go away; going away gives back where somebody waits: how many.

    Raises  PauseWithoutReason
    """
    if user.staff_id:
        return choose_as_staff(user.staff_id, presence=presence, reason=reason)
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    stand = _chosen(Stand(row.presence, row.presence_since), presence, reason)
    for one in (row, user):
        one.presence, one.presence_since = stand.chosen, stand.since
        one.pause_reason, one.seen_at = stand.reason, stand.seen_at
    row.save(update_fields=["presence", "presence_since", "pause_reason", "seen_at"])
    back = returns.of_person(user, why=AWAY) if presence == Presence.AWAY else 0
    duty_marks.here(duty_marks.DUTY, *_wants(presence))
    hints.people_changed([user.pk])
    return back


@transaction.atomic
def choose_as_staff(staff_id: UUID, *, presence: Presence, reason: str = "") -> int:
    """The same for a person of the agency, at all her clients at once. From either side; counts in the entered company.

    Raises  PauseWithoutReason
    """
    StaffPresence.objects.get_or_create(staff_id=staff_id)
    row = StaffPresence.objects.select_for_update(no_key=True).get(staff=staff_id)
    stand = _chosen(Stand(row.presence, row.since), presence, reason)
    row.presence, row.since, row.pause_reason, row.seen_at = stand.chosen, stand.since, stand.reason, stand.seen_at
    row.save(update_fields=["presence", "since", "pause_reason", "seen_at"])
    inside = User.objects.filter(staff_id=staff_id) if in_company() and presence == Presence.AWAY else ()
    back = sum(returns.of_person(user, why=AWAY) for user in inside)
    _staff_changed(staff_id, *_wants(presence))
    return back


def beat(user: User) -> None:
    """A page of this person is open. Written at most once a minute; being back after silence is news for others."""
    if user.staff_id:
        beat_as_staff(user.staff_id)
        return
    now = timezone.now()
    due = User.objects.filter(pk=user.pk).filter(Q(seen_at=None) | Q(seen_at__lt=now - BEAT))
    if due.update(seen_at=now) and _was_silent(user.seen_at, now):
        duty_marks.here(duty_marks.DUTY, *_wants(user.presence))
        hints.people_changed([user.pk])


def beat_as_staff(staff_id: UUID) -> None:
    """The same for a page of a person of the agency, on either side."""
    now = timezone.now()
    row, created = StaffPresence.objects.get_or_create(staff_id=staff_id, defaults={"seen_at": now})
    due = StaffPresence.objects.filter(staff=staff_id).filter(Q(seen_at=None) | Q(seen_at__lt=now - BEAT))
    if not created and due.update(seen_at=now) and _was_silent(row.seen_at, now):
        _staff_changed(staff_id, *_wants(row.presence))


def sign_out(user: User) -> None:
    """Her pages here fall silent now, not in five minutes; one that is open elsewhere says within a minute that it is.

    What she chose stays. From either side.
    """
    now = timezone.now()
    if in_company() and not user.staff_id:
        if User.objects.filter(pk=user.pk, seen_at__gt=now - SILENT).update(seen_at=now - SILENT):
            duty_marks.here(duty_marks.DUTY)
            hints.people_changed([user.pk])
        return
    staff_id = user.staff_id or user.pk
    if StaffPresence.objects.filter(staff=staff_id, seen_at__gt=now - SILENT).update(seen_at=now - SILENT):
        _staff_changed(staff_id)


def _chosen(before: Stand, presence: Presence, reason: str) -> Stand:
    reason = " ".join(reason.replace("\x00", "").split())[:MAX_REASON_CHARS]
    if presence == Presence.PAUSED and not reason:
        raise PauseWithoutReason
    now = timezone.now()
    since = before.since if before.chosen == presence and before.since else now
    return Stand(presence, since, reason if presence == Presence.PAUSED else "", now)


def _staff_changed(staff_id: UUID, *keys: str) -> None:
    """Tell and ask at every client where this person of the agency may work."""
    granted = StaffGrant.objects.in_force().filter(staff=staff_id)
    duty_marks.of_staff([staff_id], duty_marks.DUTY, *keys)
    hints.people_changed_at(granted.values_list("company__schema_name", flat=True).distinct())


def _wants(presence: str) -> list[str]:
    return [duty_marks.ASSIGN] if presence == Presence.AVAILABLE else []


def _was_silent(seen_at: datetime | None, now: datetime) -> bool:
    return seen_at is None or seen_at + SILENT <= now


def _stand(user: User, row: StaffPresence | None) -> Stand:
    if not user.staff_id:
        return Stand(user.presence, user.presence_since, user.pause_reason, user.seen_at)
    return Stand(row.presence, row.since, row.pause_reason, row.seen_at) if row else Stand()


def _loads() -> dict[UUID, Load]:
    resting = Q(hold="")
    waiting = resting & Q(waiting_since__isnull=False)
    rows = (
        Conversation.objects.open()
        .exclude(assignee=None)
        .order_by()
        .values_list("assignee_id")
        .annotate(
            open=Count("pk", filter=resting),
            waiting=Count("pk", filter=waiting),
            oldest=Min("waiting_since", filter=waiting),
            first_due=Min("due_at", filter=waiting),
            on_hold=Count("pk", filter=~resting),
        )
    )
    return {holder: Load(*counted) for holder, *counted in rows}


def _teams() -> dict[UUID, frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for user_id, team_id in TeamMember.objects.values_list("user_id", "team_id"):
        found.setdefault(user_id, set()).add(team_id)
    return {user_id: frozenset(ids) for user_id, ids in found.items()}
