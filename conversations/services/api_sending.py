"""Sends for an integrator: finds the conversation and puts the message in the outbox, in one transaction."""

from typing import Any

from django.db import transaction

from conversations.models import Message
from conversations.services import outbox, recipients
from tenants.accounts.models import ApiKey


@transaction.atomic
def send(request: dict[str, Any], *, api_key: ApiKey) -> Message:
    """Queue what an API call asks for (fields: ``api.sending.SendSerializer``).

    Raises  what recipients.conversation_for and the outbox raise; then nothing is kept
    """
    conversation = recipients.conversation_for(
        conversation_id=request.get("conversation_id"),
        contact_id=request.get("contact_id"),
        phone=request.get("to"),
        phone_number_id=request.get("phone_number_id"),
    )
    origin = outbox.Origin(
        api_key=api_key,
        sender_kind=Message.SenderKind.API,
        external_id=request["external_id"],
        metadata=request["metadata"],
    )
    return outbox.queue_text(conversation, origin=origin, body=request["text"]["body"])
