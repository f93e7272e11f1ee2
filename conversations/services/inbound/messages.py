"""Turns messages, statuses, reactions and echoes into rows: the hot path, with few statements for a whole batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from conversations.integrations.services.events import Fact
from conversations.models import ConversationEvent, Direction, MediaFile, Message
from conversations.services import automation
from conversations.services.inbound import bodies, consents, statuses
from conversations.services.inbound.guard import Guard
from conversations.services.inbound.items import Item, Outcome
from conversations.services.inbound.known import Known
from conversations.services.inbound.people import People, Person, Seen, TwoFound
from conversations.services.inbound.threads import Pair, Threads
from conversations.status import MessageStatus
from conversations.whatsapp import payloads
from tenants import bulk, work
from tenants.ids import uuid7

Written = payloads.InboundMessage | payloads.Echo
NOT_MESSAGES = frozenset({"edit", "revoke"})
QUIET = frozenset({"reaction", "system"})  # nobody waits for an answer to these, and they open no window


def is_plain(item: Item) -> bool:
    """Whether the event goes the fast way, together with its neighbours."""
    event = item.event
    if isinstance(event, payloads.StatusUpdate):
        return event.group_id is None
    return isinstance(event, Written) and event.group_id is None and event.type not in NOT_MESSAGES


def apply(items: Sequence[Item], outcome: Outcome) -> int:
    """Apply the plain items up to the first one that shows two contacts to be one; tells how many.

    Raises  TwoFound when that is the first
    """
    return Batch(items, outcome).run()


@dataclass(slots=True)
class New:
    """A message that is not known yet."""

    item: Item
    event: Written
    person: Person
    id: UUID


class Batch:
    """A run of plain items: contacts, threads and known messages are read once, rows are written once."""

    def __init__(self, items: Sequence[Item], outcome: Outcome) -> None:
        self.outcome = outcome
        self.known = Known.of(items)
        self.items = items
        self.files: list[bulk.Row] = []
        self.messages: list[bulk.Row] = []
        self.stops: list[consents.Stop] = []

    def run(self) -> int:
        fresh = [item for item in self.items if self._is_new(item)]
        people = People([_seen(item) for item in fresh])
        new, done = self._meet(fresh, people)
        people.write()
        if new:
            self._write(new)
        self._write_changed_ids(new)
        statuses.apply(self.items[:done], self.known, self.outcome)
        return done

    def _is_new(self, item: Item) -> bool:
        """Whether this is a message nobody stored; of two in one batch the first."""
        if not isinstance(item.event, Written):
            return False
        return self.known.claim(item.our_number.pk, item.event.wamid)

    def _meet(self, fresh: list[Item], people: People) -> tuple[list[New], int]:
        new: list[New] = []
        for item in fresh:
            event = item.event
            assert isinstance(event, Written)  # noqa: S101  _is_new lets nothing else pass
            try:
                person = self._writer(item, people)
            except TwoFound:
                if not new:
                    raise
                return new, self.items.index(item)
            new.append(New(item, event, person, uuid7()))
        return new, len(self.items)

    def _writer(self, item: Item, people: People) -> Person:
        return people.resolve(_seen(item))

    def _owner_id(self, one: New) -> UUID:
        """Whose thread it stands in."""
        return one.person.id

    def _write(self, new: list[New]) -> None:
        threads = Threads({self._owner_id(one) for one in new})
        for one in new:
            self._place(one, threads)
        guard = Guard(threads.settings)
        guard.prepare(self.messages)
        files = {file["id"]: file for file in self.files}
        for row in self.messages:
            guard.look(row, danger=row["direction"] == Direction.INBOUND, file=files.get(row["media_id"]))
        threads.write_before_messages(self.outcome)
        bulk.insert(MediaFile, self.files)
        bulk.insert(Message, self.messages, conflict="ON CONFLICT DO NOTHING")
        threads.write_after_messages(self.outcome)
        guard.write(self.outcome)
        if automation.may_want(threads.settings):
            self._mark_welcomes(new)
        if self.stops:
            consents.withdraw(self.stops, self.outcome)
        self.outcome.files = self.outcome.files or bool(self.files)
        for one in new:
            self.outcome.came(one.item.our_number, [one.event.wamid])

    def _mark_welcomes(self, new: list[New]) -> None:
        """Who just wrote to us is greeted, or told that nobody is there, after commit."""
        wrote = {
            by["conversation_id"]
            for one, by in zip(new, self.messages, strict=True)
            if isinstance(one.event, payloads.InboundMessage) and one.event.type not in QUIET and not one.item.standby
        }
        for conversation_id in sorted(wrote):
            work.mark(work.Kind.HOUSEKEEPING, key=f"{automation.KEY}:{conversation_id}")

    def _place(self, one: New, threads: Threads) -> None:
        """Find the message's conversation and say what it changes there."""
        item, event = one.item, one.event
        at, number = item.at, item.our_number
        pair = threads.pair(self._owner_id(one), number.pk)
        if event.type in QUIET:
            spell = threads.last(pair, at=at)
        elif isinstance(event, payloads.Echo):
            spell = threads.live(pair, at=at)
            spell.add_outbound(one.id, at=at, sequence=item.sequence)
        else:
            spell = threads.live(pair, at=at)
            spell.add_inbound(one.id, at=at, sequence=item.sequence, waits=not item.standby)
            pair.opens_window(at)
            if _from_ad(event):
                pair.came_from_ad(at)
        self._add_row(one, pair, spell.id)

    def _add_row(self, one: New, pair: Pair, conversation_id: UUID) -> None:
        item, event = one.item, one.event
        inbound = isinstance(event, payloads.InboundMessage)
        media_id = self._add_file(item, event)
        status = MessageStatus.RECEIVED if inbound else MessageStatus.SENT
        self.messages.append(
            {
                "id": one.id,
                "conversation_id": conversation_id,
                "channel_id": pair.id,
                "phone_number_id": pair.phone_number_id,
                "direction": Direction.INBOUND if inbound else Direction.OUTBOUND,
                "sender_kind": _sender_kind(item),
                **bodies.fields(event),
                "media_id": media_id,
                "wamid": event.wamid,
                "at": item.at,
                "sequence": item.sequence,
                "received_at": item.call.received_at,
                "status": int(status),
                "sent_at": None if inbound else item.at,
            }
        )
        self.known.add(pair.phone_number_id, event.wamid, one.id, conversation_id, status)
        if inbound:
            self.outcome.facts.append(_received(one, pair, conversation_id))
        if inbound and consents.says_stop(event):
            number_id, text = item.our_number.phone_number_id, event.text or ""
            who = (one.person.id, pair.id, conversation_id)
            in_group = one.person.id != pair.contact_id
            self.stops.append(consents.Stop(*who, number_id, event.wamid, text, item.at, in_group))

    def _add_file(self, item: Item, event: Written) -> UUID | None:
        if event.media is None:
            return None
        direction = Direction.INBOUND if isinstance(event, payloads.InboundMessage) else Direction.OUTBOUND
        row = bodies.file_row(event, direction=direction, number_id=item.our_number.pk, at=item.call.received_at)
        self.files.append(row)
        file_id: UUID = row["id"]
        return file_id

    def _write_changed_ids(self, new: list[New]) -> None:
        """Under a contact who goes by another id than before stands a warning: the number may be somebody else's."""
        warned = {one.person.id: one for one in new if one.person.maybe_another}
        if not warned:
            return
        by_id = {row["id"]: row for row in self.messages}
        bulk.insert(
            ConversationEvent,
            [
                {
                    "id": uuid7(),
                    "channel_id": by_id[one.id]["channel_id"],
                    "conversation_id": by_id[one.id]["conversation_id"],
                    "kind": ConversationEvent.Kind.IDENTITY_CHANGED,
                    "at": one.item.at,
                    "data": {"change": "new_user_id", "maybe_another_person": True, "wamid": one.event.wamid},
                }
                for one in warned.values()
            ],
        )
        for one in warned.values():
            one.person.maybe_another = False


def _from_ad(event: payloads.InboundMessage) -> bool:
    return (event.referral or {}).get("source_type") == "ad"


def _seen(item: Item) -> Seen:
    event = item.event
    if isinstance(event, payloads.InboundMessage):
        return Seen(
            event.from_phone, event.bsuid, item.at, event.parent_bsuid, event.username, event.profile_name, wrote=True
        )
    assert isinstance(event, payloads.Echo)  # noqa: S101  the only other message
    return Seen(event.to_phone, event.to_bsuid, item.at, wrote=False)


def _sender_kind(item: Item) -> str:
    if isinstance(item.event, payloads.InboundMessage):
        return Message.SenderKind.CONTACT
    if item.standby:
        return Message.SenderKind.META_AGENT
    source = item.event.source if isinstance(item.event, payloads.Echo) else ""
    return Message.SenderKind.PHONE_APP if source == "smb_message_echoes" else Message.SenderKind.API


def _received(one: New, pair: Pair, conversation_id: UUID) -> Fact:
    data: dict[str, Any] = {
        "wamid": one.event.wamid,
        "type": one.event.type,
        "contact_id": str(pair.contact_id),
        "phone_number_id": one.item.our_number.phone_number_id,
    }
    kind = "message.reaction" if one.event.type == "reaction" else "message.received"
    return Fact(kind, one.id, one.item.at, conversation_id=conversation_id, data=data)
