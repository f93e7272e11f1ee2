"""The closed conversations that hold what came over from the phone: one per pair, grown chunk by chunk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from conversations.models import Channel, Conversation, ConversationEvent
from tenants import bulk
from tenants.ids import uuid7

IMPORTED = Conversation.IMPORTED
KIND = ConversationEvent.Kind.HISTORY_TAKEN_IN
CHANNELS = (
    "SELECT contact_id, id FROM conversations_channel WHERE phone_number_id = %s AND contact_id = ANY(%s::uuid[])"
)
HELD = (
    "SELECT channel_id, id FROM conversations_conversation"  # noqa: S608
    f" WHERE channel_id = ANY(%s::uuid[]) AND close_reason = '{IMPORTED}'"
)
GROWN = (
    "version = old.version + 1, opened_at = least(old.opened_at, news.opened_at),"
    " closed_at = greatest(old.closed_at, news.last_message_at),"
    " last_message_id = CASE WHEN old.last_message_id IS NULL OR news.last_message_at > old.last_message_at"
    " THEN news.last_message_id ELSE old.last_message_id END,"
    " last_direction = CASE WHEN old.last_message_id IS NULL OR news.last_message_at > old.last_message_at"
    " THEN news.last_direction ELSE old.last_direction END,"
    " last_message_at = greatest(old.last_message_at, news.last_message_at)"
)
MOVE_LINE = (
    "UPDATE conversations_conversationevent AS line SET at = spell.closed_at FROM conversations_conversation AS spell"  # noqa: S608
    f" WHERE line.conversation_id = spell.id AND line.kind = '{KIND}' AND spell.id = ANY(%s::uuid[])"
)


@dataclass(slots=True)
class Place:
    """Where the messages of one person go."""

    contact_id: UUID
    channel_id: UUID
    conversation_id: UUID
    fresh_channel: bool
    fresh: bool
    first: datetime | None = None
    last: tuple[datetime, UUID, str] | None = None

    def add(self, message_id: UUID, at: datetime, direction: str) -> None:
        self.first = min(self.first or at, at)
        if self.last is None or at >= self.last[0]:
            self.last = (at, message_id, direction)


class Imported:
    """The pairs of some contacts with a number, and the conversation of each that holds the past."""

    def __init__(self, number_id: UUID, contact_ids: Sequence[UUID]) -> None:
        self._number_id = number_id
        with connection.cursor() as cursor:
            cursor.execute(CHANNELS, [number_id, list(contact_ids)])
            channels = dict(cursor.fetchall())
            cursor.execute(HELD, [list(channels.values())])
            held = dict(cursor.fetchall())
        self._places = {
            contact_id: self._place(contact_id, channels.get(contact_id), held) for contact_id in contact_ids
        }

    def of(self, contact_id: UUID) -> Place:
        return self._places[contact_id]

    def write_before_messages(self) -> None:
        """Insert what is new: pairs, conversations, and the line that says where the past ends."""
        places = [place for place in self._places.values() if place.last]
        bulk.insert(Channel, [self._channel_row(place) for place in places if place.fresh_channel])
        fresh = [place for place in places if place.fresh]
        bulk.insert(Conversation, [self._conversation_row(place) for place in fresh])
        bulk.insert(ConversationEvent, [_line(place) for place in fresh])

    def write_after_messages(self) -> None:
        """Move beginnings and ends of conversations apart as far as their messages reach."""
        places = [place for place in self._places.values() if place.last]
        bulk.update(Conversation, [_news(place) for place in places], changes=GROWN)
        with connection.cursor() as cursor:
            cursor.execute(MOVE_LINE, [[place.conversation_id for place in places if not place.fresh]])

    @staticmethod
    def _place(contact_id: UUID, channel_id: UUID | None, held: dict[UUID, UUID]) -> Place:
        conversation_id = held.get(channel_id) if channel_id else None
        return Place(
            contact_id, channel_id or uuid7(), conversation_id or uuid7(), channel_id is None, conversation_id is None
        )

    def _channel_row(self, place: Place) -> bulk.Row:
        return {"id": place.channel_id, "contact_id": place.contact_id, "phone_number_id": self._number_id}

    def _conversation_row(self, place: Place) -> bulk.Row:
        end = place.last[0] if place.last else None
        return {
            "id": place.conversation_id,
            "contact_id": place.contact_id,
            "phone_number_id": self._number_id,
            "channel_id": place.channel_id,
            "status": Conversation.Status.CLOSED,
            "close_reason": IMPORTED,
            "opened_at": place.first,
            "closed_at": end,
            "last_message_at": end,
        }


def _line(place: Place) -> bulk.Row:
    return {
        "id": uuid7(),
        "channel_id": place.channel_id,
        "conversation_id": place.conversation_id,
        "kind": KIND,
        "at": place.last[0] if place.last else None,
    }


def _news(place: Place) -> bulk.Row:
    at, message_id, direction = place.last or (None, None, None)
    return {
        "id": place.conversation_id,
        "opened_at": place.first,
        "last_message_id": message_id,
        "last_direction": direction,
        "last_message_at": at,
    }
