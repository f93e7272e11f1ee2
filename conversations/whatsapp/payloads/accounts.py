"""Reads what happens to templates, accounts, numbers, preferences and calls."""

from typing import Any

from conversations.whatsapp.payloads.body import problems
from conversations.whatsapp.payloads.clean import MAX_NAME_CHARS, clean, identifier, moment, record, text, whole
from conversations.whatsapp.payloads.messages import Directory, identities
from conversations.whatsapp.payloads.statuses import MAX_CALLBACK_CHARS, word
from conversations.whatsapp.payloads.types import (
    AccountEvent,
    CallEvent,
    Change,
    Event,
    PreferenceChange,
    TemplateEvent,
    Unknown,
)

MAX_LANGUAGE_CHARS = 20
Fields = dict[str, Any]


def read_template(change: Change, value: Fields) -> Event:
    """A ``message_template_*`` or ``template_*`` change."""
    language = identifier(value.get("message_template_language"), limit=MAX_LANGUAGE_CHARS)
    other, rejection = record(value.get("other_info")), record(value.get("rejection_info"))
    category = value.get("new_category") or value.get("message_template_category") or value.get("category")
    return TemplateEvent(
        field=change.field,
        event=identifier(value.get("event")),
        template_id=identifier(value.get("message_template_id")),
        name=text(value.get("message_template_name"), limit=512),
        language=language.replace("-", "_") if language else None,
        reason=identifier(value.get("reason")) or text(rejection.get("reason")),
        category=word(category),
        previous_category=word(value.get("previous_category")),
        correct_category=word(value.get("correct_category")),
        quality=identifier(value.get("new_quality_score")),
        previous_quality=identifier(value.get("previous_quality_score")),
        disabled_at=moment(record(value.get("disable_info")).get("disable_date")),
        note=text(other.get("title")) or text(rejection.get("recommendation")),
        data=clean(value),
    )


def read_account(change: Change, value: Fields) -> Event:
    """Any other change of an account, a number or a setting."""
    event = value.get("event") or value.get("decision") or value.get("alert_type") or value.get("status")
    shown = value.get("display_phone_number") or value.get("phone_number")
    return AccountEvent(
        field=change.field,
        event=identifier(event),
        waba_id=change.waba_id,
        display_phone_number=text(shown, limit=MAX_NAME_CHARS),
        entity_type=identifier(value.get("entity_type")),
        entity_id=identifier(value.get("entity_id")),
        limit=_limit(value),
        reason=text(value.get("rejection_reason")) or text(value.get("alert_description")),
        at=moment(value.get("timestamp")) or change.entry_time,
        data=clean(value),
    )


def _limit(value: Fields) -> str | None:
    """The messaging limit under any of its names, as TIER_… or a number."""
    for name in (
        "max_daily_conversations_per_business",
        "current_limit",
        "max_daily_conversation_per_phone",
        "max_daily_conversations_per_phone",
    ):
        if found := identifier(value.get(name)):
            return found
    return None


def read_preference(entry: Any, people: Directory) -> Event:
    """One element of ``user_preferences``."""
    entry = record(entry) or {"raw": entry}
    phone, person = identities(entry.get("wa_id"), entry.get("user_id"))
    for key in (entry.get("wa_id"), entry.get("user_id")):
        if isinstance(key, str) and key in people:
            contact = people[key]
            known_phone, known_person = identities(contact.get("wa_id"), contact.get("user_id"))
            phone, person = phone or known_phone, person or known_person
    category, value = word(entry.get("category")), word(entry.get("value"))
    if category is None or value is None or (phone is None and person is None):
        return Unknown(clean(entry), "A preference lacks the person, the category or the choice.")
    return PreferenceChange(
        phone=phone,
        bsuid=person,
        category=category,
        value=value,
        at=moment(entry.get("timestamp")),
        detail=text(entry.get("detail")),
        signup_id=identifier(entry.get("signup_id")),
    )


def read_call(call: Any, people: Directory) -> Event:
    """One element of ``calls``, or of ``statuses`` in a change about calls."""
    call = record(call) or {"raw": call}
    call_id = identifier(call.get("id"))
    if call_id is None:
        return Unknown(clean(call), "A call has no id.")
    inbound = {"user_initiated": True, "business_initiated": False}.get(word(call.get("direction")) or "")
    outward = inbound is False or "recipient_id" in call or "recipient_user_id" in call
    phone, person = (
        identities(call.get("recipient_id") or call.get("to"), call.get("recipient_user_id") or call.get("to_user_id"))
        if outward
        else identities(call.get("from"), call.get("from_user_id"))
    )
    for key in (phone, person):
        if key in people:
            contact = people[key]
            known_phone, known_person = identities(contact.get("wa_id"), contact.get("user_id"))
            phone, person = phone or known_phone, person or known_person
    status = call.get("status")
    return CallEvent(
        call_id=call_id,
        event=word(call.get("event")) or word(status),
        phone=phone,
        bsuid=person,
        inbound=False if outward else inbound,
        at=moment(call.get("timestamp")),
        status=word(" ".join(map(str, status)) if isinstance(status, list) else status),
        duration=whole(call.get("duration")),
        callback_data=text(call.get("biz_opaque_callback_data"), limit=MAX_CALLBACK_CHARS) or None,
        data=clean(call),
        errors=problems(call.get("errors")),
    )
