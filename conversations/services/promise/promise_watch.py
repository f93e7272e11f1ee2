"""Looks after promises: warns people before one breaks, notes when one broke, reckons anew when the hours changed.

Who has to look when is a mark in the work index, written with the wait and after each look; nothing loops over
companies. A company's waiting conversations are few, those already known to be broken are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from conversations import hints
from conversations.models import Conversation, PromiseRecord, TeamMember
from conversations.services import summary
from conversations.services.promise import promise_marks, promise_records
from conversations.services.promise.promise import Promise, settle, waits_of
from conversations.services.promise.promise_records import Ended
from tenants.accounts.models import User
from tenants.accounts.roles import GRANTS, Permission, Role

BATCH = 500
LOOK_AGAIN = timedelta(seconds=20)
HEARS = [role for role in Role if Permission.CONVERSATION_ASSIGN in GRANTS[role]]

# Companies where somebody waits and nobody looks: after a restore, or a mark that was lost.
PLAN = """
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT company.schema_name, 'housekeeping', 'promise', now()
FROM public.desk_companysummary AS summary
JOIN public.tenants_clientcompany AS company ON company.id = summary.company_id
WHERE summary.unanswered > 0 AND NOT EXISTS (
    SELECT 1 FROM public.tenants_workmark AS mark
    WHERE mark.schema_name = company.schema_name AND mark.kind = 'housekeeping' AND mark.key = 'promise'
)
"""


def watch(_about: str) -> bool:
    """Warn of and note what is due in the entered company, and come back when the next one is."""
    promise = Promise.current()
    _settle_forgotten(promise)
    now, later = timezone.now(), []
    for rows in _batches():
        looks = [_look(row, promise=promise, at=now) for row in rows]
        warn = [look.id for look in looks if look.warn]
        _act(warn=warn, broke=[look.id for look in looks if look.next_at is None], at=now)
        later += [look.next_at for look in looks if look.next_at]
    if later:
        promise_marks.look_at(max(min(later), now + LOOK_AGAIN))
    return True


def reckon(_about: str) -> bool:
    """Give everybody who waits the time that hours, holidays and minutes say now."""
    promise = Promise.current()
    after = UUID(int=0)
    while rows := waits_of(Conversation.objects.waiting().filter(pk__gt=after).order_by("pk")[:BATCH]):
        with transaction.atomic():
            if changed := settle(rows, promise=promise):
                Conversation.objects.filter(pk__in=changed).update(version=F("version") + 1)
                summary.refresh(changed)
                hints.conversations_changed(changed)
        after = rows[-1][0]
    promise_marks.look_at(timezone.now())
    return True


def hear_of(rows: list[Conversation], *, somebody: bool = False) -> dict[UUID, list[UUID]]:
    """Who hears of these conversations: the leads of their teams, else everybody who gives out work. By person.

    What is set apart is told to those of them who are cleared.

    somebody  where none of them is, those who give out work hear of it all the same: that, and nothing of what
    """
    leads: dict[UUID, list[UUID]] = {}
    for member in TeamMember.objects.filter(leads=True, user__is_active=True, team__in={row.team_id for row in rows}):
        leads.setdefault(member.team_id, []).append(member.user_id)
    chiefs = list(User.objects.filter(is_active=True, role__in=HEARS))
    named = [pk for people in leads.values() for pk in people]
    everybody = {user.pk: user for user in (*chiefs, *User.objects.filter(pk__in=named))}
    heard: dict[UUID, list[UUID]] = {}
    for row in rows:
        groups = [leads.get(row.team_id, []) if row.team_id else [], [chief.pk for chief in chiefs]]
        may = [[pk for pk in group if everybody[pk].cleared or not row.sensitive] for group in groups]
        for pk in may[0] or may[1] or (groups[1] if somebody else []):
            heard.setdefault(pk, []).append(row.pk)
    return heard


def about_to_break(user: User) -> tuple[int, Conversation | None]:
    """How many promises break soon that nobody has kept yet, as far as this person hears of them; and the next."""
    if Role(user.role) not in HEARS and not TeamMember.objects.filter(user=user, leads=True).exists():
        return 0, None
    warned = PromiseRecord.objects.filter(answered_at=None, broken_at=None, due_at__gt=timezone.now())
    warned = warned.filter(conversation__waiting_since=F("waiting_since")).exclude(warned_at=None)
    mine = Conversation.objects.visible_to(user).open().filter(pk__in=warned.values("conversation"))
    if Role(user.role) not in HEARS:
        mine = mine.filter(team__in=TeamMember.objects.filter(user=user, leads=True).values("team"))
    rows = list(mine.select_related("contact").order_by("due_at", "pk")[: BATCH + 1])
    return len(rows), rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a wait found. ``next_at``: when to look again; nothing when the promise is broken."""

    id: UUID
    warn: bool
    next_at: datetime | None


def _look(row: Conversation, *, promise: Promise, at: datetime) -> Look:
    warned_at, since, due_at = row.warned_at, row.waiting_since, row.due_at  # type: ignore[attr-defined]
    if since is None or due_at is None or due_at <= at:
        return Look(row.pk, warn=False, next_at=None)
    warns_at = promise.warn(since, intent=row.intent_id)
    if warned_at is None and warns_at is not None and warns_at > at:
        return Look(row.pk, warn=False, next_at=warns_at)
    return Look(row.pk, warn=warned_at is None, next_at=due_at)


def _settle_forgotten(promise: Promise) -> None:
    """Who waits without a time, because the company never opened or the row is older than promises."""
    waits = waits_of(Conversation.objects.waiting().filter(due_at=None).order_by("pk")[:BATCH])
    with transaction.atomic():
        if waits and (changed := settle(waits, promise=promise)):
            summary.refresh(changed)


def _batches() -> Iterator[list[Conversation]]:
    """Those who wait and are not known to be let down, a batch at a time."""
    records = PromiseRecord.objects.filter(conversation=OuterRef("pk"), waiting_since=OuterRef("waiting_since"))
    rows = (
        Conversation.objects.waiting()
        .exclude(due_at=None)
        .annotate(
            warned_at=Subquery(records.values("warned_at")[:1]), broken_at=Subquery(records.values("broken_at")[:1])
        )
    )
    rows = rows.filter(Q(broken_at=None)).only("waiting_since", "due_at", "intent_id").order_by("pk")
    after = UUID(int=0)
    while batch := list(rows.filter(pk__gt=after)[:BATCH]):
        yield batch
        after = batch[-1].pk


@transaction.atomic
def _act(*, warn: list[UUID], broke: list[UUID], at: datetime) -> None:
    """Note it of those who still wait, and tell people and pages."""
    if not warn and not broke:
        return
    locked = Conversation.objects.waiting().exclude(due_at=None).order_by("pk").select_for_update(of=("self",))
    rows = {row.pk: row for row in locked.filter(pk__in=[*warn, *broke])}
    soon = [rows[pk] for pk in warn if pk in rows]
    over = [rows[pk] for pk in broke if pk in rows]
    ended = [_ended(row, warned_at=at) for row in soon] + [_ended(row, warned_at=None) for row in over]
    warned = promise_records.write(ended, at=at).warned
    hints.conversations_changed(rows)
    for person, ids in hear_of([row for row in soon if row.pk in warned]).items():
        hints.tell("promise", [person], ids)


def _ended(row: Conversation, *, warned_at: datetime | None) -> Ended:
    assert row.waiting_since is not None  # noqa: S101  only waiting ones come here
    assert row.due_at is not None  # noqa: S101
    return Ended(row.pk, row.waiting_since, row.due_at, row.intent_id, warned_at=warned_at)
