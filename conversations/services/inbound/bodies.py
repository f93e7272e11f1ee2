"""What a message says, in the columns of a row."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from conversations.models import Direction, MediaFile
from conversations.whatsapp import payloads
from tenants import bulk
from tenants.ids import uuid7

INBOUND_ID_LIVES = timedelta(days=7)
MAX_TYPE_CHARS = 20
MAX_WAMID_CHARS = 160


def fields(body: payloads.MessageBody) -> bulk.Row:
    """Type, text and structure of a message."""
    return {
        "type": body.type[:MAX_TYPE_CHARS],
        "body": body.text or "",
        "content": content(body),
        "quoted_wamid": _wamid(body.reaction_target if body.type == "reaction" else body.quoted_wamid),
        "forwarded": body.forwarded,
    }


def content(body: payloads.MessageBody) -> dict[str, Any]:
    """The structured part, with whatever else the platform said about the message."""
    found = dict(body.content)
    if body.type == "reaction":
        found |= {"message_id": body.reaction_target, "emoji": body.reaction_emoji or ""}
    if len(body.type) > MAX_TYPE_CHARS:
        found["platform_type"] = body.type
    if body.frequently_forwarded:
        found["frequently_forwarded"] = True
    if body.referral:
        found["referral"] = body.referral
    if body.errors:
        found["errors"] = [
            {"code": e.code, "title": e.title, "message": e.message, "details": e.details} for e in body.errors
        ]
    return found


def file_row(body: payloads.MessageBody, *, direction: Direction, number_id: UUID, at: datetime) -> bulk.Row:
    """The file of a message, to be fetched at once; without a usable id there is nothing to fetch."""
    media = body.media
    assert media is not None  # noqa: S101  callers ask only for messages with a file
    usable = bool(media.id) and len(media.id or "") <= 80
    return {
        "id": uuid7(),
        "platform_id": media.id if usable else "",
        "platform_id_until": at + INBOUND_ID_LIVES,
        "phone_number_id": number_id,
        "direction": direction,
        "kind": (body.edited_type or body.type)[:12],
        "mime_type": media.mime_type[:120],
        "filename": (media.filename or "")[:255],
        "platform_sha256": media.sha256[:88],
        "voice": media.voice,
        "animated": media.animated,
        "state": MediaFile.State.PENDING if usable else MediaFile.State.FAILED,
        "problem": "" if usable else "no_media_id",
        "due_at": at if usable else None,
        "received_at": at,
    }


def _wamid(value: str | None) -> str:
    return value if value and len(value) <= MAX_WAMID_CHARS else ""
