"""Reads what people send, and what the platform says about who they are."""

from typing import Any

from conversations.whatsapp.payloads.body import body_fields
from conversations.whatsapp.payloads.clean import (
    MAX_NAME_CHARS,
    bsuid,
    clean,
    identifier,
    moment,
    record,
    rows,
    text,
    wa_id,
)
from conversations.whatsapp.payloads.types import Echo, Event, IdentityChange, InboundMessage, Unknown

Directory = dict[str, dict[str, Any]]

IDENTITY_KINDS = {
    "user_changed_number": "user_changed_number",
    "customer_changed_number": "user_changed_number",
    "user_changed_user_id": "user_changed_user_id",
    "customer_identity_changed": "customer_identity_changed",
    "user_identity_changed": "customer_identity_changed",
}


def directory(value: dict[str, Any]) -> Directory:
    """The ``contacts`` array by phone number and by user id; its order and completeness mean nothing."""
    found: Directory = {}
    for contact in rows(value.get("contacts")):
        if isinstance(contact, dict):
            for key in (contact.get("wa_id"), contact.get("user_id")):
                if isinstance(key, str) and key:
                    found.setdefault(key, contact)
    return found


def read_message(message: Any, people: Directory) -> Event:
    """One element of ``messages``."""
    if not isinstance(message, dict):
        return Unknown(clean(message), "A message is not an object.")
    if message.get("type") == "system" and (kind := _identity_kind(message.get("system"))):
        return _identity_change(message, message["system"], kind)
    wamid = identifier(message.get("id"))
    if wamid is None:
        return Unknown(clean(message), "A message has no id.")
    contact = _contact_of(message, people)
    phone, person = identities(message.get("from"), message.get("from_user_id"))
    known_phone, known_person = identities(contact.get("wa_id"), contact.get("user_id"))
    phone, person = phone or known_phone, person or known_person
    if phone is None and person is None:
        return Unknown(clean(message), "A message names no sender.")
    profile = record(contact.get("profile"))
    return InboundMessage(
        wamid=wamid,
        at=moment(message.get("timestamp")),
        from_phone=phone,
        bsuid=person,
        parent_bsuid=bsuid(message.get("from_parent_user_id")) or bsuid(contact.get("parent_user_id")),
        username=text(profile.get("username"), limit=MAX_NAME_CHARS) or None,
        profile_name=text(profile.get("name"), limit=MAX_NAME_CHARS) or None,
        group_id=identifier(message.get("group_id")),
        **body_fields(message),
    )


def identities(number: Any, user_id: Any) -> tuple[str | None, str | None]:
    """Phone number and business-scoped id, also where the platform put the id in the number's place."""
    return wa_id(number), bsuid(user_id) or bsuid(number)


def read_echo(message: Any, *, source: str) -> Event:
    """One element of ``message_echoes``: what the owner sent from the phone app, or another app of the business."""
    wamid = identifier(record(message).get("id"))
    if wamid is None:
        return Unknown(clean(message), "An echo has no id.")
    phone, person = identities(message.get("to"), message.get("to_user_id"))
    group = identifier(message.get("group_id"))
    if phone is None and person is None and group is None:
        return Unknown(clean(message), "An echo names no recipient.")
    return Echo(
        wamid=wamid,
        at=moment(message.get("timestamp")),
        to_phone=phone,
        to_bsuid=person,
        source=source,
        group_id=group,
        **body_fields(message),
    )


def _contact_of(message: dict[str, Any], people: Directory) -> dict[str, Any]:
    for key in (message.get("from_user_id"), message.get("from")):
        if isinstance(key, str) and key in people:
            return people[key]
    return {}


def _identity_kind(system: Any) -> str | None:
    named = record(system).get("type")
    return IDENTITY_KINDS.get(named) if isinstance(named, str) else None


def _identity_change(message: dict[str, Any], system: dict[str, Any], kind: str) -> Event:
    old_phone, sender = identities(message.get("from"), message.get("from_user_id"))
    new_phone, new_bsuid = identities(system.get("wa_id") or system.get("new_wa_id"), system.get("user_id"))
    old_bsuid = bsuid(system.get("previous_user_id")) or (sender if sender != new_bsuid else None)
    if kind == "customer_identity_changed":
        old_bsuid, new_bsuid = old_bsuid or sender, new_bsuid or sender
    if old_phone is None and old_bsuid is None:
        return Unknown(clean(message), "An identity change names nobody.")
    identity = message.get("identity") or system.get("identity")
    return IdentityChange(
        wamid=identifier(message.get("id")),
        kind=kind,
        at=moment(message.get("timestamp")),
        old_phone=old_phone,
        new_phone=new_phone,
        old_bsuid=old_bsuid,
        new_bsuid=new_bsuid,
        old_parent_bsuid=bsuid(system.get("previous_parent_user_id")),
        new_parent_bsuid=bsuid(system.get("parent_user_id")),
        body=text(system.get("body")),
        identity=clean(identity) if isinstance(identity, dict) else {"hash": clean(identity)} if identity else None,
    )
