"""Sends for an integrator: finds the conversation and puts the message in the outbox, in one transaction."""

from typing import Any

from django.db import transaction

from conversations.errors import TemplateUnusable
from conversations.models import Conversation, Message, MessageTemplate
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
    if "text" in request:
        return outbox.queue_text(conversation, origin=origin, body=request["text"]["body"])
    return _template(conversation, request["template"], origin=origin)


def _template(conversation: Conversation, part: dict[str, Any], *, origin: outbox.Origin) -> Message:
    template = MessageTemplate.objects.filter(
        waba_id=conversation.phone_number.waba_id, name=part["name"], language=part["language"]
    ).first()
    if template is None:
        raise TemplateUnusable
    return outbox.queue_template(
        conversation,
        origin=origin,
        template=template,
        values=part["values"],
        purpose=part["purpose"],
        reference=part["reference"],
    )
