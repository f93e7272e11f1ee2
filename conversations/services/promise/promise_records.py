"""What became of promises: one record for every wait that ended with an answer, and for every one that broke.

A wait that somebody ended in time without an answer (closed as done, blocked, merged) was no promise kept and none
broken: it leaves no record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F

from conversations.models import Conversation, ConversationEvent, PromiseRecord
from tenants import bulk
from tenants.accounts.models import User
from tenants.ids import uuid7

# One record per wait. What was noted first stays: an answer is not undone by whoever comes late with another.
WRITE = """
INSERT INTO conversations_promiserecord AS record (
    id, conversation_id, waiting_since, due_at, intent_id, warned_at, broken_at, answered_at, answered_by_id)
SELECT id, conversation_id, waiting_since, due_at, intent_id, warned_at, broken_at, answered_at, answered_by_id
FROM json_to_recordset(%s::json) AS news (
    id uuid, conversation_id uuid, waiting_since timestamptz, due_at timestamptz, intent_id uuid,
    warned_at timestamptz, broken_at timestamptz, answered_at timestamptz, answered_by_id uuid)
ON CONFLICT (conversation_id, waiting_since) DO UPDATE SET
    due_at = excluded.due_at, intent_id = excluded.intent_id,
    warned_at = coalesce(record.warned_at, excluded.warned_at),
    broken_at = coalesce(record.broken_at, excluded.broken_at),
    answered_at = excluded.answered_at, answered_by_id = excluded.answered_by_id
WHERE record.answered_at IS NULL
RETURNING WITH (OLD AS before, NEW AS after)
    after.conversation_id, before.broken_at IS NULL AND after.broken_at IS NOT NULL, after.broken_at,
    before.warned_at IS NULL AND after.warned_at IS NOT NULL
"""


class Written(NamedTuple):
    """Conversations whose promise is broken, and those that people are warned of, now for the first time."""

    broken: frozenset[UUID] = frozenset()
    warned: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Ended:
    """A wait and what happened to it. ``answered_at`` nothing: not answered (yet)."""

    conversation_id: UUID
    waiting_since: datetime
    due_at: datetime
    intent_id: UUID | None = None
    warned_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: UUID | None = None

    def row(self, *, at: datetime) -> bulk.Row:
        broken = (self.answered_at or at) > self.due_at and self.warned_at is None
        return {
            "id": uuid7(),
            "conversation_id": self.conversation_id,
            "waiting_since": self.waiting_since,
            "due_at": self.due_at,
            "intent_id": self.intent_id,
            "warned_at": self.warned_at,
            "broken_at": self.due_at if broken else None,
            "answered_at": self.answered_at,
            "answered_by_id": self.answered_by,
        }


def answered(conversation: Conversation, *, at: datetime, by: User | None) -> None:
    """Whoever waits in this locked conversation gets an answer now. One statement; one more when it comes too late."""
    if conversation.waiting_since is None or conversation.due_at is None:
        return
    ended = Ended(
        conversation.pk,
        conversation.waiting_since,
        conversation.due_at,
        conversation.intent_id,
        answered_at=at,
        answered_by=by.pk if by else None,
    )
    write([ended], at=at)


def left(conversations: Iterable[Conversation], *, at: datetime) -> None:
    """These end without an answer: where the time was over, the promise is broken. Call before the wait is emptied."""
    write([_of(row) for row in conversations if row.waiting_since and row.due_at and row.due_at < at], at=at)


def taken_back(conversation: Conversation, *, answered_at: datetime) -> None:
    """The answer given at this moment never left: the person still waits, and the promise with it."""
    records = PromiseRecord.objects.filter(conversation=conversation, answered_at=answered_at)
    records.filter(broken_at=None, warned_at=None).delete()
    records.update(answered_at=None, answered_by=None)


def write(ended: Sequence[Ended], *, at: datetime) -> Written:
    """Note these, with a line in the thread of each that is broken now for the first time."""
    if not ended:
        return Written()
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [bulk.dump(one.row(at=at) for one in ended)])
        rows = cursor.fetchall()
    broken = {pk: broken_at for pk, is_new, broken_at, _warned in rows if is_new}
    _note(broken)
    return Written(frozenset(broken), frozenset(pk for pk, *_broken, is_new in rows if is_new))


def _of(row: Conversation) -> Ended:
    assert row.waiting_since is not None  # noqa: S101  whoever calls has looked
    assert row.due_at is not None  # noqa: S101
    return Ended(row.pk, row.waiting_since, row.due_at, row.intent_id)


def _note(broken: dict[UUID, datetime]) -> None:
    if not broken:
        return
    rows = Conversation.objects.filter(pk__in=broken)
    kind = ConversationEvent.Kind.PROMISE_BROKEN
    ConversationEvent.objects.bulk_create(
        ConversationEvent(channel_id=channel, conversation_id=pk, kind=kind, at=broken[pk])
        for pk, channel in rows.values_list("pk", "channel_id")
    )
    rows.update(version=F("version") + 1)
