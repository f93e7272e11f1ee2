"""Messages between people and numbers, both ways, and the state of each chat."""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

WINDOW_SECONDS = 24 * 3600
RANK = {"accepted": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4, "played": 5}


@dataclass(slots=True)
class Message:
    """One message. `inbound` means written by the person; seconds since the epoch throughout.

    content  what the person sees, keyed by type
    payload  outbound: the request body as accepted; inbound: the webhook's message object
    person   None when nobody has the address the business wrote to, and in a group's outbound message
    clicks   labels of template buttons that the person pressed
    receipts in a group: person -> status -> moment
    on_app   written on the phone app of the business, not sent through the platform
    held     waits for the quality assessment of its template
    """

    seq: int
    wamid: str
    number_id: str
    person: str | None
    inbound: bool
    type: str
    at: float
    content: dict[str, Any]
    payload: dict[str, Any]
    to: str = ""
    status: str = "accepted"
    times: dict[str, float] = field(default_factory=dict)
    quotes: str | None = None
    callback_data: str | None = None
    category: str = "service"
    pricing: dict[str, Any] | None = None
    errors: list[dict[str, Any]] = field(default_factory=list)
    reactions: dict[str, str] = field(default_factory=dict)
    edited: bool = False
    deleted: bool = False
    answered: bool = True
    template_id: str | None = None
    clicks: list[str] = field(default_factory=list)
    group_id: str | None = None
    on_app: bool = False
    held: bool = False
    receipts: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def reached(self) -> bool:
        """The other side has it."""
        return RANK[self.status] >= RANK["delivered"]

    def as_dict(self) -> dict[str, Any]:
        """For the record and the control API."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class Chat:
    """What holds between one person and one number.

    last_inbound_at   opens the customer service window
    referred_at       the person came from an ad: an answer within a day opens a free entry point
    """

    number_id: str
    person: str
    last_inbound_at: float = 0.0
    referred_at: float = 0.0
    free_until: float = 0.0
    typing_until: float = 0.0
    messages: list[Message] = field(default_factory=list)

    def window_open(self, at: float) -> bool:
        """Free-form text is allowed at this moment."""
        return at - self.last_inbound_at < WINDOW_SECONDS


def group_chat(group_id: str) -> str:
    """Under what a group's messages are filed, beside those of people."""
    return f"group:{group_id}"


def is_group(holder: str) -> bool:
    """Whether a chat is a group's."""
    return holder.startswith("group:")


class Chats:
    """All messages: by wamid, by chat, and the outbound ones in the order they were accepted."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget every message."""
        self.seq = 0
        self.by_wamid: dict[str, Message] = {}
        self.outbound: list[Message] = []
        self.receipts: list[dict[str, Any]] = []
        self._chats: dict[tuple[str, str], Chat] = {}
        self._delivered: dict[tuple[str, str], int] = defaultdict(int)

    def chat(self, number_id: str, person: str) -> Chat:
        """The chat of this pair; begins empty."""
        key = (number_id, person)
        found = self._chats.get(key)
        if found is None:
            found = self._chats[key] = Chat(number_id, person)
        return found

    def of_person(self, person: str) -> Iterator[Chat]:
        """Every chat in which this person takes part."""
        return (chat for chat in self._chats.values() if chat.person == person and chat.messages)

    def of_number(self, number_id: str) -> list[Chat]:
        """Every chat of people with this number, without groups."""
        return [chat for chat in self._chats.values() if chat.number_id == number_id and not is_group(chat.person)]

    def add(self, message: Message) -> None:
        """File a message."""
        self.seq = max(self.seq, message.seq)
        self.by_wamid[message.wamid] = message
        if not message.inbound and not message.on_app:
            self.outbound.append(message)
        holder = group_chat(message.group_id) if message.group_id else message.person
        if holder is None:
            return
        chat = self.chat(message.number_id, holder)
        chat.messages.append(message)
        if message.inbound:
            if message.type not in ("reaction", "edit", "revoke", "system"):
                chat.last_inbound_at = max(chat.last_inbound_at, message.at)
            if "referral" in message.payload:
                chat.referred_at = message.at

    def apply(self, message: Message) -> Message | None:
        """Let a reaction, edit or revoke change what the phone shows of an earlier message; returns that one."""
        content = message.content.get(message.type)
        if message.type not in ("reaction", "edit", "revoke") or not isinstance(content, dict):
            return None
        target = self.by_wamid.get(str(content.get("message_id") or content.get("original_message_id")))
        if target is None or target.number_id != message.number_id or target.group_id != message.group_id:
            return None
        if message.group_id is None and target.person != message.person:
            return None
        if message.type == "reaction":
            side = (message.person or "") if message.group_id else "person" if message.inbound else "business"
            target.reactions[side] = str(content.get("emoji") or "")
        elif message.type == "revoke":
            target.deleted = True
        else:
            new = content.get("message") or {}
            target.content = {target.type: new.get(target.type) or target.content[target.type]}
            target.edited = True
        return target

    def next_seq(self) -> int:
        """The next place in the order of all messages."""
        self.seq += 1
        return self.seq

    def count_service(self, number_id: str, at: float, *, taking: bool = True) -> int:
        """How many service messages this number has delivered this month, with this one; only counted when `taking`."""
        month = time.strftime("%Y-%m", time.gmtime(at))
        count = self._delivered[number_id, month] + 1
        if taking:
            self._delivered[number_id, month] = count
        return count
