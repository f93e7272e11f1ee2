"""Sends for an integrator: finds the conversation and puts the message in the outbox, in one transaction."""

from typing import Any
from uuid import UUID

from django.db import transaction

from conversations.errors import FileRefused, TemplateUnusable
from conversations.models import Conversation, Direction, MediaFile, Message, MessageTemplate
from conversations.services import media_files
from conversations.services.outbox import api_offers, outbox, recipients
from conversations.whatsapp import template_text
from tenants.accounts.models import ApiKey

FILES = ("image", "video", "document", "audio", "sticker")


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
        override=request.get("override_reason", ""),
    )
    quoting = _message(conversation, request["reply_to"]) if "reply_to" in request else None
    return _queue(conversation, request, origin=origin, quoting=quoting)


def _queue(
    conversation: Conversation, request: dict[str, Any], *, origin: outbox.Origin, quoting: Message | None
) -> Message:
    if "template" in request:
        return _template(conversation, request["template"], origin=origin, quoting=quoting)
    if "reaction" in request:
        part = request["reaction"]
        target = _message(conversation, part["message_id"])
        return outbox.queue_reaction(conversation, origin=origin, target=target, emoji=part["emoji"])
    if "text" in request:
        return outbox.queue_text(conversation, origin=origin, quoting=quoting, **request["text"])
    if "location" in request:
        return outbox.queue_location(conversation, origin=origin, quoting=quoting, **request["location"])
    if "contacts" in request:
        cards = [api_offers.plain(card) for card in request["contacts"]]
        return outbox.queue_contacts(conversation, origin=origin, cards=cards, quoting=quoting)
    for kind in FILES:
        if kind in request:
            part = request[kind]
            media = _sent_file(conversation, part, kind=kind)
            return outbox.queue_media(
                conversation, origin=origin, media=media, caption=part.get("caption", ""), quoting=quoting
            )
    return _offer(conversation, request, origin=origin, quoting=quoting)


def _offer(
    conversation: Conversation, request: dict[str, Any], *, origin: outbox.Origin, quoting: Message | None
) -> Message:
    kind = next(kind for kind in api_offers.MAKERS if kind in request)
    part = request[kind]
    above = part.get("header_media_id")
    media = _file(conversation, above, kinds=api_offers.HEADINGS) if above else None
    with outbox.checked():
        offer = api_offers.MAKERS[kind](part, media.kind if media else "")
    cards = {
        number: _file(conversation, card["media_id"], kinds=(card["media_kind"],))
        for number, card in enumerate(part.get("cards", []))
        if "media_id" in card
    }
    return outbox.queue_offer(conversation, origin=origin, offer=offer, media=media, card_media=cards, quoting=quoting)


def _message(conversation: Conversation, message_id: UUID) -> Message:
    """A message of the same thread. Raises NotFound"""
    found = Message.objects.filter(pk=message_id, channel_id=conversation.channel_id).first()
    if found is None:
        raise recipients.NotFound
    return found


def _sent_file(conversation: Conversation, part: dict[str, Any], *, kind: str) -> MediaFile:
    """The uploaded file, or one that a worker will fetch. Raises what _file raises, LinkRefused"""
    if "media_id" in part:
        return _file(conversation, part["media_id"], kinds=(kind,))
    return media_files.from_link(
        part["link"],
        kind=kind,
        phone_number_id=conversation.phone_number_id,
        filename=part.get("filename", ""),
        voice=part.get("voice", False),
    )


def _file(conversation: Conversation, media_id: UUID, *, kinds: tuple[str, ...]) -> MediaFile:
    """An uploaded file for one message of this number; one that a message has already is copied.

    Raises  NotFound, FileRefused when it is of another kind or its conversion failed
    """
    media = MediaFile.objects.filter(pk=media_id, direction=Direction.OUTBOUND).first()
    if media is None or media.state == MediaFile.State.REMOVED:
        raise recipients.NotFound
    if media.kind not in kinds or media.state not in (MediaFile.State.STORED, MediaFile.State.PENDING):
        raise FileRefused
    used = media.card_of_id is not None or Message.objects.filter(media=media).exists()
    if used or media.phone_number_id != conversation.phone_number_id:
        return media_files.copy(media, phone_number_id=conversation.phone_number_id)
    return media


def _template(
    conversation: Conversation, part: dict[str, Any], *, origin: outbox.Origin, quoting: Message | None
) -> Message:
    template = MessageTemplate.objects.filter(
        waba_id=conversation.phone_number.waba_id, name=part["name"], language=part["language"]
    ).first()
    if template is None:
        raise TemplateUnusable
    kinds = {one.key: one.kind for one in template_text.variables(template.components) if one.name == "media"}
    named = "media_id" in part or "link" in part
    cards = {
        one["card"]: _template_file(conversation, one, kind=kinds.get(f"card.{one['card']}.header.media", ""))
        for one in part.get("cards", [])
    }
    return outbox.queue_template(
        conversation,
        origin=origin,
        template=template,
        media=_template_file(conversation, part, kind=kinds.get("header.media", "")) if named else None,
        card_media=cards,
        values=part["values"],
        purpose=part["purpose"],
        reference=part["reference"],
        quoted_wamid=(quoting.wamid or "") if quoting else "",
    )


def _template_file(conversation: Conversation, part: dict[str, Any], *, kind: str) -> MediaFile:
    """A file for a heading of a template; its kind is checked by the template, an address is fetched as that kind.

    Raises  what _file raises, LinkRefused, TemplateUnusable where no file stands
    """
    if "media_id" in part:
        return _file(conversation, part["media_id"], kinds=api_offers.HEADINGS)
    if not kind:
        raise TemplateUnusable("header.media")
    return media_files.from_link(part["link"], kind=kind, phone_number_id=conversation.phone_number_id)
