"""Sends once more what failed or stayed unknown, when a person says so."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from conversations.errors import NotRepeatable
from conversations.models import Conversation, Direction, InboxSettings, Message
from conversations.services import media_files
from conversations.services.guard import guarding_out
from conversations.services.handling import conversations
from conversations.services.outbox import card_files
from conversations.services.outbox.outbox_rows import Draft, Origin, queue
from conversations.status import MessageStatus
from conversations.whatsapp.errors import rule_for
from tenants.accounts.models import User

MEDIA_FAILED = 131053  # worth another try: the file may have been slow to process


@transaction.atomic
def send_again(message: Message, *, by: User) -> Message:
    """Queue a copy of a message; its ``client_token`` and ``content["again_of"]`` lead to the first. Twice is once.

    Raises  NotRepeatable (it may still be on its way, or would be refused again), and what outbox_rows.queue raises
    """
    row = Message.objects.select_for_update(of=("self",)).select_related("media").get(pk=message.pk)
    token = token_of(row)
    known = Message.objects.filter(client_token=token).first()
    if known is not None:
        return known
    if not may_send_again(row):
        raise NotRepeatable
    conversation = Conversation.objects.select_related("channel").get(pk=row.conversation_id)
    if conversation.status == Conversation.Status.CLOSED:
        conversation = conversations.live_of(conversation.channel)
    draft = Draft(
        type=row.type,
        body=row.body,
        content={**row.content, "again_of": str(row.pk)},
        media=media_files.copy(row.media) if row.media else None,
        quoted_wamid=row.quoted_wamid,
        purpose=row.purpose,
    )
    why = guarding_out.earlier_reason(row)
    origin = Origin(author=by, client_token=token, external_id=row.external_id, metadata=row.metadata, override=why)
    again = queue(conversation, origin=origin, draft=draft)
    card_files.keep(again, card_files.copies(row))
    return again


def token_of(message: Message) -> str:
    """The ``client_token`` of the message that repeats this one."""
    return f"again:{message.pk}"


def may_send_again(
    message: Message, *, at: datetime | None = None, inbox_settings: InboxSettings | None = None
) -> bool:
    """Whether a person may decide now that the same goes out once more.

    A failed one if it may fare better: we refused it (and judge anew), or the platform's reason passes. An unknown one
    when the time is over in which a status usually settles it.
    """
    if message.direction != Direction.OUTBOUND or message.gone:
        return False
    if message.status == MessageStatus.FAILED:
        rule = rule_for(message.error_code)
        passes = rule.waits or rule.resumes_after_fix or message.error_code == MEDIA_FAILED
        return bool(message.refusal) or message.error_code is None or passes
    settles = timedelta(minutes=(inbox_settings or InboxSettings.load()).unknown_settles_minutes)
    left_at = message.sending_at or message.at
    return message.status == MessageStatus.UNKNOWN and (at or timezone.now()) - left_at >= settles
