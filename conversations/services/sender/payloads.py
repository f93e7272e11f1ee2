"""Turns a claimed message into the body of its request."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from conversations.services.sender.claims import Claimed
from conversations.status import MEDIA_TYPES
from conversations.whatsapp import messages
from conversations.whatsapp.fields import InvalidField
from conversations.whatsapp.messages import Envelope, Payload, Recipient

CALLBACK = "msg:"


def callback_data(message_id: UUID) -> str:
    """Our own id as it travels with a message and comes back on each of its statuses."""
    return f"{CALLBACK}{message_id}"


def build(claimed: Claimed, *, media_id: str = "", card_ids: Mapping[int, str] | None = None) -> Payload:
    """The body to send.

    media_id  the platform's id of the message's file
    card_ids  those of its cards' files, by the card's number
    Raises    InvalidField
    """
    envelope = Envelope(
        Recipient(claimed.wa_id, claimed.bsuid, claimed.group_id),
        callback_data=callback_data(claimed.id),
        reply_to=claimed.quoted_wamid or None,
    )
    if claimed.type == "text":
        preview = bool(claimed.content.get("preview_url", "://" in claimed.body))
        return messages.text(envelope, body=claimed.body, preview_url=preview)
    if claimed.type in MEDIA_TYPES and claimed.file:
        return messages.media(
            envelope,
            kind=claimed.type,
            media_id=media_id,
            caption=claimed.body,
            filename=claimed.file.filename,
            voice=claimed.file.voice,
        )
    return _structured(claimed, envelope, media_id=media_id, card_ids=card_ids or {})


def _structured(claimed: Claimed, envelope: Envelope, *, media_id: str, card_ids: Mapping[int, str]) -> Payload:
    content = claimed.content
    match claimed.type:
        case "reaction":
            plain = Envelope(envelope.recipient, callback_data=envelope.callback_data)
            return messages.reaction(plain, target=content.get("message_id", ""), emoji=content.get("emoji", ""))
        case "template":
            named = content.get("template", {})
            components = [_with_files(one, media_id, card_ids) for one in content.get("components", [])]
            return messages.template(
                envelope, name=named.get("name", ""), language=named.get("language", ""), components=components
            )
        case "location":
            place = {name: content[name] for name in ("latitude", "longitude", "name", "address") if name in content}
            return messages.location(envelope, **place)
        case "contacts":
            return messages.contacts(envelope, cards=content.get("contacts", []))
        case "interactive":
            return envelope.wrap("interactive", _offer(claimed, media_id=media_id, card_ids=card_ids))
    raise InvalidField("type", "")


def _offer(claimed: Claimed, *, media_id: str, card_ids: Mapping[int, str]) -> Payload:
    """What is offered, with what is only known when it leaves: the id of a heading's file, the token of a form."""
    offer: Payload = dict(claimed.content.get("interactive", {}))
    header = offer.get("header", {})
    if media_id and header.get("type") in ("image", "video", "document"):
        offer["header"] = {**header, header["type"]: {"id": media_id}}
    if card_ids and offer.get("type") == "carousel":
        shown = [_card(one, card_ids.get(number, "")) for number, one in enumerate(offer["action"]["cards"])]
        offer["action"] = {**offer["action"], "cards": shown}
    if offer.get("type") == "flow":
        action = offer["action"]
        parameters = {**action["parameters"], "flow_token": str(claimed.id)}
        offer["action"] = {**action, "parameters": parameters}
    return offer


def _card(card: dict[str, Any], media_id: str) -> dict[str, Any]:
    header = card["header"]
    return {**card, "header": {**header, header["type"]: {"id": media_id}}} if media_id else card


def _with_files(component: dict[str, Any], media_id: str, card_ids: Mapping[int, str]) -> dict[str, Any]:
    """A part of a template with the ids of its files at the platform, also those of the cards it holds."""
    if component.get("type") != "carousel":
        return _with_file(component, media_id)
    cards = [
        {**card, "components": [_with_file(one, card_ids.get(number, "")) for one in card["components"]]}
        for number, card in enumerate(component["cards"])
    ]
    return {**component, "cards": cards}


def _with_file(component: dict[str, Any], media_id: str) -> dict[str, Any]:
    """A header with the file's id at the platform, which is only known when it leaves."""
    if not media_id or component.get("type") != "header":
        return component
    parameters = [
        {**one, one["type"]: {**one[one["type"]], "id": media_id}}
        if one.get("type") in ("image", "video", "document")
        else one
        for one in component.get("parameters", [])
    ]
    return {**component, "parameters": parameters}
