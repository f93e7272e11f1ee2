"""The platform's reading of a send: what every body needs, and what each free-form type needs."""

import re
from collections.abc import Callable
from typing import Any

from simulator.checks_interactive import check_interactive
from simulator.errors import GraphError
from simulator.media import LIMITS, kind_of
from simulator.shapes import list_of, number_in, require, text
from simulator.simulation import Simulation
from simulator.world import Number

_TYPES = (
    "text",
    "image",
    "video",
    "document",
    "sticker",
    "audio",
    "location",
    "contacts",
    "reaction",
    "interactive",
    "template",
    "pin",
)
_CAPTION = 1024
_MAX_CONTACTS = 257
_BSUID = re.compile(r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$")


def check_head(body: dict[str, Any]) -> str:
    """The parts that every send has; returns the type. Raises GraphError."""
    if body.get("messaging_product") != "whatsapp":
        raise GraphError(100, message="(#100) The parameter messaging_product is required.")
    if body.get("recipient_type", "individual") not in ("individual", "group"):
        raise GraphError(100, message="(#100) Param recipient_type must be one of {INDIVIDUAL, GROUP}.")
    kind = body.get("type", "text")
    if kind not in _TYPES:
        names = ", ".join(name.upper() for name in _TYPES)
        raise GraphError(100, message=f"(#100) Param type must be one of {{{names}}} - got {str(kind)[:40]!r}.")
    data = body.get("biz_opaque_callback_data")
    if data is not None and (not isinstance(data, str) or len(data) > 512):
        raise GraphError(131009, "biz_opaque_callback_data must be a string of at most 512 characters.")
    context = body.get("context")
    if context is not None and not (isinstance(context, dict) and isinstance(context.get("message_id"), str)):
        raise GraphError(131009, "context must have a message_id.")
    return str(kind)


def recipient(body: dict[str, Any], number: Number) -> str:
    """Digits of a phone number, or a business-scoped id. `to` wins over `recipient`. Raises GraphError."""
    to, bsuid = body.get("to"), body.get("recipient")
    if to:
        digits = re.sub(r"[\s()+.-]", "", str(to))
        if not re.fullmatch(r"[0-9]{5,17}", digits):
            raise GraphError(131009, "Parameter to is not a valid WhatsApp phone number.")
        if digits == number.digits:
            raise GraphError(131021, "Recipient phone number is the sender's own.")
        return digits
    if bsuid:
        if not isinstance(bsuid, str) or not _BSUID.match(bsuid):
            raise GraphError(131009, "Parameter recipient is not a valid business-scoped user ID.")
        return bsuid
    raise GraphError(100, message="(#100) The parameter to is required.")


def check_content(sim: Simulation, body: dict[str, Any], kind: str, number: Number) -> None:
    """The object named after the type. Raises GraphError."""
    content = body.get(kind)
    if content is None or (kind != "contacts" and not isinstance(content, dict)):
        raise GraphError(131008, f"Parameter '{kind}' is mandatory for type '{kind}' and must be an object.")
    if kind in LIMITS:
        _check_media(sim, content, kind, number)
    elif kind in _CHECKS:
        _CHECKS[kind](content)


def _check_text(content: dict[str, Any]) -> None:
    body = content.get("body")
    if not isinstance(body, str) or not body.strip():
        raise GraphError(100, message="(#100) The parameter text['body'] is required.")
    if len(body) > 4096:
        raise GraphError(100, message="(#100) Param text['body'] must be at most 4096 characters long.")
    if not isinstance(content.get("preview_url", False), bool):
        raise GraphError(100, message="(#100) Param text['preview_url'] must be a boolean.")


def _check_media(sim: Simulation, content: dict[str, Any], kind: str, number: Number) -> None:
    media_id, link = content.get("id"), content.get("link")
    if bool(media_id) == bool(link):
        raise GraphError(131008, f"Exactly one of id and link is required in {kind}.")
    if link and not re.match(r"https?://", str(link)):
        raise GraphError(131009, f"Param {kind}['link'] is not a valid URI.")
    if media_id:
        check_media_id(sim, str(media_id), kind, number)
    if kind in ("audio", "sticker") and "caption" in content:
        raise GraphError(131009, f"caption is not allowed for {kind}.")
    text(content, "caption", longest=_CAPTION, needed=False)
    text(content, "filename", longest=240, needed=False)


def check_media_id(sim: Simulation, media_id: str, kind: str, number: Number) -> None:
    """The file was uploaded for this number and may travel as this type. Raises GraphError."""
    media = sim.media.get(media_id)
    if media is None or media.owner != number.id:
        label = f"{kind}['id']"
        raise GraphError(
            100, message=f"(#100) Param {label} is not a valid whatsapp business account media attachment ID"
        )
    if kind != "document" and kind_of(media.mime_type) != kind:
        raise GraphError(131053, f"A file of type {media.mime_type} cannot be sent as {kind}.")
    if media.size > LIMITS[kind][0]:
        raise GraphError(131053, f"The file is over the limit of {LIMITS[kind][0]} bytes for {kind}.")


def _check_location(content: dict[str, Any]) -> None:
    number_in(content, "latitude", low=-90, high=90)
    number_in(content, "longitude", low=-180, high=180)
    text(content, "name", longest=1000, needed=False)
    text(content, "address", longest=1000, needed=False)


def _check_contacts(content: Any) -> None:
    if not isinstance(content, list) or not content:
        raise GraphError(131008, "contacts must be a list with at least one contact.")
    if len(content) > _MAX_CONTACTS:
        raise GraphError(131009, f"contacts may hold at most {_MAX_CONTACTS} contacts.")
    for item in content:
        name = require(item if isinstance(item, dict) else {}, "name", dict)
        text(name, "formatted_name", longest=1000)
        parts = ("first_name", "last_name", "middle_name", "suffix", "prefix")
        if not any(name.get(part) for part in parts):
            raise GraphError(131009, "A contact's name needs at least one part beside formatted_name.")
        for phone in list_of(item, "phones", needed=False):
            text(phone, "phone", longest=64, needed=False)


def _check_reaction(content: dict[str, Any]) -> None:
    text(content, "message_id", longest=512)
    emoji = content.get("emoji")
    if not isinstance(emoji, str) or len(emoji) > 20:
        raise GraphError(131008, "reaction needs an emoji; an empty one removes the reaction.")


def _check_pin(content: dict[str, Any]) -> None:
    text(content, "message_id", longest=512)
    kind = content.get("type")
    if kind not in ("pin", "unpin"):
        raise GraphError(131009, "pin['type'] must be pin or unpin.")
    if kind == "pin":
        number_in(content, "expiration_days", low=1, high=30)


_CHECKS: dict[str, Callable[[Any], None]] = {
    "text": _check_text,
    "location": _check_location,
    "contacts": _check_contacts,
    "reaction": _check_reaction,
    "interactive": check_interactive,
    "pin": _check_pin,
}
