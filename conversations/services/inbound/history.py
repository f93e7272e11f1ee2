"""Takes over what was written on the phone before the number was shared: thousands of messages in few statements.

Nothing of it waits, is unread, opens a window or goes out as a fact of its own: it is the past. Each pair has one
closed conversation that holds it. Whatever order chunks come in, and however often, each message stands once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from conversations.integrations.services.events import Fact
from conversations.models import Contact, Direction, InboxSettings, MediaFile, Message, NumberSync, PhoneNumber
from conversations.services.inbound import bodies, syncs
from conversations.services.inbound.guard import Guard
from conversations.services.inbound.imported import Imported
from conversations.services.inbound.items import Item, Outcome
from conversations.services.inbound.meeting import meet_all
from conversations.services.inbound.messages import NOT_MESSAGES
from conversations.services.inbound.people import Seen
from conversations.status import MessageStatus
from conversations.whatsapp import payloads
from tenants import bulk
from tenants.ids import uuid7

ROWS = 2000  # in one statement
KNOWN = "SELECT wamid FROM conversations_message WHERE phone_number_id = %s AND wamid = ANY(%s::text[])"
SPOKE = "last_message_at = greatest(old.last_message_at, news.last_message_at)"
STATUSES = {
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "played": MessageStatus.PLAYED,
    "error": MessageStatus.FAILED,
    "failed": MessageStatus.FAILED,
}


@dataclass(frozen=True, slots=True)
class _Thread:
    """What a chunk says of one person."""

    seen: Seen
    messages: list[payloads.HistoryMessage]


def take_in(item: Item, outcome: Outcome) -> None:
    """Apply one chunk: people, one closed conversation per pair, messages; then how far the whole is."""
    chunk, number = item.event, item.our_number
    assert isinstance(chunk, payloads.HistoryChunk)  # noqa: S101  the handler's own type
    if chunk.errors and not chunk.threads:
        syncs.refused(number, NumberSync.Kind.HISTORY, code=chunk.errors[0].code)
        outcome.numbers.add(number.pk)
        return
    threads = list(_unknown(_threads(chunk, item), number))
    written = _write(threads, item, outcome)
    syncs.went_on(number, NumberSync.Kind.HISTORY, taken_in=written, phase=chunk.phase, progress=chunk.progress)
    outcome.numbers.add(number.pk)
    told = {"phase": chunk.phase, "progress": chunk.progress, "messages": written, "conversations": len(threads)}
    data = told | {"phone_number_id": number.phone_number_id}
    outcome.facts.append(Fact("history.taken_in", number.pk, item.call.received_at, data=data))


def _threads(chunk: payloads.HistoryChunk, item: Item) -> Iterator[_Thread]:
    for thread in chunk.threads:
        if thread.phone is None and thread.bsuid is None:
            continue
        standing = [one for one in thread.messages if one.type not in NOT_MESSAGES]
        messages = sorted(standing, key=lambda one: _at(one, item))
        if messages:
            yield _Thread(Seen(thread.phone, thread.bsuid, _at(messages[-1], item), wrote=False), messages)


def _unknown(threads: Iterator[_Thread], number: PhoneNumber) -> Iterator[_Thread]:
    """The threads with those of their messages that nobody stored yet."""
    listed = list(threads)
    wamids = [one.wamid for thread in listed for one in thread.messages]
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [number.pk, wamids])
        known = {row[0] for row in cursor.fetchall()}
    for thread in listed:
        fresh = []
        for one in thread.messages:
            if one.wamid not in known:
                known.add(one.wamid)
                fresh.append(one)
        if fresh:
            yield _Thread(thread.seen, fresh)


def _write(threads: list[_Thread], item: Item, outcome: Outcome) -> int:
    if not threads:
        return 0
    people = meet_all([thread.seen for thread in threads])
    imported = Imported(item.our_number.pk, [person.id for person in people])
    rows: list[bulk.Row] = []
    files: list[bulk.Row] = []
    for thread, person in zip(threads, people, strict=True):
        place = imported.of(person.id)
        for one in thread.messages:
            row = _row(one, item)
            if one.media is not None:
                files.append(_file(one, item))
                row["media_id"] = files[-1]["id"]
            place.add(row["id"], row["at"], row["direction"])
            rows.append(row | {"conversation_id": place.conversation_id, "channel_id": place.channel_id})
    guard, by_id = Guard(InboxSettings.load()), {file["id"]: file for file in files}
    for row in rows:
        guard.look(row, file=by_id.get(row.get("media_id")))
    imported.write_before_messages()
    for start in range(0, len(files), ROWS):
        bulk.insert(MediaFile, files[start : start + ROWS])
    for start in range(0, len(rows), ROWS):
        bulk.insert(Message, rows[start : start + ROWS], conflict="ON CONFLICT DO NOTHING")
    imported.write_after_messages()
    guard.write(outcome)
    spoke = [{"id": person.id, "last_message_at": t.seen.at} for t, person in zip(threads, people, strict=True)]
    bulk.update(Contact, spoke, changes=SPOKE)
    outcome.files = outcome.files or bool(files)
    outcome.came(item.our_number, [row["wamid"] for row in rows])
    return len(rows)


def _row(one: payloads.HistoryMessage, item: Item) -> bulk.Row:
    """A message of the past: made when it was written, received by nobody here."""
    at = _at(one, item)
    direction = Direction.OUTBOUND if one.outbound else Direction.INBOUND
    status = STATUSES.get(one.status or "", MessageStatus.SENT) if one.outbound else MessageStatus.RECEIVED
    return {
        "id": uuid7(),
        "phone_number_id": item.our_number.pk,
        "direction": direction,
        "sender_kind": Message.SenderKind.PHONE_APP if one.outbound else Message.SenderKind.CONTACT,
        **bodies.fields(one),
        "media_id": None,
        "wamid": one.wamid,
        "at": at,
        "sequence": item.sequence,
        "created_at": at,
        "status": int(status),
        "sent_at": at if one.outbound and status != MessageStatus.FAILED else None,
        "failed_at": at if status == MessageStatus.FAILED else None,
    }


def _file(one: payloads.HistoryMessage, item: Item) -> bulk.Row:
    direction = Direction.OUTBOUND if one.outbound else Direction.INBOUND
    return bodies.file_row(one, direction=direction, number_id=item.our_number.pk, at=item.call.received_at)


def _at(one: payloads.HistoryMessage, item: Item) -> datetime:
    """The platform's time of a message; that of the chunk where it gives none or one that has yet to come."""
    latest = item.call.received_at
    return one.at if one.at is not None and one.at <= latest else latest.replace(microsecond=0)
