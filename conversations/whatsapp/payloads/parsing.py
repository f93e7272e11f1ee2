"""Reads one change of a webhook into events. Never raises: what cannot be read becomes Unknown."""

import re
from collections.abc import Callable
from typing import Any

from conversations.whatsapp.payloads.accounts import read_account, read_call, read_preference, read_template
from conversations.whatsapp.payloads.body import problems
from conversations.whatsapp.payloads.clean import MAX_NAME_CHARS, clean, record, rows, text
from conversations.whatsapp.payloads.coexistence import read_contact, read_history, read_history_file
from conversations.whatsapp.payloads.groups import PREFIX as GROUP_PREFIX
from conversations.whatsapp.payloads.groups import read_group
from conversations.whatsapp.payloads.messages import directory, read_echo, read_message
from conversations.whatsapp.payloads.statuses import read_status
from conversations.whatsapp.payloads.types import Change, Event, OutOfBand, Parsed, Unknown

ACCOUNT_FIELDS = {
    "account_update",
    "account_alerts",
    "account_review_update",
    "account_settings_update",
    "automatic_events",
    "business_capability_update",
    "business_status_update",
    "business_username_updates",
    "consumer_profile",
    "flows",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "messaging_handovers",
    "partner_solutions",
    "payment_configuration_update",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
    "tracking_events",
}
TEMPLATE_PREFIXES = ("message_template_", "template_")
STANDBY = "standby"
CALLS = "calls"
HISTORY = "history"
_DIGITS = re.compile(r"\D+")


def parse(change: Change) -> Parsed:
    """Everything the change says, in its own order."""
    value = change.value
    if not isinstance(value, dict):
        return Parsed(change, [Unknown(clean(value), "The value of the change is not an object.")])
    shown = text(record(value.get("metadata")).get("display_phone_number"), limit=MAX_NAME_CHARS)
    return Parsed(change, _events(change, value, shown), shown, change.field == STANDBY)


def _events(change: Change, value: dict[str, Any], shown: str | None) -> list[Event]:
    if change.field.startswith(TEMPLATE_PREFIXES):
        return [read_template(change, value)]
    if change.field.startswith(GROUP_PREFIX) and isinstance(value.get("groups"), list):
        return [read_group(group) for group in value["groups"]]
    if change.field in ACCOUNT_FIELDS:
        return [read_account(change, value)]
    events: list[Event] = []
    people = directory(value)
    for name, reader in _readers(change, people, shown).items():
        if name in value:
            _collect(events, value[name], name, reader)
    if "errors" in value and (found := problems(value["errors"])):
        events.append(OutOfBand(found))
    if not events and not _is_empty(change, value):
        events.append(Unknown(clean(value), "The change holds nothing that is known."))
    return events


def _readers(change: Change, people: dict[str, dict[str, Any]], shown: str | None) -> dict[str, Callable[[Any], Event]]:
    """The arrays a change may hold and who reads their elements. Several may stand side by side."""
    calls, past = change.field == CALLS, change.field == HISTORY
    business = _DIGITS.sub("", shown) if past and shown else None
    return {
        "messages": (lambda item: read_history_file(item, business=business))
        if past
        else (lambda item: read_message(item, people)),
        "statuses": (lambda item: read_call(item, people)) if calls else (lambda item: read_status(item, people)),
        "message_echoes": lambda item: read_echo(item, source=change.field),
        "history": lambda item: read_history(item, business=business),
        "state_sync": read_contact,
        "user_preferences": lambda item: read_preference(item, people),
        "calls": lambda item: read_call(item, people),
    }


def _collect(events: list[Event], items: Any, name: str, reader: Callable[[Any], Event]) -> None:
    if items is not None and not isinstance(items, list):
        events.append(Unknown(clean({name: items}), f"{name} is not a list."))
    events.extend(reader(item) for item in rows(items))


def _is_empty(change: Change, value: dict[str, Any]) -> bool:
    """A change that only says which number it is about, such as an empty list of messages."""
    quiet = {"messaging_product", "metadata", "contacts"}
    return change.field != "" and all(name in quiet or content == [] for name, content in value.items())
