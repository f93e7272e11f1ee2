"""Writes one change to many conversations that the caller has locked and decided about, in few statements.

Each leaves behind what the service for one leaves: a line in every thread, the desk's entries, hints, followers told.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, Func, UUIDField, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from conversations import hints
from conversations.integrations.services import events
from conversations.models import Conversation, ConversationEvent, Intent, Label, Team
from conversations.services import summary
from conversations.services.handling import following, holds, team_news, transfers
from conversations.services.promise import promise_records
from conversations.services.threads import receipts
from tenants import work
from tenants.accounts.models import User

Kind = ConversationEvent.Kind
Hold = Conversation.Hold
Rows = Sequence[Conversation]


def take(rows: Rows, *, by: User) -> None:
    """Become the one who answers all of these."""
    _lines(rows, Kind.TAKEN, by=by, data=[{"taken_from": _holder(row)} for row in rows])
    _change(rows, assignee=by, assigned_at=timezone.now())
    receipts.mark_many_read([row.channel_id for row in rows])


def release(rows: Rows, *, by: User) -> None:
    """Give them back to the queue."""
    _lines(rows, Kind.RELEASED, by=by, data=[{"taken_from": _holder(row)} for row in rows])
    _change(rows, assignee=None, assigned_at=None)


def give(rows: Rows, *, by: User, person: User | None, team: Team | None) -> None:
    """Give them to a person or a team; what was snoozed wakes up."""
    asleep = [row for row in rows if row.hold == Hold.SNOOZED]
    _lines(asleep, Kind.HOLD_ENDED, by=by, data=[{"hold": str(row.hold), "why": "hand"} for row in asleep])
    told = {"person": person.name} if person else {"team": team.name if team else ""}
    _lines(rows, Kind.TRANSFERRED, by=by, data=[{"taken_from": _holder(row), **told} for row in rows])
    woken = {
        name: Case(When(hold=Hold.SNOOZED, then=Value(value)), default=F(name)) for name, value in holds.NO_HOLD.items()
    }
    into = {"team": team} if team else {}
    _change(rows, assignee=person, assigned_at=timezone.now() if person else None, **into, **woken)
    following.tell([row.pk for row in rows], but=by)
    if person is not None and person.pk != by.pk:
        hints.tell(transfers.ASSIGNED, [person.pk], [row.pk for row in rows])
    if team is not None:
        team_news.tell(team, rows, by=by)


def label(rows: Rows, label: Label, *, by: User, put: bool) -> None:
    """Put a label on all of these, or take it off."""
    _lines(rows, Kind.LABELLED, by=by, data=[{"label": label.name, "put": put}] * len(rows))
    pk = Value(label.pk, output_field=UUIDField())
    _change(rows, labels=Func(F("labels"), pk, function="array_append" if put else "array_remove"))


def snooze(rows: Rows, *, by: User, until: datetime | None) -> None:
    """Let them rest until a time, or until somebody writes; the clock of those that rest already goes on."""
    data: dict[str, object] = {"hold": str(Hold.SNOOZED), "until": until.isoformat() if until else None}
    _lines(rows, Kind.HELD, by=by, data=[data] * len(rows))
    since = Case(When(hold=Hold.SNOOZED, then=F("hold_since")), default=Value(timezone.now()))
    _change(rows, hold=Hold.SNOOZED, hold_since=since, hold_until=until, woke_at=None)
    if until is not None:
        work.mark(work.Kind.HOUSEKEEPING, key=holds.KEY, due_at=until)
    following.tell([row.pk for row in rows], but=by)


def close(rows: Rows, *, by: User, reason: str, intent: Intent | None) -> None:
    """End these spells. Those of which nobody said what they were about get the intent."""
    now = timezone.now()
    promise_records.left(rows, at=now)
    _lines(rows, Kind.CLOSED, by=by, data=[{"reason": reason}] * len(rows))
    fact = f"conversation.{Kind.CLOSED}"
    events.record(events.Fact(fact, row.pk, now, conversation_id=row.pk) for row in rows)
    _change(
        rows,
        status=Conversation.Status.CLOSED,
        closed_at=now,
        closed_by=by,
        close_reason=reason,
        waiting_since=None,
        unread_count=0,
        woke_at=None,
        intent=Coalesce("intent", Value(intent.pk if intent else None, output_field=UUIDField())),
        **holds.NO_HOLD,
    )
    following.tell([row.pk for row in rows], but=by)


def read(rows: Rows, *, by: User) -> None:
    """They count as read here, for everybody; hers and nobody's that came back from a rest as looked at."""
    ids = [row.pk for row in rows]
    Conversation.objects.filter(pk__in=ids).update(unread_count=0)
    back = [row.pk for row in rows if row.woke_at and row.assignee_id in (None, by.pk)]
    Conversation.objects.filter(pk__in=back).update(woke_at=None)
    summary.seen(ids)
    if back:
        summary.refresh(back)
    hints.conversations_changed(ids)


def _lines(rows: Rows, kind: Kind, *, by: User, data: Sequence[dict[str, object]]) -> None:
    now = timezone.now()
    ConversationEvent.objects.bulk_create(
        ConversationEvent(channel_id=row.channel_id, conversation=row, kind=kind, at=now, actor=by, data=told)
        for row, told in zip(rows, data, strict=True)
    )


def _change(rows: Rows, **fields: object) -> None:
    """One statement, then what every change asks for."""
    ids: list[UUID] = [row.pk for row in rows]
    Conversation.objects.filter(pk__in=ids).update(version=F("version") + 1, **fields)
    summary.refresh(ids)
    hints.conversations_changed(ids)


def _holder(row: Conversation) -> str | None:
    return str(row.assignee_id) if row.assignee_id else None
