"""Calls: one line in the thread per call, whatever was told of it in what order; a person's call opens the window."""

from typing import Any
from uuid import UUID

from conversations.models import ConversationEvent
from conversations.services.inbound.items import Item, Outcome
from conversations.services.inbound.meeting import meet
from conversations.services.inbound.people import Seen
from conversations.services.inbound.threads import Spell, Threads
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
    if inbound and event.event == STARTS:
        pair.opens_window(item.at)
    if inbound and known is None:
        spell.raise_hand(at=item.at)
    threads.write_before_messages(outcome)
    _write(known, item, event, spell)
    threads.write_after_messages(outcome)


def _known(channel_id: UUID, call_id: str) -> ConversationEvent | None:
    return ConversationEvent.objects.filter(channel_id=channel_id, kind=KIND, data__call_id=call_id).first()


def _write(known: ConversationEvent | None, item: Item, event: payloads.CallEvent, spell: Spell) -> None:
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
