"""Reads what a message says: one small reader per type, a default for types nobody has seen."""

import json
from collections.abc import Callable
from typing import Any

from conversations.whatsapp.payloads.clean import (
    MAX_NAME_CHARS,
    bsuid,
    clean,
    identifier,
    number,
    record,
    rows,
    text,
    wa_id,
    whole,
)
from conversations.whatsapp.payloads.types import MediaRef, PlatformProblem

Fields = dict[str, Any]
MAX_TYPE_CHARS = 40
MAX_MIME_CHARS = 127
MAX_RESPONSE_CHARS = 200_000
MAX_FIELDS = 100
UNKNOWN_TYPE = "unknown"


def body_fields(message: Fields) -> Fields:
    """The arguments of MessageBody for one message object of the platform."""
    kind = identifier(message.get("type"), limit=MAX_TYPE_CHARS)
    part = message.get(kind) if kind else None
    if kind is None:
        fields: Fields = {"type": UNKNOWN_TYPE, "content": {"raw": clean(message)}}
    else:
        fields = {"type": kind}
        reader = READERS.get(kind, _unseen)
        fields.update(reader(part) if isinstance(part, dict | list) or reader is _unseen else _odd(part))
    if "context" in message:
        fields.update(_context(record(message["context"]), fields))
    if "referral" in message and isinstance(message["referral"], dict):
        fields["referral"] = clean(message["referral"])
    if "errors" in message:
        fields["errors"] = problems(message["errors"])
    return fields


def problems(value: Any) -> tuple[PlatformProblem, ...]:
    """The platform's ``errors`` array."""
    return tuple(_problem(item) for item in rows(value) if isinstance(item, dict))


def _problem(item: Fields) -> PlatformProblem:
    details = text(record(item.get("error_data")).get("details")) or text(item.get("details"))
    return PlatformProblem(
        code=whole(item.get("code")),
        title=text(item.get("title"), limit=MAX_NAME_CHARS) or "",
        message=text(item.get("message")) or "",
        details=details or "",
    )


def _context(context: Fields, fields: Fields) -> Fields:
    origin = context.get("from")
    found: Fields = {
        "quoted_wamid": identifier(context.get("id")),
        "quoted_from": wa_id(origin) or bsuid(origin),
        "forwarded": context.get("forwarded") is True or context.get("frequently_forwarded") is True,
        "frequently_forwarded": context.get("frequently_forwarded") is True,
    }
    if isinstance(product := context.get("referred_product"), dict):
        found["content"] = {**fields.get("content", {}), "referred_product": clean(product)}
    return found


def _text(part: Any) -> Fields:
    body = text(record(part).get("body"))
    return {"text": body} if body is not None else _odd(part)


def _media(part: Any) -> Fields:
    media = record(part)
    return {
        "text": text(media.get("caption")),
        "media": MediaRef(
            id=identifier(media.get("id")),
            mime_type=text(media.get("mime_type"), limit=MAX_MIME_CHARS) or "",
            sha256=text(media.get("sha256"), limit=MAX_NAME_CHARS) or "",
            url=text(media.get("url")),
            filename=text(media.get("filename"), limit=MAX_NAME_CHARS),
            voice=media.get("voice") is True,
            animated=media.get("animated") is True,
        ),
    }


def _location(part: Any) -> Fields:
    place = record(part)
    content = clean(place)
    for name, bound in (("latitude", 90.0), ("longitude", 180.0)):
        degrees = number(place.get(name))
        content[name] = degrees if degrees is not None and abs(degrees) <= bound else None
    return {"content": content}


def _contacts(part: Any) -> Fields:
    return {"content": {"contacts": [clean(card) for card in rows(part) if isinstance(card, dict)]}}


def _reaction(part: Any) -> Fields:
    reaction = record(part)
    return {
        "reaction_target": identifier(reaction.get("message_id")),
        "reaction_emoji": text(reaction.get("emoji"), limit=MAX_NAME_CHARS) or "",
    }


def _interactive(part: Any) -> Fields:
    kind = identifier(record(part).get("type"), limit=MAX_TYPE_CHARS)
    reply = record(part).get(kind) if kind else None
    if not isinstance(reply, dict):
        return {"content": {"kind": kind, "raw": clean(part)}}
    content = {**clean(reply), "kind": kind}
    if kind == "nfm_reply":
        content["response"] = _response(reply.get("response_json"))
        content.pop("response_json", None)
        if isinstance(content["response"], dict):
            content["fields"] = list(content["response"])[:MAX_FIELDS]  # jsonb keeps no order of its own
    return {"text": text(reply.get("title")) or text(reply.get("body")), "content": content}


def _response(value: Any) -> Any:
    """The answers of a form, which come as JSON inside a JSON text; kept as text when they are not JSON."""
    if not isinstance(value, str) or len(value) > MAX_RESPONSE_CHARS:
        return clean(value) if not isinstance(value, str) else clean(value[:MAX_RESPONSE_CHARS])
    try:
        return clean(json.loads(value))
    except (ValueError, RecursionError):
        return clean(value)


def _button(part: Any) -> Fields:
    return {"text": text(record(part).get("text")), "content": clean(record(part))}


def _order(part: Any) -> Fields:
    return {"text": text(record(part).get("text")), "content": clean(record(part))}


def _system(part: Any) -> Fields:
    return {"text": text(record(part).get("body")), "content": clean(record(part))}


def _unsupported(part: Any) -> Fields:
    return {"content": clean(record(part))}


def _edit(part: Any) -> Fields:
    nested = record(record(part).get("message"))
    inner = body_fields(nested) if nested.get("type") != "edit" else _odd(part)
    fields: Fields = {name: inner[name] for name in ("text", "content", "media") if name in inner}
    return {
        **fields,
        "edited_type": inner.get("type"),
        "original_wamid": identifier(record(part).get("original_message_id")),
    }


def _revoke(part: Any) -> Fields:
    return {"original_wamid": identifier(record(part).get("original_message_id"))}


def _unseen(part: Any) -> Fields:
    return {} if part is None else {"content": {"raw": clean(part)}}


def _odd(part: Any) -> Fields:
    return {"content": {"raw": clean(part)}}


READERS: dict[str, Callable[[Any], Fields]] = {
    "text": _text,
    "image": _media,
    "video": _media,
    "audio": _media,
    "document": _media,
    "sticker": _media,
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "system": _system,
    "edit": _edit,
    "revoke": _revoke,
    "unsupported": _unsupported,
}
