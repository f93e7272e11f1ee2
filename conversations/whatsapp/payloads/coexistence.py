"""Reads what a number shared with the phone app brings along: history and address book."""

from typing import Any

from conversations.whatsapp.payloads.body import body_fields, problems
from conversations.whatsapp.payloads.clean import (
    MAX_NAME_CHARS,
    bsuid,
    clean,
    identifier,
    moment,
    record,
    rows,
    text,
    wa_id,
    whole,
)
from conversations.whatsapp.payloads.messages import identities
from conversations.whatsapp.payloads.statuses import word
from conversations.whatsapp.payloads.types import (
    ContactSync,
    Event,
    HistoryChunk,
    HistoryMessage,
    HistoryThread,
    Unknown,
)


def read_history(chunk: Any, *, business: str | None) -> Event:
    """One element of ``history``; ``business`` is the number's own wa_id, which tells the direction."""
    if not isinstance(chunk, dict):
        return Unknown(clean(chunk), "A part of the history is not an object.")
    metadata = record(chunk.get("metadata"))
    return HistoryChunk(
        phase=whole(metadata.get("phase")),
        chunk_order=whole(metadata.get("chunk_order")),
        progress=whole(metadata.get("progress")),
        threads=tuple(_thread(record(thread), business) for thread in rows(chunk.get("threads"))),
        errors=problems(chunk.get("errors")),
    )


def _thread(thread: dict[str, Any], business: str | None) -> HistoryThread:
    context = record(thread.get("context"))
    phone, person = identities(thread.get("id"), thread.get("user_id"))
    phone, person = phone or wa_id(context.get("wa_id")), person or bsuid(context.get("user_id"))
    messages: list[HistoryMessage] = []
    unreadable: list[Any] = []
    for message in rows(thread.get("messages")):
        read = _message(record(message), business, phone)
        if read is None:
            unreadable.append(clean(message))
        else:
            messages.append(read)
    return HistoryThread(phone, person, tuple(messages), tuple(unreadable))


def _message(message: dict[str, Any], business: str | None, phone: str | None) -> HistoryMessage | None:
    wamid = identifier(message.get("id"))
    if wamid is None:
        return None
    sender = wa_id(message.get("from"))
    outbound = sender == business if business else bool(sender and phone and sender != phone)
    return HistoryMessage(
        wamid=wamid,
        at=moment(message.get("timestamp")),
        outbound=bool(sender) and outbound,
        status=word(record(message.get("history_context")).get("status")),
        **body_fields(message),
    )


def read_history_file(message: Any, *, business: str | None) -> Event:
    """One element of ``messages`` in a change about history: the file of a message of the past."""
    return _message(record(message), business, None) or Unknown(clean(message), "A message has no id.")


def read_contact(entry: Any) -> Event:
    """One element of ``state_sync``."""
    contact = record(record(entry).get("contact"))
    phone, person = identities(contact.get("phone_number"), contact.get("user_id"))
    action = word(record(entry).get("action"))
    if action is None or (phone is None and person is None):
        return Unknown(clean(entry), "An address book entry names nobody or no action.")
    return ContactSync(
        action=action,
        phone=phone,
        bsuid=person,
        full_name=text(contact.get("full_name"), limit=MAX_NAME_CHARS) or None,
        first_name=text(contact.get("first_name"), limit=MAX_NAME_CHARS) or None,
        at=moment(record(record(entry).get("metadata")).get("timestamp")),
    )
