"""Takes one message or file away for good: text, structure, bytes, thumbnail and journal. Who, when and why stay."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from conversations import hints
from conversations.errors import NotUndoable
from conversations.models import Conversation, ConversationEvent, Message, WebhookCall
from conversations.services import media_files
from conversations.services.guard import guard_writing
from conversations.services.handling import conversations
from conversations.services.outbox import card_files
from conversations.status import MessageStatus
from conversations.whatsapp import json_text
from tenants.accounts import audit
from tenants.accounts.models import User

MAX_REASON_CHARS = 200
BEFORE = timedelta(hours=1)  # the journal's row is written before the message
LEAVING = (MessageStatus.CLAIMED, MessageStatus.SENDING)


@transaction.atomic
def remove_message(message: Message, by: User, reason: str) -> Message:
    """Remove a message everywhere here; at WhatsApp and on the person's phone it stays. Twice is once.

    reason  1 to 200 characters, kept and shown
    Raises  NotUndoable while the message is just leaving
    """
    row = Message.objects.select_for_update(of=("self",)).select_related("media").get(pk=message.pk)
    if row.removed_at is not None:
        return row
    if row.status in LEAVING:
        raise NotUndoable
    if row.status == MessageStatus.QUEUED:
        row.status, row.refusal = MessageStatus.FAILED, "removed"
        row.failed_at = timezone.now()
    row.body, row.content, row.masks, row.error_details = "", {}, None, ""
    row.metadata = {key: value for key, value in row.metadata.items() if key.startswith("_")}
    row.removed_at, row.removed_by, row.removal_reason = timezone.now(), by, reason[:MAX_REASON_CHARS]
    row.save()
    if row.media is not None:
        media_files.remove(row.media)
    card_files.remove(row)
    row.findings.update(preview="")
    rows = clear_journal(row)
    _tell(row, by=by, reason=reason, journal_rows=rows)
    return row


def clear_journal(message: Message) -> int:
    """Take the content out of every journal row that speaks of this message; returns how many."""
    if not message.wamid:
        return 0
    quoted = json_text.write(message.wamid)
    since = (message.received_at or message.created_at) - BEFORE
    rows = WebhookCall.objects.filter(received_at__gte=since, body__contains=quoted).select_for_update()
    changed = 0
    for call in rows:
        body = _without(call.body, message.wamid)
        if body != call.body:
            changed += WebhookCall.objects.filter(pk=call.pk).update(body=body)
    return changed


def _without(body: str, wamid: str) -> str:
    """The change with every object that is, edits or echoes this message reduced to its id."""
    try:
        change = json_text.read(body.encode())
    except ValueError:
        return json_text.write({"removed": wamid})
    return json_text.write(_cleared(change, wamid))


KEPT = ("id", "from", "from_user_id", "to", "timestamp", "type", "status", "recipient_id")


def _cleared(value: Any, wamid: str) -> Any:
    if isinstance(value, list):
        return [_cleared(each, wamid) for each in value]
    if not isinstance(value, dict):
        return value
    if _speaks_of(value, wamid) and "status" not in value:
        return {**{key: value[key] for key in KEPT if key in value}, "removed": True}
    return {key: _cleared(each, wamid) for key, each in value.items()}


def _speaks_of(value: dict[str, Any], wamid: str) -> bool:
    if value.get("id") == wamid and ("type" in value or "timestamp" in value):
        return True
    edit = value.get("edit")
    return isinstance(edit, dict) and edit.get("original_message_id") == wamid


def _tell(message: Message, *, by: User, reason: str, journal_rows: int) -> None:
    conversation, reason = message.conversation, guard_writing.reason(reason)
    conversations.note_event(
        conversation, ConversationEvent.Kind.MESSAGE_REMOVED, actor=by, message_id=str(message.pk), reason=reason
    )
    audit.record("message.removed", actor=by, subject=message, reason=reason, journal_rows=journal_rows)
    Conversation.objects.filter(pk=conversation.pk).update(version=F("version") + 1)
    hints.conversations_changed([conversation.pk])
