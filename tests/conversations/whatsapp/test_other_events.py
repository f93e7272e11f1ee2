"""Statuses, changed identities, accounts, templates, the phone app's past and calls are read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from conversations.whatsapp.payloads import (
    AccountEvent,
    CallEvent,
    ContactSync,
    Echo,
    GroupChange,
    HistoryChunk,
    HistoryMessage,
    IdentityChange,
    InboundMessage,
    OutOfBand,
    PlatformProblem,
    PreferenceChange,
    StatusUpdate,
    TemplateEvent,
    Unknown,
    split,
)
from tests.conversations.whatsapp.bodies import ANA, ANA_PHONE, LEE, document, events, only, parsed

AT = datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)
CHARGED = {"category": "service", "type": "regular", "model": "pmp", "billable": True}
WABA = "102290129340398"
OURS = "0190c5a2-7b1e-7c3a-9f52-0123456789ab"

EXPECTED: dict[str, tuple[type, dict[str, Any]]] = {
    "status_sent": (
        StatusUpdate,
        {
            "wamid": "wamid.SENT",
            "status": "sent",
            "at": AT,
            "callback_data": OURS,
            "pricing": {**CHARGED, "type": "free_customer_service", "billable": False},
        },
    ),
    "status_sent_free_entry_point": (
        StatusUpdate,
        {
            "pricing": {**CHARGED, "type": "free_entry_point", "category": "referral_conversion"},
            "conversation": {
                "id": "f9a1",
                "expiration_timestamp": "1795600000",
                "origin": {"type": "referral_conversion"},
            },
        },
    ),
    "status_delivered": (StatusUpdate, {"pricing": CHARGED, "callback_data": OURS, "recipient_bsuid": ANA}),
    "status_read": (StatusUpdate, {"status": "read", "pricing": None, "recipient_phone": ANA_PHONE}),
    "status_read_without_phone": (
        StatusUpdate,
        {"recipient_phone": None, "recipient_bsuid": LEE, "recipient_parent_bsuid": "US.ENT.9"},
    ),
    "status_id_in_the_number": (StatusUpdate, {"recipient_phone": None, "recipient_bsuid": LEE}),
    "status_played": (StatusUpdate, {"status": "played"}),
    "status_failed": (
        StatusUpdate,
        {
            "status": "failed",
            "recipient_bsuid": None,
            "errors": (
                PlatformProblem(
                    131047, "Re-engagement message", "Re-engagement message", "More than 24 hours have passed."
                ),
            ),
        },
    ),
    "status_failed_undeliverable": (
        StatusUpdate,
        {"errors": (PlatformProblem(131026, "Message undeliverable", "", ""),)},
    ),
    "status_authentication_abroad": (
        StatusUpdate,
        {"pricing": {**CHARGED, "category": "authentication_international"}},
    ),
    "status_marketing_lite": (StatusUpdate, {"pricing": {**CHARGED, "category": "marketing_lite"}}),
    "status_group": (
        StatusUpdate,
        {"group_id": "HZWn1tB0bEqXWQ9", "participant": "31687654321", "recipient_phone": None},
    ),
    "status_unseen": (
        StatusUpdate,
        {"status": "teleported", "pricing": {"category": "gold", "type": "barter", "model": None, "billable": None}},
    ),
    "status_odd": (
        StatusUpdate,
        {"recipient_phone": None, "pricing": None, "conversation": None, "errors": (), "callback_data": None},
    ),
    "status_without_name": (Unknown, {"reason": "A status lacks its message or its name."}),
    "system_changed_number": (
        IdentityChange,
        {
            "kind": "user_changed_number",
            "old_phone": ANA_PHONE,
            "new_phone": "31687654321",
            "old_bsuid": ANA,
            "new_bsuid": "NL.22222222222222222222",
            "old_parent_bsuid": "NL.ENT.1",
            "new_parent_bsuid": "NL.ENT.2",
            "at": AT,
        },
    ),
    "system_changed_number_hidden": (
        IdentityChange,
        {"old_phone": ANA_PHONE, "new_phone": None, "new_bsuid": "NL.22222222222222222222"},
    ),
    "system_changed_user_id": (
        IdentityChange,
        {"kind": "user_changed_user_id", "old_bsuid": ANA, "new_bsuid": "NL.33333333333333333333"},
    ),
    "system_changed_identity": (
        IdentityChange,
        {
            "kind": "customer_identity_changed",
            "old_bsuid": ANA,
            "new_bsuid": ANA,
            "identity": {"acknowledged": True, "created_timestamp": 1795000000, "hash": "DF2lS5v2W6x="},
        },
    ),
    "system_unseen": (InboundMessage, {"type": "system", "text": "Ana moved"}),
    "echo_from_other_app": (Echo, {"source": "message_echoes", "to_phone": ANA_PHONE}),
    "standby_echo": (Echo, {"text": "Automatisch antwoord", "source": "standby"}),
    "standby_message": (InboundMessage, {"from_phone": ANA_PHONE}),
    "history_media": (HistoryMessage, {"wamid": "wamid.H3", "type": "image", "outbound": False}),
    "errors_without_message": (
        OutOfBand,
        {"errors": (PlatformProblem(130429, "Rate limit hit", "Rate limit hit", "Too many messages."),)},
    ),
    "template_approved": (
        TemplateEvent,
        {
            "event": "APPROVED",
            "template_id": "594425479261596",
            "name": "order_update",
            "language": "en_US",
            "category": "utility",
        },
    ),
    "template_rejected": (TemplateEvent, {"reason": "INVALID_FORMAT", "note": "Put words around them."}),
    "template_paused": (TemplateEvent, {"event": "PAUSED", "note": "FIRST_PAUSE", "reason": None}),
    "template_disabled": (TemplateEvent, {"disabled_at": datetime(2026, 11, 19, 11, 6, 40, tzinfo=UTC)}),
    "template_quality": (TemplateEvent, {"quality": "YELLOW", "previous_quality": "GREEN", "event": None}),
    "template_components": (TemplateEvent, {"name": "order_update", "field": "message_template_components_update"}),
    "template_category": (
        TemplateEvent,
        {"category": "marketing", "previous_category": "utility", "correct_category": "marketing"},
    ),
    "template_category_notice": (TemplateEvent, {"category": "utility", "correct_category": "marketing"}),
    "account_disabled": (AccountEvent, {"event": "DISABLED_UPDATE", "waba_id": WABA, "at": AT}),
    "account_violation": (AccountEvent, {"event": "ACCOUNT_VIOLATION", "display_phone_number": "31201234567"}),
    "account_restricted": (AccountEvent, {"event": "ACCOUNT_RESTRICTION"}),
    "account_partner_added": (AccountEvent, {"event": "PARTNER_ADDED", "waba_id": WABA}),
    "account_partner_removed": (AccountEvent, {"event": "PARTNER_REMOVED", "waba_id": WABA}),
    "account_app_uninstalled": (AccountEvent, {"event": "PARTNER_APP_UNINSTALLED", "waba_id": WABA}),
    "account_partner_without_account": (AccountEvent, {"event": "PARTNER_REMOVED", "waba_id": None}),
    "account_deleted": (AccountEvent, {"event": "ACCOUNT_DELETED", "waba_id": WABA}),
    "account_offboarded": (AccountEvent, {"event": "ACCOUNT_OFFBOARDED"}),
    "account_reconnected": (AccountEvent, {"event": "ACCOUNT_RECONNECTED"}),
    "account_volume_tier": (AccountEvent, {"event": "VOLUME_BASED_PRICING_TIER_UPDATE"}),
    "account_alert": (
        AccountEvent,
        {
            "entity_type": "PHONE_NUMBER",
            "entity_id": "106540352242922",
            "event": "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
            "reason": "More figures are needed.",
        },
    ),
    "account_reviewed": (AccountEvent, {"event": "APPROVED", "field": "account_review_update"}),
    "account_capability": (AccountEvent, {"limit": "2000"}),
    "account_capability_old_name": (AccountEvent, {"limit": "TIER_2K"}),
    "account_name_approved": (AccountEvent, {"event": "APPROVED", "display_phone_number": "31201234567"}),
    "account_quality_flagged": (AccountEvent, {"event": "FLAGGED", "limit": "TIER_10K"}),
    "account_throughput_upgrade": (AccountEvent, {"event": "THROUGHPUT_UPGRADE"}),
    "account_pin_changed": (AccountEvent, {"event": "PIN_CHANGED", "field": "security"}),
    "account_username": (AccountEvent, {"event": "approved", "field": "business_username_updates"}),
    "account_group_created": (GroupChange, {"group_id": "HZWn1tB0bEqXWQ9", "change": "create"}),
    "account_field_unseen": (Unknown, {"raw": {"thoughts": ["\ufffd", 1]}}),
    "account_value_is_a_text": (Unknown, {"raw": "not an object"}),
    "account_messages_is_an_object": (Unknown, {"reason": "messages is not a list."}),
    "preference_stop": (
        PreferenceChange,
        {"phone": ANA_PHONE, "bsuid": ANA, "category": "marketing_messages", "value": "stop", "at": AT},
    ),
    "preference_resume": (PreferenceChange, {"value": "resume"}),
    "preference_signup_without_phone": (PreferenceChange, {"phone": None, "bsuid": LEE, "signup_id": "s-1"}),
    "preference_without_person": (Unknown, {}),
    "call_rings": (
        CallEvent,
        {"call_id": "wacid.ABC", "event": "connect", "phone": ANA_PHONE, "bsuid": ANA, "inbound": True},
    ),
    "call_missed": (CallEvent, {"event": "terminate", "status": "failed", "inbound": True, "duration": None}),
    "call_ended": (CallEvent, {"status": "completed", "duration": 42, "inbound": False, "callback_data": "c:1"}),
    "call_status_ringing": (CallEvent, {"event": "ringing", "phone": ANA_PHONE, "inbound": False}),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_event_is_read_as_what_it_is(name):
    kind, fields = EXPECTED[name]
    event = only(name)

    assert type(event) is kind
    assert {field: getattr(event, field) for field in fields} == fields


def test_messages_and_statuses_of_one_change_are_both_read():
    message, status = events("messages_and_statuses")

    assert isinstance(message, InboundMessage)
    assert isinstance(status, StatusUpdate)


def test_every_change_names_its_number_and_account():
    changes = split(document("entries_of_two_accounts"))

    assert [(change.field, change.phone_number_id, change.waba_id) for change in changes] == [
        ("messages", "106540352242922", WABA),
        ("messages", "206540352242999", "202290129340399"),
        ("account_review_update", None, "202290129340399"),
    ]
    assert [change.entry_time for change in changes] == [None, AT, AT]


def test_a_partner_event_is_routed_by_the_account_it_names_not_by_the_entry():
    (removed,) = split(document("account_partner_removed"))
    (unnamed,) = split(document("account_partner_without_account"))

    assert (removed.entry_id, removed.waba_id) == ("506914307656634", WABA)
    assert (unnamed.entry_id, unnamed.waba_id) == ("506914307656634", None)


def test_standby_is_told_apart_since_nobody_here_is_to_answer():
    (standby,), (ordinary,) = parsed("standby_message"), parsed("message_text")

    assert standby.standby
    assert not ordinary.standby
    assert ordinary.display_phone_number == "31201234567"


def test_what_the_owner_sends_on_the_phone_is_an_echo_to_the_person():
    text, image, revoked, unreadable = events("echo_from_phone")

    assert (text.to_phone, text.text, text.source) == (ANA_PHONE, "Hij staat klaar", "smb_message_echoes")
    assert (image.to_phone, image.to_bsuid, image.media.id, image.text) == (None, LEE, "77", "Kijk")
    assert (revoked.type, revoked.original_wamid) == ("revoke", "wamid.E1")
    assert isinstance(unreadable, Unknown)


def test_history_tells_both_directions_and_keeps_what_it_cannot_read():
    chunk = only("history")
    (thread,) = chunk.threads

    assert isinstance(chunk, HistoryChunk)
    assert (chunk.phase, chunk.chunk_order, chunk.progress) == (0, 1, 55)
    assert thread.phone == ANA_PHONE
    assert [(message.outbound, message.text, message.status) for message in thread.messages] == [
        (False, "Is de zaak open?", "read"),
        (True, "Ja, tot zes uur", "delivered"),
        (False, None, "played"),
    ]
    assert thread.unreadable == ({"type": "text"},)


def test_an_owner_who_does_not_share_the_history_is_told_as_an_error():
    chunk = only("history_refused")

    assert chunk.threads == ()
    assert chunk.errors[0].code == 2593109


def test_address_book_entries_are_added_and_removed():
    added, removed, unreadable = events("address_book")

    assert added == ContactSync("add", "31687654321", None, "Bo de Wit", "Bo", AT)
    assert (removed.action, removed.phone, removed.full_name) == ("remove", "31687654322", None)
    assert isinstance(unreadable, Unknown)
