"""Cuts a webhook document into changes and finds out whom each concerns, whatever its shape."""

from typing import Any

from conversations.whatsapp.payloads.clean import identifier, moment, record, text
from conversations.whatsapp.payloads.types import Change

PARTNER_EVENTS = "PARTNER_"
MAX_FIELD_CHARS = 80


def split(document: Any) -> list[Change]:
    """Every change of the document in order; parts of an odd shape become changes without a field, so none is lost."""
    entries = record(document).get("entry")
    if not isinstance(entries, list):
        return [_odd(document, None)]
    found: list[Change] = []
    for entry in entries:
        changes = record(entry).get("changes")
        if not isinstance(changes, list):
            found.append(_odd(entry, record(entry)))
            continue
        found.extend(_change(item, entry) for item in changes)
    return found


def _change(item: Any, entry: dict[str, Any]) -> Change:
    field = text(record(item).get("field"), limit=MAX_FIELD_CHARS)
    if field is None:
        return _odd(item, entry)
    value = item.get("value")
    return Change(
        entry_id=identifier(entry.get("id")),
        entry_time=moment(entry.get("time")),
        field=field,
        value=value,
        phone_number_id=identifier(record(record(value).get("metadata")).get("phone_number_id")),
        waba_id=_waba_id(field, record(value), entry),
    )


def _waba_id(field: str, value: dict[str, Any], entry: dict[str, Any]) -> str | None:
    """The account a change speaks of; for PARTNER events the entry names a business portfolio instead."""
    if field == "account_update":
        named = identifier(record(value.get("waba_info")).get("waba_id"))
        event = value.get("event")
        if named or (isinstance(event, str) and event.startswith(PARTNER_EVENTS)):
            return named
    return identifier(entry.get("id"))


def _odd(raw: Any, entry: dict[str, Any] | None) -> Change:
    entry_id = identifier((entry or {}).get("id"))
    return Change(entry_id, moment((entry or {}).get("time")), "", raw, None, entry_id)
