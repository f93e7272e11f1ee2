"""Reads what became of sent messages."""

from typing import Any

from conversations.whatsapp.payloads.body import problems
from conversations.whatsapp.payloads.clean import bsuid, clean, identifier, moment, text, truth
from conversations.whatsapp.payloads.messages import Directory, identities
from conversations.whatsapp.payloads.types import Event, StatusUpdate, Unknown

MAX_WORD_CHARS = 40
MAX_CALLBACK_CHARS = 512


def read_status(status: Any, people: Directory) -> Event:
    """One element of ``statuses``."""
    if not isinstance(status, dict):
        return Unknown(clean(status), "A status is not an object.")
    wamid, name = identifier(status.get("id")), word(status.get("status"))
    if wamid is None or name is None:
        return Unknown(clean(status), "A status lacks its message or its name.")
    to_group = status.get("recipient_type") == "group"
    recipient = status.get("recipient_id")
    phone, person = identities(None if to_group else recipient, status.get("recipient_user_id"))
    if person is None and isinstance(recipient, str) and recipient in people:
        person = bsuid(people[recipient].get("user_id"))
    return StatusUpdate(
        wamid=wamid,
        status=name,
        at=moment(status.get("timestamp")),
        recipient_phone=phone,
        recipient_bsuid=person,
        recipient_parent_bsuid=bsuid(status.get("recipient_parent_user_id")),
        group_id=identifier(recipient) if to_group else None,
        participant=identifier(status.get("recipient_participant_id")),
        callback_data=text(status.get("biz_opaque_callback_data"), limit=MAX_CALLBACK_CHARS) or None,
        pricing=_pricing(status["pricing"]) if isinstance(status.get("pricing"), dict) else None,
        conversation=clean(status["conversation"]) if isinstance(status.get("conversation"), dict) else None,
        errors=problems(status["errors"]) if "errors" in status else (),
    )


def word(value: Any) -> str | None:
    """A name of the platform in one spelling: lower case, underscores."""
    found = identifier(value, limit=MAX_WORD_CHARS)
    return found.strip().lower().replace("-", "_") or None if found else None


def _pricing(pricing: dict[str, Any]) -> dict[str, Any]:
    return {
        "category": word(pricing.get("category")),
        "type": word(pricing.get("type")),
        "model": word(pricing.get("pricing_model")),
        "billable": truth(pricing.get("billable")),
    }
