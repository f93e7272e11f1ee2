"""Calls: one line in the thread per call, whatever was told of it in what order; a person's call opens the window."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Subquery
from django.db.models.functions import Greatest

from conversations.models import Conversation, ConversationEvent, Direction, Message
from conversations.services.inbound.items import Item, Outcome
from conversations.services.inbound.meeting import meet
from conversations.services.inbound.messages import QUIET
from conversations.services.inbound.people import Seen
from conversations.services.inbound.threads import Spell, Threads
from conversations.services.promise import promise, promise_records
from conversations.whatsapp import payloads

STARTS = "connect"
KIND = ConversationEvent.Kind.CALL


def note(item: Item, outcome: Outcome) -> None:
    """Note what happened to a call, and raise the conversation when a person calls."""
    event = item.event
    assert isinstance(event, payloads.CallEvent)  # noqa: S101  the handler's own type
    if event.phone is None and event.bsuid is None:
        return
    inbound = event.inbound is True
    person = meet(Seen(event.phone, event.bsuid, item.at, wrote=inbound))
    threads = Threads([person.id])
    pair = threads.pair(person.id, item.our_number.pk)
    known = _known(pair.id, event.call_id)
    spell = threads.live(pair, at=item.at) if inbound and known is None else threads.last(pair, at=item.at)
    if inbound and (event.event == STARTS or known is None):
        pair.opens_window(item.at)
    if inbound and known is None and not _spoke(event):
        spell.raise_hand(at=item.at)
    threads.write_before_messages(outcome)
    line = _write(known, item, event, spell)
    threads.write_after_messages(outcome)
    if inbound and known is not None and _spoke(event):
        _lower_hand(line, at=item.at)


def _known(channel_id: UUID, call_id: str) -> ConversationEvent | None:
    return ConversationEvent.objects.filter(channel_id=channel_id, kind=KIND, data__call_id=call_id).first()


def _spoke(event: payloads.CallEvent) -> bool:
    """Whether somebody took the call."""
    return bool(event.duration) or event.event == "accepted"


def _lower_hand(line: ConversationEvent, *, at: datetime) -> None:
    """Who called and spoke to somebody waits for that no longer; for what was written since, still."""
    since = Message.objects.filter(conversation=line.conversation_id, direction=Direction.INBOUND, at__gte=line.at)
    next_one = since.exclude(type__in=QUIET).order_by("at").values("at")[:1]
    conversation = Conversation.objects.filter(pk=line.conversation_id, waiting_since=line.at).first()
    if conversation is None:
        return
    promise_records.answered(conversation, at=max(line.at, at), by=None)
    Conversation.objects.filter(pk=conversation.pk).update(
        waiting_since=Subquery(next_one), unread_count=Greatest(F("unread_count") - 1, 0)
    )
    promise.renew([conversation.pk])


def _write(known: ConversationEvent | None, item: Item, event: payloads.CallEvent, spell: Spell) -> ConversationEvent:
    line = known or ConversationEvent(
        channel_id=spell.pair.id, conversation_id=spell.id, kind=KIND, at=item.at, data={"call_id": event.call_id}
    )
    line.at = min(line.at, item.at)
    data: dict[str, Any] = dict(line.data)
    data["inbound"] = data.get("inbound") or event.inbound is True
    times = dict(data.get("events", {}))
    name = event.event or "unknown"
    times[name] = min(times.get(name, item.at.isoformat()), item.at.isoformat())
    data["events"] = times
    if event.duration is not None:
        data["duration"] = event.duration
    if event.status:
        data["status"] = event.status
    line.data = data
    line.save()
    return line
