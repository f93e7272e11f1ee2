"""Conversations that rest: snoozed, or waiting for the customer or for somebody at the client.

A message of the person ends every hold (``inbound.threads``), time ends those with a time, and a person any of them.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from conversations import hints
from conversations.errors import ConversationClosed, HoldInvalid
from conversations.models import Conversation, ConversationEvent
from conversations.services import summary
from conversations.services.handling import conversations, following
from tenants import work
from tenants.accounts.models import User

Hold = Conversation.Hold
Kind = ConversationEvent.Kind
KEY = "snooze"  # of the work index
WOKEN = "woken"  # the hint to whoever answers it
HAND = "hand"  # why a hold ended: somebody pressed
LONGEST = timedelta(days=366)
A_MOMENT = timedelta(seconds=1)
BATCH = 200
# Companies where a hold is over and nobody looks: after a restore, or a mark that was lost.
PLAN = """
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT DISTINCT company.schema_name, 'housekeeping', 'snooze', now()
FROM public.desk_deskentry AS entry
JOIN public.tenants_clientcompany AS company ON company.id = entry.company_id
WHERE entry.hold <> '' AND entry.hold_until <= now() AND NOT EXISTS (
    SELECT 1 FROM public.tenants_workmark AS mark
    WHERE mark.schema_name = company.schema_name AND mark.kind = 'housekeeping' AND mark.key = 'snooze'
      AND mark.due_at <= now()
)
"""
NO_HOLD = {"hold": Hold.NONE, "hold_since": None, "hold_until": None}
MORNING, EVENING, LATE = time(9), time(18), time(21)
MONDAY = 0


@dataclass(frozen=True, slots=True)
class Preset:
    """A time one press away; ``key`` is stable."""

    key: str
    until: datetime


def presets(*, zone: str, at: datetime | None = None) -> list[Preset]:
    """In an hour, tonight, tomorrow at nine, Monday at nine, by the company's clock; each moment once."""
    now = (at or timezone.now()).astimezone(ZoneInfo(zone))
    offered = [Preset("hour", now + timedelta(hours=1))]
    evening = next((clock for clock in (EVENING, LATE) if now + timedelta(hours=1) < _at(now, 0, clock)), None)
    if evening is not None:
        offered.append(Preset("tonight", _at(now, 0, evening)))
    offered.append(Preset("tomorrow", _at(now, 1, MORNING)))
    days = (MONDAY - now.weekday()) % 7 or 7
    if days > 1:
        offered.append(Preset("monday", _at(now, days, MORNING)))
    return offered


def preset(key: str, *, zone: str, at: datetime | None = None) -> datetime | None:
    """The moment of a preset, None for a word that names none now."""
    return next((one.until for one in presets(zone=zone, at=at) if one.key == key), None)


def _at(now: datetime, days: int, clock: time) -> datetime:
    return datetime.combine(now.date() + timedelta(days=days), clock, tzinfo=now.tzinfo)


@transaction.atomic
def hold(conversation: Conversation, *, by: User, kind: str, until: datetime | None = None) -> Conversation:
    """Let an open conversation rest.

    kind   SNOOZED, CUSTOMER or CLIENT; the clock of a kind that holds already goes on
    until  when it ends by itself; None: with the person's next message
    Raises ConversationClosed, HoldInvalid
    """
    now = timezone.now()
    check(kind, until=until)
    conversation = _locked(conversation)
    if conversation.status == Conversation.Status.CLOSED:
        raise ConversationClosed
    if (conversation.hold, conversation.hold_until) == (kind, until):
        return conversation
    if conversation.hold != kind:
        conversation.hold_since = now
    conversation.hold, conversation.hold_until, conversation.woke_at = Hold(kind), until, None
    conversation.save(update_fields=["hold", "hold_since", "hold_until", "woke_at"])
    if until is not None:
        work.mark(work.Kind.HOUSEKEEPING, key=KEY, due_at=until)
    conversations.note_event(
        conversation, Kind.HELD, actor=by, hold=str(kind), until=until.isoformat() if until else None
    )
    following.tell([conversation.pk], but=by)
    return conversations.changed(conversation)


def check(kind: str, *, until: datetime | None) -> None:
    """Whether anything may rest so. Raises HoldInvalid."""
    now = timezone.now()
    if kind not in (Hold.SNOOZED, Hold.CUSTOMER, Hold.CLIENT) or (until and not now < until <= now + LONGEST):
        raise HoldInvalid


@transaction.atomic
def end(conversation: Conversation, *, by: User | None, why: str = HAND) -> Conversation:
    """Bring it back. Twice is once.

    why  hand, or answer when somebody at the client answered: then it came back by itself
    """
    conversation = _locked(conversation)
    if conversation.hold == Hold.NONE:
        return conversation
    was = conversation.hold
    for name, value in NO_HOLD.items():
        setattr(conversation, name, value)
    if why != HAND:
        conversation.woke_at, conversation.unread_count = timezone.now(), max(conversation.unread_count, 1)
    conversation.save(update_fields=[*NO_HOLD, "woke_at", "unread_count"])
    conversations.note_event(conversation, Kind.HOLD_ENDED, actor=by, hold=str(was), why=why)
    following.tell([conversation.pk], but=by)
    return conversations.changed(conversation)


def end_due(_about: str = "") -> bool:
    """End every hold whose time has come, in batches; for the work index.

    What others are changing at this moment is passed over, and looked at once more a moment later.
    """
    while _end_batch():
        pass
    if _due().exists():
        work.mark(work.Kind.HOUSEKEEPING, key=KEY, due_at=timezone.now() + A_MOMENT)
    return True


def _due() -> QuerySet[Conversation]:
    return Conversation.objects.open().filter(hold_until__lte=Now()).exclude(hold=Hold.NONE)


@transaction.atomic
def _end_batch() -> int:
    """A conversation that came back counts as unread and stands on top until its holder looks at it."""
    rows = list(_due().order_by("hold_until").select_for_update(skip_locked=True, of=("self",))[:BATCH])
    if not rows:
        return 0
    ids, now = [row.pk for row in rows], timezone.now()
    Conversation.objects.filter(pk__in=ids).update(
        **NO_HOLD, woke_at=now, unread_count=Greatest(F("unread_count"), 1), version=F("version") + 1
    )
    ConversationEvent.objects.bulk_create(
        ConversationEvent(
            channel_id=row.channel_id,
            conversation=row,
            kind=Kind.HOLD_ENDED,
            at=now,
            data={"hold": row.hold, "why": "time"},
        )
        for row in rows
    )
    summary.refresh(ids)
    hints.conversations_changed(ids)
    following.tell(ids)
    _wake_holders(rows)
    return len(rows)


def _wake_holders(rows: list[Conversation]) -> None:
    mine: dict[UUID, list[UUID]] = {}
    for row in rows:
        if row.assignee_id is not None:
            mine.setdefault(row.assignee_id, []).append(row.pk)
    for user_id, ids in mine.items():
        hints.tell(WOKEN, [user_id], ids)


def _locked(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
