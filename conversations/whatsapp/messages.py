"""Builds the bodies of outbound messages and checks every field against the platform's limits first."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from conversations.whatsapp import limits
from conversations.whatsapp.fields import InvalidField, bounded, required
from conversations.whatsapp.payloads.clean import MAX_ID_CHARS, is_bsuid
from conversations.whatsapp.payloads.clean import wa_id as read_wa_id

Payload = dict[str, Any]

MAX_CALLBACK_CHARS = 512
MEDIA_TYPES = {"image", "video", "audio", "document", "sticker"}
CAPTIONED = {"image", "video", "document"}
_TEMPLATE_NAME = re.compile(r"[a-z0-9_]{1,512}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?\Z")


@dataclass(slots=True, frozen=True)
class Recipient:
    """Whom to write to: by phone number (digits with country code), by business-scoped user id, or both; or a group."""

    wa_id: str | None = None
    bsuid: str | None = None
    group_id: str | None = None

    def address(self) -> Payload:
        """The part of the body that names the person; if both are given the platform uses the number."""
        if self.group_id:
            return {"to": bounded("to", self.group_id, limit=MAX_ID_CHARS)}
        found: Payload = {}
        if self.wa_id:
            digits = read_wa_id(self.wa_id)
            if digits is None:
                raise InvalidField("to", _("This is not a phone number with country code."))
            found["to"] = f"+{digits}"
        if self.bsuid:
            if not is_bsuid(self.bsuid):
                raise InvalidField("recipient", _("This is not a WhatsApp user id."))
            found["recipient"] = self.bsuid
        if not found:
            raise InvalidField("to", _("This person has neither a phone number nor a WhatsApp id to write to."))
        return found


@dataclass(slots=True, frozen=True)
class Envelope:
    """What every message has: whom it is for, what it answers, and our own id, which comes back on its statuses."""

    recipient: Recipient
    callback_data: str | None = None
    reply_to: str | None = None  # wamid that is quoted

    def wrap(self, kind: str, part: Any) -> Payload:
        """The whole body of a message of this type."""
        payload: Payload = {
            "messaging_product": "whatsapp",
            "recipient_type": "group" if self.recipient.group_id else "individual",
            **self.recipient.address(),
            "type": kind,
            kind: part,
        }
        if self.reply_to:
            payload["context"] = {"message_id": bounded("reply_to", self.reply_to, limit=MAX_ID_CHARS)}
        if self.callback_data:
            callback = bounded("callback_data", self.callback_data, limit=MAX_CALLBACK_CHARS)
            payload["biz_opaque_callback_data"] = callback
        return payload


def text(envelope: Envelope, *, body: str, preview_url: bool = False) -> Payload:
    """A free-form text of 1 to 4,096 characters."""
    return envelope.wrap("text", {"body": limits.text("text", "body", body), "preview_url": preview_url})


def media(
    envelope: Envelope,
    *,
    kind: str,
    media_id: str,
    caption: str = "",
    filename: str = "",
    voice: bool = False,
) -> Payload:
    """An uploaded file. Captions go with image, video and document; a file name with document; voice with audio."""
    if kind not in MEDIA_TYPES:
        raise InvalidField("kind", _("This kind of file cannot be sent as a message."))
    part: Payload = {"id": required("media_id", media_id, limit=MAX_ID_CHARS)}
    if caption:
        if kind not in CAPTIONED:
            raise InvalidField("caption", _("A voice message or sticker cannot have a text. Send the text on its own."))
        part["caption"] = limits.text(kind, "caption", caption)
    if filename and kind == "document":
        part["filename"] = limits.text("document", "filename", filename)
    if voice and kind == "audio":
        part["voice"] = True
    return envelope.wrap(kind, part)


def reaction(envelope: Envelope, *, target: str, emoji: str) -> Payload:
    """A reaction to a message; an empty emoji takes it back."""
    if emoji and emoji.isascii():
        raise InvalidField("emoji", _("A reaction is one emoji. Choose one from the list."))
    sign = limits.text("reaction", "emoji", emoji)
    return envelope.wrap("reaction", {"message_id": required("target", target, limit=MAX_ID_CHARS), "emoji": sign})


def template(envelope: Envelope, *, name: str, language: str, components: Sequence[Payload] = ()) -> Payload:
    """An approved message template; ``components`` come from ``template_text.to_components``."""
    if not _TEMPLATE_NAME.match(name):
        raise InvalidField("name", _("The name of a template has lower-case letters, digits and underscores only."))
    code = language.replace("-", "_")
    if not _LANGUAGE.match(code):
        raise InvalidField("language", _("This is not a language code of WhatsApp."))
    part: Payload = {"name": name, "language": {"code": code}}
    if components:
        part["components"] = list(components)
    return envelope.wrap("template", part)


def location(envelope: Envelope, *, latitude: float, longitude: float, name: str = "", address: str = "") -> Payload:
    """A place on the map."""
    return envelope.wrap("location", place(latitude=latitude, longitude=longitude, name=name, address=address))


def place(*, latitude: float, longitude: float, name: str = "", address: str = "") -> Payload:
    """The content of a place. Raises InvalidField"""
    part: Payload = {
        "latitude": _degrees("latitude", latitude, bound=90),
        "longitude": _degrees("longitude", longitude, bound=180),
    }
    for field, value in (("name", name), ("address", address)):
        if value:
            part[field] = limits.text("location", field, value)
    return part


def contacts(envelope: Envelope, *, cards: Sequence[Payload]) -> Payload:
    """Address cards; each needs ``name.formatted_name`` and one more part of the name."""
    return envelope.wrap("contacts", address_cards(cards))


def address_cards(cards: Sequence[Payload]) -> list[Payload]:
    """The content of address cards. Raises InvalidField"""
    limits.count("contacts", "contacts", cards)
    return [_card(card, f"contacts.{place}") for place, card in enumerate(cards)]


def _card(card: Payload, place: str) -> Payload:
    name = card.get("name")
    given = name if isinstance(name, dict) else {}
    formatted = limits.text("contacts", "name", str(given.get("formatted_name") or ""), place=f"{place}.name")
    if not any(part for key, part in given.items() if key != "formatted_name"):
        given = {**given, "first_name": formatted}
    for several, one in (("phones", "phone"), ("emails", "email")):
        _rows(card, place, several, one)
    return {**card, "name": given}


def _rows(card: Payload, place: str, several: str, one: str) -> None:
    rows = card.get(several)
    if not rows:
        return
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidField(f"{place}.{several}", _("This is not a list of numbers or addresses."))
    limits.count("contacts", several, rows, place=f"{place}.{several}")
    for number, row in enumerate(rows):
        limits.text("contacts", one, str(row.get(one) or ""), place=f"{place}.{several}.{number}.{one}")


def _degrees(field: str, value: float, *, bound: int) -> float:
    if not math.isfinite(value) or abs(value) > bound:
        raise InvalidField(field, _("This is not a place on the map."))
    return value
