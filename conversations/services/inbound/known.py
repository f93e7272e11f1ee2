"""The messages of ours that a batch speaks of: read once, by platform id and by the id we sent along."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from conversations.services.inbound.items import Item
from conversations.whatsapp import json_text, payloads

OURS = "msg:"
NEWS_TIMES = ("sent_at", "failed_at", "delivered_at", "read_at", "played_at")
COLUMNS = "id, wamid, phone_number_id, conversation_id, direction, status, " + ", ".join(NEWS_TIMES) + ", type"
BY_WAMID = (
    f"SELECT {COLUMNS} FROM conversations_message"  # noqa: S608
    " WHERE phone_number_id = ANY(%s::uuid[]) AND wamid = ANY(ARRAY(SELECT json_array_elements_text(%s::json)))"
)
BY_ID = f"SELECT {COLUMNS} FROM conversations_message WHERE id = ANY(%s::uuid[])"  # noqa: S608


@dataclass(slots=True)
class KnownMessage:
    """What a batch has to know of a stored message."""

    id: UUID
    wamid: str | None
    phone_number_id: UUID
    conversation_id: UUID
    direction: str
    status: int
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    played_at: datetime | None = None
    type: str = ""


class Known:
    """Messages by (number, wamid) and by id."""

    def __init__(self, found: Iterable[KnownMessage]) -> None:
        self._by_id: dict[UUID, KnownMessage] = {}
        self._by_wamid: dict[tuple[UUID, str], KnownMessage] = {}
        self._claimed: set[tuple[UUID, str]] = set()
        for message in found:
            self._remember(message)

    @classmethod
    def of(cls, items: Sequence[Item]) -> "Known":
        """Everything that these plain items speak of."""
        wamids = [item.event.wamid for item in items if hasattr(item.event, "wamid")]
        numbers = {item.our_number.pk for item in items}
        ids = [found for item in items if (found := our_id(item.event))]
        with connection.cursor() as cursor:
            cursor.execute(BY_WAMID, [list(numbers), json_text.write(wamids)])
            found = cursor.fetchall()
            if ids:
                cursor.execute(BY_ID, [ids])
                found += cursor.fetchall()
        return cls(KnownMessage(*row) for row in found)

    def claim(self, number_id: UUID, wamid: str) -> bool:
        """Whether this message is new; from now on it is not."""
        key = (number_id, wamid)
        if key in self._by_wamid or key in self._claimed:
            return False
        self._claimed.add(key)
        return True

    def add(self, number_id: UUID, wamid: str, message_id: UUID, conversation_id: UUID, status: int) -> None:
        """A message that this batch stores: its statuses may stand right behind it."""
        direction = "out" if status else "in"
        self._remember(KnownMessage(message_id, wamid, number_id, conversation_id, direction, status))

    def find(self, number_id: UUID, status: payloads.StatusUpdate) -> KnownMessage | None:
        """The message of a status: by the platform's id, else by the id that we sent along."""
        found = self._by_wamid.get((number_id, status.wamid))
        if found is None and (ours := our_id(status)):
            found = self._by_id.get(ours)
            if found is not None and found.phone_number_id != number_id:
                return None
        return found

    def _remember(self, message: KnownMessage) -> None:
        known = self._by_id.setdefault(message.id, message)
        if known.wamid:
            self._by_wamid[known.phone_number_id, known.wamid] = known


def our_id(event: payloads.Event) -> UUID | None:
    """Message.id from ``biz_opaque_callback_data``, or None when it is not ours."""
    told = event.callback_data if isinstance(event, payloads.StatusUpdate) else None
    if not told or not told.startswith(OURS):
        return None
    try:
        return UUID(told.removeprefix(OURS))
    except ValueError:
        return None
