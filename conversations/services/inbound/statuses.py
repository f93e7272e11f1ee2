"""Moves messages up: each status keeps its earliest time, failure facts stand beside, news for billing go out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.crypto import salted_hmac

from conversations.integrations.services.events import Fact
from conversations.models import Direction, Message
from conversations.services import consequences
from conversations.services.inbound import free_entry
from conversations.services.inbound.items import Item, Outcome
from conversations.services.inbound.known import NEWS_TIMES, Known, KnownMessage
from conversations.status import FROM_PLATFORM, MEDIA_TYPES, TIME_FIELDS, MessageStatus
from conversations.whatsapp import payloads
from conversations.whatsapp.errors import rule_for
from conversations.whatsapp.market import market
from tenants import bulk

MAX_DETAIL_CHARS = 500
CHANGES = (
    "status = greatest(old.status, news.status), wamid = coalesce(old.wamid, news.wamid),"
    " error_code = coalesce(news.error_code, old.error_code),"
    " error_details = CASE WHEN news.error_code IS NULL THEN old.error_details ELSE news.error_details END, "
) + ", ".join(f"{name} = least(old.{name}, news.{name})" for name in NEWS_TIMES)
# Numbers with a message that stood behind one of these in its conversation.
HELD_UP = """
SELECT DISTINCT m.phone_number_id FROM conversations_message AS m
WHERE m.id = ANY(%s) AND EXISTS (
    SELECT 1 FROM conversations_message AS q WHERE q.channel_id = m.channel_id AND q.status = 10)
"""


def apply(items: Sequence[Item], known: Known, outcome: Outcome) -> None:
    """Apply the statuses among these items. One whose message is not known yet waits for it in the journal."""
    news: dict[UUID, bulk.Row] = {}
    settled: set[UUID] = set()
    failed: list[tuple[Item, payloads.StatusUpdate, KnownMessage]] = []
    for item in items:
        status = item.event
        if not isinstance(status, payloads.StatusUpdate) or status.group_id:
            continue
        message = known.find(item.our_number.pk, status)
        if message is None:
            outcome.wait(item, status.wamid)
        elif message.direction == Direction.OUTBOUND:
            row = news.setdefault(message.id, _blank(message))
            if status.errors and message.failed_at is None and row["failed_at"] is None:
                failed.append((item, status, message))
            _apply_one(item, status, message, row, outcome)
            if _lets_others_go(message, row):
                settled.add(message.id)
    bulk.update(Message, [row for row in news.values() if row["status"]], changes=CHANGES)
    free_entry.note(items, known)
    for item, status, message in failed:
        _draw_consequences(item, status, message)
    if settled:
        with connection.cursor() as cursor:
            cursor.execute(HELD_UP, [list(settled)])
            outcome.senders.update(row[0] for row in cursor.fetchall())


def _lets_others_go(message: KnownMessage, row: bulk.Row) -> bool:
    """Whether this news ends what later messages of the conversation waited for: doubt, or the way of a file."""
    if row["status"] <= message.status:
        return False
    file_came = message.type in MEDIA_TYPES and message.status < MessageStatus.FAILED <= row["status"]
    return message.status == MessageStatus.UNKNOWN or file_came


def _draw_consequences(item: Item, status: payloads.StatusUpdate, message: KnownMessage) -> None:
    """What a failure that came late means beyond its message: the same as when it comes as an answer."""
    rule = rule_for(status.errors[0].code)
    consequences.draw(rule, code=status.errors[0].code or 0, message_id=message.id, at=item.at)


def _apply_one(
    item: Item, status: payloads.StatusUpdate, message: KnownMessage, row: bulk.Row, outcome: Outcome
) -> None:
    rank = FROM_PLATFORM.get(status.status)
    if rank is None:  # a word nobody has seen yet stays in the journal
        return
    name = TIME_FIELDS[rank]
    first_news = getattr(message, name) is None and row[name] is None
    row["status"] = max(row["status"], int(rank))
    row[name] = min(row[name], item.at) if row[name] else item.at
    row["wamid"] = row["wamid"] or status.wamid
    if status.errors:
        error = status.errors[0]
        row["error_code"] = error.code
        row["error_details"] = (error.details or error.message or error.title)[:MAX_DETAIL_CHARS]
    if first_news:
        outcome.facts.append(fact(item, status, message))
        outcome.conversations.add(message.conversation_id)


def _blank(message: KnownMessage) -> bulk.Row:
    empty: bulk.Row = dict.fromkeys(NEWS_TIMES)
    return {"id": message.id, "status": 0, "wamid": None, "error_code": None, "error_details": "", **empty}


def fact(item: Item, status: payloads.StatusUpdate, message: KnownMessage) -> Fact:
    """One status of one recipient, for integrators and billing."""
    data: dict[str, Any] = {
        "status": status.status,
        "wamid": status.wamid,
        "recipient": _pseudonym(status.participant) if status.group_id and status.participant else "",
        "phone_number_id": item.our_number.phone_number_id,
        "pricing": status.pricing,
        "market": market(wa_id=status.recipient_phone, bsuid=status.recipient_bsuid) or "",
    }
    if status.errors:
        data["error_code"] = status.errors[0].code
    return Fact("message.status", message.id, item.at, conversation_id=message.conversation_id, data=data)


def _pseudonym(participant: str) -> str:
    """Tells the recipients of a group message apart without naming them: usage outlives who they are."""
    return salted_hmac("usage.recipient", participant).hexdigest()[:32]
