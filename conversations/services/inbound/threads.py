"""The pairs of contact and number of a batch, and the conversation that each message belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from conversations.integrations.services.events import Fact
from conversations.models import Channel, Conversation, ConversationEvent, Direction, InboxSettings
from conversations.services.inbound import free_entry
from conversations.services.inbound.items import Outcome
from conversations.services.promise import promise_waits
from conversations.services.promise.promise import Promise
from tenants import bulk
from tenants.ids import uuid7

Kind = ConversationEvent.Kind

CHANNELS = "SELECT id, contact_id, phone_number_id FROM conversations_channel WHERE contact_id = ANY(%s::uuid[])"
# past is past
FIELDS = (
    "c.id, c.channel_id, c.status, CASE WHEN c.close_reason <> 'imported' THEN c.closed_at END, c.hold,"
    " c.closed_by_id, c.close_reason"
)
SOURCE = "FROM conversations_conversation AS c"
LIVE = (
    f"SELECT {FIELDS} {SOURCE} WHERE c.channel_id = ANY(%s::uuid[]) AND c.status <> 'closed'"
    " ORDER BY c.id FOR UPDATE OF c"
)
LAST = (
    f"SELECT DISTINCT ON (c.channel_id) {FIELDS} {SOURCE} WHERE c.channel_id = ANY(%s::uuid[])"
    " ORDER BY c.channel_id, c.opened_at DESC, c.id DESC"
)
WINDOW = (
    "last_inbound_at = greatest(old.last_inbound_at, news.last_inbound_at),"
    " referred_at = greatest(old.referred_at, news.referred_at)"
)
REOPEN = (
    "UPDATE conversations_conversation AS c SET status = 'open', closed_at = NULL, closed_by_id = NULL,"
    " close_reason = '', assignee_id = (SELECT u.id FROM accounts_user AS u WHERE u.id = c.assignee_id AND u.is_active)"
    " WHERE c.id = ANY(%s::uuid[])"
)
NEWER = (
    "news.last_message_id IS NOT NULL AND (news.last_message_at >= old.last_message_at OR old.last_message_id IS NULL)"
)
# What the owner answered from the phone: known to this batch, or told earlier than the message it answers.
ANSWERED = (
    "greatest(news.answered_at, CASE WHEN news.waiting_since < old.last_message_at THEN"
    " (SELECT max(e.at) FROM conversations_message AS e"
    " WHERE e.conversation_id = old.id AND e.sender_kind = 'phone_app') END)"
)
AFTER_ANSWER = (
    "FROM conversations_message AS m WHERE m.conversation_id = old.id AND m.direction = 'in'"
    " AND m.type NOT IN ('reaction', 'system')"
    f" AND m.at > {ANSWERED}"
)
NEWS = (
    "version = old.version + 1,"
    f" unread_count = CASE WHEN {ANSWERED} IS NULL THEN old.unread_count + news.unread_count"
    f" ELSE least(old.unread_count + news.unread_count, (SELECT count(*) {AFTER_ANSWER})) END,"
    f" waiting_since = CASE WHEN {ANSWERED} >= least(old.waiting_since, news.waiting_since)"
    f" THEN (SELECT min(m.at) {AFTER_ANSWER}) ELSE least(old.waiting_since, news.waiting_since) END,"
    f" last_message_id = CASE WHEN {NEWER} THEN news.last_message_id ELSE old.last_message_id END,"
    f" last_direction = CASE WHEN {NEWER} THEN news.last_direction ELSE old.last_direction END,"
    " last_message_at = greatest(old.last_message_at, news.last_message_at),"
    " due_at = CASE WHEN old.waiting_since IS NULL OR news.waiting_since < old.waiting_since"
    " THEN news.due_at ELSE old.due_at END,"
    " hold = CASE WHEN news.waiting_since IS NULL THEN old.hold ELSE '' END,"
    " hold_since = CASE WHEN news.waiting_since IS NULL THEN old.hold_since END,"
    " hold_until = CASE WHEN news.waiting_since IS NULL THEN old.hold_until END"
)


@dataclass(slots=True)
class Spell:
    """A conversation while a batch is applied, with what the batch adds to it."""

    id: UUID
    pair: "Pair"
    live: bool
    closed_at: datetime | None = None
    hold: str = ""
    closed_by: UUID | None = None
    close_reason: str = ""
    opened_at: datetime | None = None
    answered_at: datetime | None = None  # by the owner from the phone, in this batch
    fresh: bool = False
    reopened_at: datetime | None = None
    last: tuple[datetime, int, UUID, str] | None = None  # the newest of the batch: time, sequence, message, direction
    waiting_since: datetime | None = None
    unread: int = 0
    touched: bool = False

    def add_inbound(self, message_id: UUID, *, at: datetime, sequence: int, waits: bool = True) -> None:
        """A message of the person, who waits for an answer from then on."""
        if waits:
            self.waiting_since = min(self.waiting_since or at, at)
            self.unread += 1
        self._add(message_id, at, sequence, Direction.INBOUND)

    def raise_hand(self, *, at: datetime) -> None:
        """The person wants us without having written: a call."""
        self.waiting_since = min(self.waiting_since or at, at)
        self.unread += 1
        self.touched = True

    def add_outbound(self, message_id: UUID, *, at: datetime, sequence: int) -> None:
        """A message that left outside this product: whoever waited until then has an answer."""
        self.answered_at = max(self.answered_at or at, at)
        self._add(message_id, at, sequence, Direction.OUTBOUND)

    def _add(self, message_id: UUID, at: datetime, sequence: int, direction: str) -> None:
        self.touched = True
        if self.last is None or (at, sequence) >= self.last[:2]:
            self.last = (at, sequence, message_id, direction)


@dataclass(slots=True)
class Pair:
    """A channel while a batch is applied."""

    id: UUID
    contact_id: UUID
    phone_number_id: UUID
    fresh: bool = False
    inbound_at: datetime | None = None  # the newest of the batch that opens the window
    referred_at: datetime | None = None  # the newest of the batch that came from an advertisement
    spell: Spell | None = None

    def came_from_ad(self, at: datetime) -> None:
        self.referred_at = max(self.referred_at or at, at)

    def opens_window(self, at: datetime) -> None:
        self.inbound_at = max(self.inbound_at or at, at)


class Threads:
    """Loads the pairs of some contacts with their conversations, locked; writes what the batch made of them."""

    def __init__(self, contact_ids: Iterable[UUID]) -> None:
        self.settings = settings = InboxSettings.load()
        self._reopens_within = timedelta(hours=settings.reopen_hours)
        self._promise = Promise.of(settings)
        self._pairs: dict[tuple[UUID, UUID], Pair] = {}
        self._load(list(contact_ids))

    def pair(self, contact_id: UUID, phone_number_id: UUID) -> Pair:
        """The pair of a contact and a number, made when they never met."""
        found = self._pairs.get((contact_id, phone_number_id))
        if found is None:
            found = Pair(uuid7(), contact_id, phone_number_id, fresh=True)
            self._pairs[contact_id, phone_number_id] = found
        return found

    def live(self, pair: Pair, *, at: datetime) -> Spell:
        """The live conversation: the open one, else the last one reopened when it closed lately, else a new one."""
        spell = pair.spell
        if spell is not None and spell.live:
            return spell
        if spell is not None and spell.closed_at and at - spell.closed_at < self._reopens_within:
            spell.live, spell.reopened_at, spell.touched = True, at, True
            return spell
        pair.spell = Spell(uuid7(), pair, live=True, opened_at=at, fresh=True, touched=True)
        return pair.spell

    def last(self, pair: Pair, *, at: datetime) -> Spell:
        """The newest conversation, open or closed, for what neither opens nor reopens one."""
        spell = pair.spell or self.live(pair, at=at)
        spell.touched = True
        return spell

    def write_before_messages(self, outcome: Outcome) -> None:
        """Insert pairs and conversations, reopen, note both as events and facts."""
        pairs = list(self._pairs.values())
        bulk.insert(Channel, [_channel_row(pair) for pair in pairs if pair.fresh])
        spells = [pair.spell for pair in pairs if pair.spell is not None]
        fresh, reopened = [s for s in spells if s.fresh], [s for s in spells if s.reopened_at]
        bulk.insert(Conversation, [_conversation_row(spell) for spell in fresh])
        if reopened:
            with connection.cursor() as cursor:
                cursor.execute(REOPEN, [[spell.id for spell in reopened]])
        began = [(spell, Kind.OPENED) for spell in fresh] + [(spell, Kind.REOPENED) for spell in reopened]
        bulk.insert(ConversationEvent, [_event_row(spell, kind) for spell, kind in began])
        outcome.facts += [_fact(spell, kind) for spell, kind in began]

    def write_after_messages(self, outcome: Outcome) -> None:
        """Move windows and conversations forward."""
        moved = [pair for pair in self._pairs.values() if pair.inbound_at and not pair.fresh]
        bulk.update(Channel, [_moved_row(pair) for pair in moved], changes=WINDOW)
        free_entry.begin([pair.id for pair in self._pairs.values() if pair.referred_at])
        spells = [pair.spell for pair in self._pairs.values() if pair.spell is not None and pair.spell.touched]
        waits = bulk.update(
            Conversation,
            [self._news_row(spell) for spell in spells],
            changes=NEWS,
            extra="answered_at timestamptz",
            returning=promise_waits.RETURNED,
        )
        ended = [spell for spell in spells if spell.hold and spell.waiting_since]
        bulk.insert(ConversationEvent, [_event_row(spell, Kind.HOLD_ENDED) for spell in ended])
        promise_waits.moved(waits, promise=self._promise, answered={s.id: s.answered_at for s in spells})
        outcome.conversations.update(spell.id for spell in spells)

    def _news_row(self, spell: Spell) -> bulk.Row:
        at, _sequence, message_id, direction = spell.last or (None, 0, None, None)
        return {
            "id": spell.id,
            "unread_count": spell.unread,
            "waiting_since": spell.waiting_since,
            "due_at": self._promise.due(spell.waiting_since) if spell.waiting_since else None,
            "last_message_id": message_id,
            "last_direction": direction,
            "last_message_at": at,
            "answered_at": spell.answered_at,
        }

    def _load(self, contact_ids: list[UUID]) -> None:
        if not contact_ids:
            return
        with connection.cursor() as cursor:
            cursor.execute(CHANNELS, [contact_ids])
            pairs = {row[0]: Pair(*row) for row in cursor.fetchall()}
            self._pairs = {(pair.contact_id, pair.phone_number_id): pair for pair in pairs.values()}
            cursor.execute(LIVE, [list(pairs)])
            self._attach(pairs, cursor.fetchall())
            without = [pair.id for pair in pairs.values() if pair.spell is None]
            if without:
                cursor.execute(LAST, [without])
                self._attach(pairs, cursor.fetchall())

    @staticmethod
    def _attach(pairs: dict[UUID, Pair], found: list[tuple[Any, ...]]) -> None:
        for conversation_id, channel_id, status, *past in found:
            pair, live = pairs[channel_id], status != Conversation.Status.CLOSED
            pair.spell = Spell(conversation_id, pair, live, *past)


def _moved_row(pair: Pair) -> bulk.Row:
    return {"id": pair.id, "last_inbound_at": pair.inbound_at, "referred_at": pair.referred_at}


def _channel_row(pair: Pair) -> bulk.Row:
    return {
        "id": pair.id,
        "contact_id": pair.contact_id,
        "phone_number_id": pair.phone_number_id,
        "last_inbound_at": pair.inbound_at,
        "referred_at": pair.referred_at,
    }


def _conversation_row(spell: Spell) -> bulk.Row:
    pair = spell.pair
    return {
        "id": spell.id,
        "contact_id": pair.contact_id,
        "phone_number_id": pair.phone_number_id,
        "channel_id": pair.id,
        "opened_at": spell.opened_at,
        "last_message_at": spell.opened_at,
    }


def _event_row(spell: Spell, kind: Kind) -> bulk.Row:
    return {
        "id": uuid7(),
        "channel_id": spell.pair.id,
        "conversation_id": spell.id,
        "kind": kind,
        "at": spell.waiting_since if kind == Kind.HOLD_ENDED else spell.reopened_at or spell.opened_at,
        "data": _event_data(spell, kind),
    }


def _event_data(spell: Spell, kind: Kind) -> dict[str, str]:
    """What the line in the thread tells beside its kind: which hold the message ended, who had closed and why."""
    if kind == Kind.HOLD_ENDED:
        return {"hold": spell.hold, "why": "message"}
    if kind != Kind.REOPENED:
        return {}
    past = (("closed_by", str(spell.closed_by or "")), ("reason", spell.close_reason))
    return {name: value for name, value in past if value}


def _fact(spell: Spell, kind: Kind) -> Fact:
    at = spell.reopened_at or spell.opened_at
    assert at is not None  # noqa: S101  only these two kinds of conversation come here
    data = {"contact_id": str(spell.pair.contact_id)}
    return Fact(f"conversation.{kind}", spell.id, at, conversation_id=spell.id, data=data)
