"""Every type of message a person can send is read, and whatever is odd is kept."""

from datetime import UTC, datetime
from typing import Any

import pytest

from conversations.whatsapp.errors import rule_for
from conversations.whatsapp.payloads import InboundMessage, MediaRef, PlatformProblem, Unknown
from tests.conversations.whatsapp.bodies import ANA, ANA_PHONE, LEE, NAMES, events, only

AT = datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)
HELLO = "Hallo, is mijn fiets al klaar?"
U = "\ufffd"


def media(id: str | None, mime: str, sha: str, **more: Any) -> MediaRef:
    values = {"url": None, "filename": None, "voice": False, "animated": False, **more}
    return MediaRef(id=id, mime_type=mime, sha256=sha, **values)


REST = "nY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI="
MESSAGES: dict[str, dict[str, Any]] = {
    "text": {"type": "text", "text": HELLO, "content": {}, "media": None, "username": "ana.visser"},
    "text_without_phone": {"from_phone": None, "bsuid": LEE, "profile_name": "Lee", "username": "lee.writes"},
    "text_id_in_the_number": {"from_phone": None, "bsuid": LEE, "profile_name": "Lee"},
    "text_parent_id": {"parent_bsuid": "NL.ENT.77001122334455", "bsuid": ANA},
    "text_without_contacts": {"from_phone": ANA_PHONE, "bsuid": ANA, "profile_name": None, "username": None},
    "text_phone_only": {"from_phone": ANA_PHONE, "bsuid": None, "profile_name": "Ana Visser"},
    "text_number_from_contacts": {"from_phone": ANA_PHONE, "bsuid": ANA},
    "text_reply": {"quoted_wamid": "wamid.QUOTED", "quoted_from": "31201234567", "forwarded": False},
    "text_forwarded": {"forwarded": True, "frequently_forwarded": False, "quoted_wamid": None},
    "text_frequently_forwarded": {"forwarded": True, "frequently_forwarded": True},
    "text_about_product": {
        "quoted_wamid": "wamid.PRODUCT",
        "content": {"referred_product": {"catalog_id": "194836987003835", "product_retailer_id": "fiets-12"}},
    },
    "text_from_status_ad": {
        "referral": {"source_url": "https://fb.me/xyz", "source_type": "ad", "source_id": "120226305854810727"}
    },
    "text_in_group": {"group_id": "HZWn1tB0bEqXWQ9", "from_phone": ANA_PHONE},
    "image": {
        "type": "image",
        "text": "Zo ziet de band eruit",
        "media": media(
            "1003383421387256",
            "image/jpeg",
            "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=",
            url="https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1003383421387256",
        ),
    },
    "image_without_caption": {
        "text": None,
        "media": media("1003383421387257", "image/png", "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI="),
    },
    "video": {"text": "Dit geluid", "media": media("1003383421387258", "video/mp4", "AA" + REST)},
    "audio": {"type": "audio", "media": media("1003383421387259", "audio/mpeg", "BB" + REST)},
    "voice": {
        "type": "audio",
        "media": media("1003383421387260", "audio/ogg; codecs=opus", "CC" + REST, voice=True),
    },
    "document": {
        "text": "Mijn bon",
        "media": media("1003383421387261", "application/pdf", "DD" + REST, filename="aankoopbon.pdf"),
    },
    "sticker": {"media": media("1003383421387262", "image/webp", "EE" + REST)},
    "sticker_animated": {"media": media("1003383421387263", "image/webp", "FF" + REST, animated=True)},
    "media_too_large": {
        "type": "video",
        "media": None,
        "errors": (
            PlatformProblem(
                131052, "Media download error", "Media download error", "The media file is larger than 100 MB."
            ),
        ),
    },
    "location": {
        "content": {
            "latitude": 52.370216,
            "longitude": 4.895168,
            "name": "Fietsland",
            "address": "Kade 1, Amsterdam",
            "url": "https://example.org/fietsland",
        }
    },
    "location_bare": {"content": {"latitude": 52.370216, "longitude": 4.895168}},
    "reaction": {"reaction_target": "wamid.TARGET", "reaction_emoji": "👍🏽"},
    "reaction_removed": {"reaction_target": "wamid.TARGET", "reaction_emoji": ""},
    "reaction_removed_by_empty": {"reaction_target": "wamid.TARGET", "reaction_emoji": ""},
    "button_reply": {
        "type": "interactive",
        "text": "Ja",
        "content": {"kind": "button_reply", "id": "solved:yes", "title": "Ja"},
        "quoted_wamid": "wamid.ASKED",
    },
    "list_reply": {
        "text": "Dinsdag",
        "content": {"kind": "list_reply", "id": "slot:2", "title": "Dinsdag", "description": "tussen 9 en 12"},
    },
    "form_reply": {
        "text": "Sent",
        "content": {
            "kind": "nfm_reply",
            "name": "flow",
            "body": "Sent",
            "response": {"flow_token": "abc123", "date": "2026-12-01"},
            "fields": ["flow_token", "date"],
        },
    },
    "form_reply_broken": {
        "content": {"kind": "nfm_reply", "name": "flow", "body": "Sent", "response": '{"flow_token": '}
    },
    "address_reply": {
        "content": {
            "kind": "nfm_reply",
            "name": "address_message",
            "body": "Kade 1",
            "response": {"saved_address_id": "1", "values": {"name": "Ana", "address": "Kade 1"}},
            "fields": ["saved_address_id", "values"],
        }
    },
    "call_permission_reply": {
        "content": {
            "kind": "call_permission_reply",
            "response": "accept",
            "expiration_timestamp": 1795600000,
            "response_source": "user_action",
        }
    },
    "interactive_unseen": {
        "content": {"kind": "hologram_reply", "raw": {"type": "hologram_reply", "hologram_reply": ["a"]}}
    },
    "template_button": {
        "type": "button",
        "text": "Volgen",
        "content": {"payload": "track:A-991", "text": "Volgen"},
        "quoted_wamid": "wamid.TEMPLATE",
    },
    "order": {"type": "order", "text": "Graag voor vrijdag"},
    "edit": {"original_wamid": "wamid.ORIGINAL", "edited_type": "text", "text": "Bedoel de blauwe", "media": None},
    "edit_caption": {
        "original_wamid": "wamid.ORIGINAL",
        "edited_type": "image",
        "text": "De andere band",
        "media": media("1003383421387256", "image/jpeg", "SfIn"),
    },
    "revoke": {"type": "revoke", "original_wamid": "wamid.ORIGINAL", "text": None},
    "unsupported": {"type": "unsupported", "content": {"type": "poll_creation"}},
    "unsupported_edit": {"content": {"type": "edit"}},
    "type_unseen": {"type": "hologram", "content": {"raw": {"id": "H1", "beams": [1, 2.5, None, True]}}},
    "milliseconds": {"at": AT},
    "time_as_number": {"at": AT},
    "time_odd": {"at": None, "text": HELLO},
    "time_far_away": {"at": None},
    "nul_characters": {"text": f"voor{U}na", "profile_name": f"An{U}a"},
    "lone_surrogates": {"text": f"half {U} emoji {U}", "profile_name": f"{U}Ana"},
    "order_with_nul_characters": {"content": {"catalog_id": f"c{U}", f"k{U}ey": [U], "product_items": []}},
    "right_to_left": {"text": "\u0645\u0631\u062d\u0628\u0627 \u202e1234\u202c"},
    "script_in_every_field": {
        "text": "<b onmouseover=alert(1)>{{ 7*7 }}</b>",
        "profile_name": "<img src=x onerror=alert(1)>",
        "username": '"><script>',
        "media": media("1003383421387264", "application/pdf", "x", filename="<script>alert(1)</script>.pdf"),
    },
    "emoji": {"text": "👩\u200d🔧 Top! ❤️ 🇳🇱"},
    "very_long_name": {"profile_name": ("Ana " * 200)[:255]},
    "text_is_a_number": {"text": None, "content": {"raw": 5}},
    "text_without_body": {"text": None, "content": {"raw": {}}},
    "media_without_id": {"media": media(None, "", "")},
    "location_odd": {"content": {"latitude": None, "longitude": None}},
    "context_odd": {"text": HELLO, "quoted_wamid": None, "referral": None, "errors": ()},
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_read_as_what_it_is(name):
    message = only(f"message_{name}")

    assert isinstance(message, InboundMessage)
    assert {field: getattr(message, field) for field in MESSAGES[name]} == MESSAGES[name]
    assert message.wamid.startswith("wamid.")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("without_id", "A message has no id."),
        ("id_too_long", "A message has no id."),
        ("without_sender", "A message names no sender."),
    ],
)
def test_a_message_that_cannot_be_stored_is_kept_with_the_reason(name, reason):
    event = only(f"message_{name}")

    assert isinstance(event, Unknown)
    assert event.reason == reason
    assert event.raw["text"] == {"body": HELLO}


def test_a_message_without_a_type_is_kept_whole():
    message = only("message_without_type")

    assert message.type == "unknown"
    assert message.content["raw"]["text"] == {"body": HELLO}


def test_shared_contacts_keep_their_numbers_and_where_they_come_from():
    (card,) = only("message_contacts").content["contacts"]
    (own,) = only("message_contacts_own_number").content["contacts"]

    assert card["name"]["formatted_name"] == "Bo de Wit"
    assert card["phones"][0]["wa_id"] == "31687654321"
    assert own["origin"] == "contact_request"


def test_an_order_keeps_its_lines():
    order = only("message_order").content

    assert order["product_items"] == [
        {"product_retailer_id": "fiets-12", "quantity": 2, "item_price": 349.5, "currency": "EUR"}
    ]


def test_an_advertisement_stays_with_the_message_it_caused():
    referral = only("message_text_from_ad").referral

    assert referral["source_type"] == "ad"
    assert referral["ctwa_clid"].startswith("Aff-")
    assert referral["welcome_message"] == {"text": "Hoi! Waarmee kunnen we helpen?"}


def test_an_unavailable_message_says_what_the_agent_can_do():
    (problem,) = only("message_unavailable").errors

    assert problem.code == 131060
    assert rule_for(problem.code).actor == "agent"


def test_two_people_in_one_post_keep_their_own_names():
    from_ana, from_lee = events("messages_two_people")

    assert (from_ana.profile_name, from_ana.from_phone, from_ana.bsuid) == ("Ana Visser", ANA_PHONE, ANA)
    assert (from_lee.profile_name, from_lee.from_phone, from_lee.bsuid) == ("Lee", None, LEE)


def test_every_body_with_a_message_has_its_expectation():
    told = {f"message_{name}" for name in MESSAGES}
    others = {"without_id", "id_too_long", "without_sender", "without_type", "contacts", "contacts_own_number"}
    others |= {"text_from_ad", "unavailable"}

    assert {name for name in NAMES if name.startswith("message_")} == told | {f"message_{name}" for name in others}
