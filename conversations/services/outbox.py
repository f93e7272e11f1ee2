"""Puts messages in the outbox. The QUEUED rows are the outbox; the sender of their number takes them from there.

Every function checks number, window, opt-out and content, inserts one row with the caller's own id, and marks the work
index in the same transaction, so a double click or a repeated call finds the first row.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from conversations import hints, window
from conversations.errors import (
    ContactOptedOut,
    ConversationClosed,
    NoRecipient,
    NotUndoable,
    NumberCannotSend,
    TextInvalid,
    WindowClosed,
)
from conversations.models import Channel, Conversation, Direction, MediaFile, Message, PhoneNumber
from conversations.services import receipts, summary
from conversations.status import WAITING, MessageStatus
from tenants import work
from tenants.accounts.models import ApiKey, User

MAX_BODY_CHARS = 4096
MAX_CAPTION_CHARS = 1024


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sends and how: a person (``author``) or an integrator (``api_key``), with the caller's own id."""

    author: User | None = None
    api_key: ApiKey | None = None
    sender_kind: str = Message.SenderKind.HUMAN
    client_token: str | None = None
    external_id: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    delay: timedelta = timedelta()
    priority: int = Message.Priority.REPLY


def queue_text(conversation: Conversation, *, origin: Origin, body: str, quoting: Message | None = None) -> Message:
    """Queue a free-form text; it leaves after commit and after ``origin.delay`` (Undo).

    body    1 to 4096 characters (Cloud API, limit of text.body)
    Raises  TextInvalid, WindowClosed, NumberCannotSend, NoRecipient, ConversationClosed
    """
    body = body.replace("\x00", "\ufffd").strip()
    if not body or len(body) > MAX_BODY_CHARS:
        raise TextInvalid
    return _queue(conversation, origin=origin, type="text", body=body, quoted_wamid=_wamid_of(quoting))


def queue_media(
    conversation: Conversation, *, origin: Origin, media: MediaFile, caption: str = "", quoting: Message | None = None
) -> Message:
    """Queue a stored file; its kind decides the message's type.

    caption  up to 1024 characters; audio and stickers carry none
    Raises   TextInvalid, WindowClosed, NumberCannotSend, NoRecipient, ConversationClosed
    """
    caption = caption.replace("\x00", "\ufffd").strip()
    if len(caption) > MAX_CAPTION_CHARS or (caption and media.kind in ("audio", "sticker")):
        raise TextInvalid
    quoted = _wamid_of(quoting)
    return _queue(conversation, origin=origin, type=media.kind, body=caption, media=media, quoted_wamid=quoted)


def queue_reaction(conversation: Conversation, *, origin: Origin, target: Message, emoji: str) -> Message:
    """Queue a reaction to a message of this thread; an empty emoji takes ours away.

    Raises  TextInvalid (no such message at the platform), WindowClosed, NumberCannotSend, NoRecipient
    """
    if not target.wamid or len(emoji) > 16 or target.channel_id != conversation.channel_id:
        raise TextInvalid
    content = {"message_id": target.wamid, "emoji": emoji}
    return _queue(conversation, origin=origin, type="reaction", content=content, quoted_wamid=target.wamid)


@transaction.atomic
def undo(message: Message, *, by: User) -> str:
    """Take a message back that has not left yet; gives its text back to the composer.

    Raises  NotUndoable when it is leaving or has left, or is somebody else's
    """
    row = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if row.status != MessageStatus.QUEUED or row.author_id != by.pk:
        raise NotUndoable
    conversation, body = row.conversation, row.body
    before = Message.objects.in_thread().filter(conversation=conversation).exclude(pk=row.pk)
    last = before.order_by("-at", "-sequence").first()
    conversation.last_message = last
    conversation.last_direction = last.direction if last else ""
    conversation.waiting_since = row.metadata.get("_waiting_since") or None
    conversation.save(update_fields=["last_message", "last_direction", "waiting_since"])
    row.delete()
    summary.refresh()
    hints.conversations_changed([conversation.pk])
    return body


@transaction.atomic
def _queue(conversation: Conversation, *, origin: Origin, type: str, template: bool = False, **fields: Any) -> Message:
    if origin.client_token:
        known = Message.objects.filter(client_token=origin.client_token).first()
        if known:
            return known
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    channel = Channel.objects.select_related("contact", "phone_number").get(pk=conversation.channel_id)
    now = timezone.now()
    _check(conversation, channel, at=now, template=template, purpose=fields.get("purpose", ""))
    message = Message.objects.create(
        conversation=conversation,
        channel=channel,
        phone_number_id=channel.phone_number_id,
        direction=Direction.OUTBOUND,
        status=MessageStatus.QUEUED,
        type=type,
        at=now,
        sequence=time.time_ns() // 1000,
        not_before=now + origin.delay if origin.delay else None,
        **_origin_fields(origin, conversation),
        **fields,
    )
    _answered(conversation, message)
    work.mark(work.Kind.OUTBOUND, key=str(channel.phone_number_id), due_at=message.not_before)
    return message


def _check(conversation: Conversation, channel: Channel, *, at: datetime, template: bool, purpose: str) -> None:
    if conversation.status == Conversation.Status.CLOSED:
        raise ConversationClosed
    if channel.phone_number.state not in (PhoneNumber.State.LIVE, PhoneNumber.State.PAUSED):
        raise NumberCannotSend
    if not (channel.contact.wa_id or channel.contact.bsuid):
        raise NoRecipient
    if purpose == Message.Purpose.MARKETING and channel.contact.opted_out_at:
        raise ContactOptedOut
    if not template and not window.is_open(channel.last_inbound_at, at=at):
        raise WindowClosed


def _origin_fields(origin: Origin, conversation: Conversation) -> dict[str, Any]:
    metadata = dict(origin.metadata)
    if conversation.waiting_since:
        metadata["_waiting_since"] = conversation.waiting_since.isoformat()
    return {
        "author": origin.author,
        "api_key_id": origin.api_key.pk if origin.api_key else None,
        "sender_kind": origin.sender_kind,
        "client_token": origin.client_token or None,
        "external_id": origin.external_id,
        "metadata": metadata,
        "priority": origin.priority,
    }


def _answered(conversation: Conversation, message: Message) -> None:
    """What an answer changes: nobody waits any more, the person's messages count as read, pages refetch."""
    changes: dict[str, Any] = {"version": F("version") + 1}
    if message.type != "reaction":
        changes |= {
            "last_message": message,
            "last_message_at": message.at,
            "last_direction": Direction.OUTBOUND,
            "waiting_since": None,
            "unread_count": 0,
        }
    Conversation.objects.filter(pk=conversation.pk).update(**changes)
    receipts.mark_read(conversation)
    summary.refresh()
    hints.conversations_changed([conversation.pk])


def _wamid_of(quoting: Message | None) -> str:
    return (quoting.wamid or "") if quoting else ""


__all__ = ["WAITING", "Origin", "queue_media", "queue_reaction", "queue_text", "undo"]
