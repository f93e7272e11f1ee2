"""One line of a scene as a message: its row, its file, its facts, and the same for the simulator's phone."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from config.demo import bodies
from config.demo.book import Book, Row, id_at, wamid
from config.demo.contacts import Person
from config.demo.media import shelf
from config.demo.media.shelf import File
from config.demo.script import Line
from conversations.integrations.services.events import Fact
from conversations.models import Direction, Message, PhoneNumber
from conversations.status import MessageStatus
from conversations.whatsapp.market import market

SECOND = timedelta(seconds=1)
FAILURES = {
    131026: "Message undeliverable.",
    131047: "Message failed to send because more than 24 hours have passed since the customer last replied.",
    131049: "This message was not delivered to maintain healthy ecosystem engagement.",
    131053: "Media upload error: the file could not be read.",
    130472: "User's number is part of an experiment.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands."""

    number: PhoneNumber
    schema_name: str
    person: Person
    contact_id: UUID
    channel_id: UUID
    conversation_id: UUID
    now: datetime
    members: tuple[UUID, ...] = ()  # of a group
    from_phone: bool = False  # written on the company's phone before it came here

    @property
    def public(self) -> bool:
        """Whether others hear of it: integrators and billing of what passed here, the simulator of what it can show."""
        return not self.members and not self.from_phone


@dataclass(frozen=True, slots=True)
class Written:
    """A message that was written, with what is needed to come back to it."""

    row: Row
    told: dict[str, Any]


def write(
    book: Book, place: Place, line: Line, *, args: tuple[str, ...], text: str, at: datetime, author: UUID | None,
    quotes: Written | None, dice: Random,
) -> Written:  # fmt: skip
    """Put a message in the book. Raises KeyError for a kind that nobody can say."""
    said = bodies.said(line, args=args, text=text, dice=dice)
    inbound = line.who == "k"
    file = shelf.take(line.kind, args, dice) if line.kind in bodies.FILES else None
    quoted = quotes.row["wamid"] if quotes and (line.quotes or said.quotes) else ""
    row: Row = {
        "id": id_at(at),
        "conversation_id": place.conversation_id,
        "channel_id": place.channel_id,
        "phone_number_id": place.number.pk,
        "direction": Direction.INBOUND if inbound else Direction.OUTBOUND,
        "sender_kind": Message.SenderKind.CONTACT if inbound else _sender(line, place),
        "author_id": author,
        "type": said.type,
        "body": said.body,
        "content": said.content | ({"message_id": quoted} if said.type == "reaction" else {}),
        "media_id": _media(book, place, file, inbound=inbound, at=at, args=args) if file else None,
        "wamid": wamid(place.person.phone or place.person.bsuid, inbound=inbound, dice=dice),
        "quoted_wamid": quoted,
        "forwarded": line.forwarded,
        "participant_id": place.members[line.member - 1] if inbound and place.members else None,
        "at": at.replace(microsecond=0) if inbound else at,
        "sequence": int(at.timestamp() * 1_000_000),
        "received_at": at + SECOND if inbound else None,
        "created_at": at,
        "purpose": said.purpose,
        "edited_at": None,
        "revoked_at": None,
        **_fate(line, place, at=at, inbound=inbound, dice=dice),
    }
    book.messages.append(row)
    written = Written(row, _told(row, said, place, file, quoted=quoted, inbound=inbound))
    if said.type == "reaction":
        if quotes:
            quotes.told["reactions"]["person" if inbound else "business"] = said.content["emoji"]
    elif row["wamid"] is not None:
        if not place.members:
            book.history.append(written.told)
        if place.public:
            _facts(book, place, row, said.category)
    return written


def _sender(line: Line, place: Place) -> str:
    if place.from_phone:
        return Message.SenderKind.PHONE_APP
    return Message.SenderKind.API if line.who == "b" else Message.SenderKind.HUMAN


def _fate(line: Line, place: Place, *, at: datetime, inbound: bool, dice: Random) -> Row:
    """Status with its times: as far as the script says, else until it was read."""
    names = ("sending_at", "accepted_at", "sent_at", "failed_at", "delivered_at", "read_at", "played_at", "error_code")
    row: Row = dict.fromkeys(names)
    row |= {"status": int(MessageStatus.RECEIVED), "error_details": ""}
    if inbound:
        return row
    if line.fate == "unknown":  # it left, and no answer came: nobody may guess, and there is no id of the platform's
        return row | {"sending_at": at + SECOND, "status": int(MessageStatus.UNKNOWN), "wamid": None}
    row |= {"accepted_at": at + SECOND, "sent_at": at + 2 * SECOND, "status": int(MessageStatus.SENT)}
    if line.fate.isdecimal():
        code = int(line.fate)
        row |= {"failed_at": at + 4 * SECOND, "error_code": code, "error_details": FAILURES.get(code, "")}
        row["status"] = int(MessageStatus.FAILED)
    elif line.fate != "sent":
        row |= {"delivered_at": min(at + 3 * SECOND, place.now), "status": int(MessageStatus.DELIVERED)}
        if line.fate != "delivered" and place.person.read_receipts:
            read = at + dice.randrange(5, 150) * SECOND
            row |= {"read_at": min(read, place.now), "status": int(MessageStatus.READ)}
    return row


def _media(book: Book, place: Place, file: File, *, inbound: bool, at: datetime, args: tuple[str, ...]) -> UUID:
    media_id = id_at(at)
    key = f"{place.schema_name}/media/{media_id.hex}"
    small = f"{key}-small" if file.thumbnail else ""
    book.files += [(key, file.data), *([(small, file.thumbnail)] if small else [])]
    book.media.append(
        {
            "id": media_id,
            "phone_number_id": place.number.pk,
            "direction": Direction.INBOUND if inbound else Direction.OUTBOUND,
            "kind": file.kind,
            "mime_type": file.mime_type,
            "filename": args[1] if file.kind == "document" and len(args) > 1 else file.filename,
            "sha256": file.sha256,
            "size": len(file.data),
            "voice": file.kind == "audio",
            "width": file.width,
            "height": file.height,
            "duration_ms": file.milliseconds,
            "waveform": file.waveform,
            "storage_key": key,
            "thumbnail_key": small,
            "state": "stored",
            "received_at": at,
        }
    )
    return media_id


def _told(
    row: Row, said: bodies.Said, place: Place, file: File | None, *, quoted: str, inbound: bool
) -> dict[str, Any]:
    """The message as the simulator files it."""
    status = MessageStatus(row["status"])
    told: dict[str, Any] = {
        "wamid": row["wamid"],
        "number": place.number.phone_number_id,
        "person": place.person.key,
        "from": "person" if inbound else "business",
        "timestamp": int(row["at"].timestamp()),
        "type": said.type,
        said.type: said.wire,
        "status": "read" if inbound else status.api_name,
        "reactions": {},
    }
    if quoted:
        told["reply_to"] = quoted
    if file:
        told |= {"data": b64encode(file.data).decode(), "mime_type": file.mime_type}
        if file.filename:
            told[said.type] = {**said.wire, "filename": file.filename}
        if file.kind == "audio":
            told[said.type] = {**said.wire, "voice": True}
    return told


def _facts(book: Book, place: Place, row: Row, category: str) -> None:
    common = {"wamid": row["wamid"], "phone_number_id": place.number.phone_number_id}
    if row["direction"] == Direction.INBOUND:
        data = {**common, "type": row["type"], "contact_id": str(place.contact_id)}
        book.facts.append(_fact("message.received", row, row["at"], data))
        return
    free = category == "service"
    pricing = {
        "billable": not free,
        "pricing_model": "PMP",
        "type": "free_customer_service" if free else "regular",
        "category": category,
    }
    data = {
        **common,
        "recipient": place.person.phone or place.person.bsuid,
        "market": market(wa_id=place.person.phone, bsuid=place.person.bsuid) or "",
    }
    for name in ("sent", "delivered", "read", "failed"):
        at = row[f"{name}_at"]
        if at is not None:
            price = pricing if name in ("sent", "delivered") else None
            extra = {"error_code": row["error_code"]} if name == "failed" else {}
            book.facts.append(_fact("message.status", row, at, {**data, "status": name, "pricing": price, **extra}))


def _fact(kind: str, row: Row, at: datetime, data: dict[str, Any]) -> Fact:
    return Fact(kind, row["id"], at, conversation_id=row["conversation_id"], data=data)
