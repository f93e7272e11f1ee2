"""A template says what it needs, shows what the person will see, and is not sent half filled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.whatsapp.fields import InvalidField, Missing, TooLong
from conversations.whatsapp.template_text import draft, fill, to_components, unsupported, variables

POSITIONAL = [
    {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}", "example": {"header_text": ["A-991"]}},
    {
        "type": "BODY",
        "text": "Hoi {{1}}, je {{2}} is klaar. Groet, {{1}}!",
        "example": {"body_text": [["Ana", "fiets"]]},
    },
    {"type": "FOOTER", "text": "Antwoord STOP om af te melden"},
    {
        "type": "BUTTONS",
        "buttons": [
            {"type": "QUICK_REPLY", "text": "Dank je"},
            {
                "type": "URL",
                "text": "Volgen",
                "url": "https://example.org/t/{{1}}",
                "example": ["https://example.org/t/9"],
            },
            {"type": "PHONE_NUMBER", "text": "Bel ons", "phone_number": "+31201234567"},
            {"type": "COPY_CODE", "example": "HERFST"},
        ],
    },
]
VALUES = {"header.1": "A-12", "body.1": "Ana", "body.2": "bakfiets", "button.1": "A-12", "button.3": "WINTER"}
NAMED = [
    {
        "type": "BODY",
        "text": "Hoi {{first_name}}, tot {{day}}.",
        "example": {"body_text_named_params": [{"param_name": "first_name", "example": "Ana"}]},
    }
]


def test_every_variable_is_named_with_its_example():
    assert [(found.key, found.kind, found.example) for found in variables(POSITIONAL)] == [
        ("header.1", "text", "A-991"),
        ("body.1", "text", "Ana"),
        ("body.2", "text", "fiets"),
        ("button.1", "url", "https://example.org/t/9"),
        ("button.3", "code", "HERFST"),
    ]
    assert [(found.key, found.example) for found in variables(NAMED)] == [("body.first_name", "Ana"), ("body.day", "")]


def test_the_preview_is_what_the_person_will_see():
    preview = fill(POSITIONAL, VALUES)

    assert preview.header == "Order A-12"
    assert preview.body == "Hoi Ana, je bakfiets is klaar. Groet, Ana!"
    assert preview.footer == "Antwoord STOP om af te melden"
    assert [(button.kind, button.text, button.url) for button in preview.buttons][:2] == [
        ("QUICK_REPLY", "Dank je", ""),
        ("URL", "Volgen", "https://example.org/t/A-12"),
    ]


def test_a_half_filled_template_can_be_looked_at_but_not_sent():
    half = {"body.1": "Ana", "body.2": ""}

    assert draft(POSITIONAL, half).body == "Hoi Ana, je {{2}} is klaar. Groet, Ana!"
    assert draft(POSITIONAL, half).buttons[1].url == "https://example.org/t/{{1}}"
    for refuse in (fill, to_components):
        with pytest.raises(Missing) as refused:
            refuse(POSITIONAL, half)
        assert refused.value.field == "header.1"


def test_the_components_to_send_are_in_the_platforms_shape():
    assert to_components(POSITIONAL, {**VALUES, "button.0.payload": "thanks:12"}) == [
        {"type": "header", "parameters": [{"type": "text", "text": "A-12"}]},
        {"type": "body", "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "bakfiets"}]},
        {
            "type": "button",
            "index": "0",
            "sub_type": "quick_reply",
            "parameters": [{"type": "payload", "payload": "thanks:12"}],
        },
        {"type": "button", "index": "1", "sub_type": "url", "parameters": [{"type": "text", "text": "A-12"}]},
        {
            "type": "button",
            "index": "3",
            "sub_type": "copy_code",
            "parameters": [{"type": "coupon_code", "coupon_code": "WINTER"}],
        },
    ]


def test_named_variables_are_sent_with_their_names():
    assert to_components(NAMED, {"body.first_name": "Ana", "body.day": "dinsdag"}) == [
        {
            "type": "body",
            "parameters": [
                {"type": "text", "parameter_name": "first_name", "text": "Ana"},
                {"type": "text", "parameter_name": "day", "text": "dinsdag"},
            ],
        }
    ]


def test_a_file_or_place_above_the_text_is_sent():
    document = [{"type": "HEADER", "format": "DOCUMENT"}, {"type": "BODY", "text": "Uw factuur"}]
    place = [{"type": "HEADER", "format": "LOCATION"}, {"type": "BODY", "text": "Hier staan we"}]
    here = {"latitude": 52.37, "longitude": 4.89, "name": "Fietsland", "more": 1}

    assert fill(document, {"header.media": "77"}).header_media == "document"
    assert to_components(document, {"header.media": "77", "header.filename": "factuur.pdf"}) == [
        {"type": "header", "parameters": [{"type": "document", "document": {"id": "77", "filename": "factuur.pdf"}}]}
    ]
    (header,) = to_components(place, {"header.location": here})
    assert header["parameters"][0]["location"] == {"latitude": 52.37, "longitude": 4.89, "name": "Fietsland"}
    for components in (document, place):
        with pytest.raises(Missing):
            to_components(components, {})


def test_a_one_time_code_fills_text_and_button():
    login = [
        {"type": "BODY", "text": "*{{1}}* is uw code."},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Kopieer"}]},
    ]

    body, button = to_components(login, {"body.1": "123456"})

    assert body["parameters"] == [{"type": "text", "text": "123456"}]
    assert button == {
        "type": "button",
        "index": "0",
        "sub_type": "url",
        "parameters": [{"type": "text", "text": "123456"}],
    }


@pytest.mark.parametrize(
    ("key", "value", "refusal"),
    [
        ("body.1", "x" * 1025, TooLong),
        ("body.1", "x" * 1000, TooLong),
        ("header.1", "x" * 60, TooLong),
        ("button.3", "x" * 16, TooLong),
        ("button.1", "x" * 2000, TooLong),
        ("body.1", "two\nlines", InvalidField),
        ("body.1", "many     spaces", InvalidField),
        ("body.1", "zero\x00byte", InvalidField),
        ("body.2", "  ", Missing),
    ],
)
def test_a_value_that_does_not_fit_is_refused(key, value, refusal):
    with pytest.raises(refusal):
        to_components(POSITIONAL, {**VALUES, key: value})


def test_braces_inside_a_value_stay_what_they_are():
    assert fill(NAMED, {"body.first_name": "{{day}}", "body.day": "dinsdag"}).body == "Hoi {{day}}, tot dinsdag."


def test_a_template_with_a_part_we_cannot_send_is_refused():
    list_of_products = [{"type": "BODY", "text": "Kijk"}, {"type": "ORDER_DETAILS"}]
    buttons = [
        {"type": "BODY", "text": "Kijk"},
        {"type": "BUTTONS", "buttons": [{"type": "ORDER_DETAILS", "text": "Begin"}]},
    ]

    assert unsupported(list_of_products) == ["ORDER_DETAILS"]
    assert unsupported(buttons) == ["ORDER_DETAILS"]
    assert unsupported(POSITIONAL) == []
    with pytest.raises(InvalidField):
        to_components(list_of_products, {})


CARD = [
    {"type": "HEADER", "format": "IMAGE"},
    {"type": "BODY", "text": "De {{1}} van nu", "example": {"body_text": [["bakfiets"]]}},
    {
        "type": "BUTTONS",
        "buttons": [
            {"type": "QUICK_REPLY", "text": "Ja"},
            {"type": "URL", "text": "Zie", "url": "https://x.org/{{1}}"},
        ],
    },
]


def test_each_card_of_a_carousel_is_filled_on_its_own():
    components = [{"type": "BODY", "text": "Kijk"}, {"type": "CAROUSEL", "cards": [{"components": CARD}] * 2}]
    values = {
        f"card.{card}.{key}": f"{value}{card}"
        for card in (0, 1)
        for key, value in {"header.media": "7", "body.1": "fiets", "button.1": "p"}.items()
    }

    assert [one.key for one in variables(components)] == list(values)
    assert [card.body for card in fill(components, values).cards] == ["De fiets0 van nu", "De fiets1 van nu"]
    [carousel] = to_components(components, values | {"card.1.button.0.payload": "yes"})
    assert [card["card_index"] for card in carousel["cards"]] == [0, 1]
    assert carousel["cards"][1]["components"] == [
        {"type": "header", "parameters": [{"type": "image", "image": {"id": "71"}}]},
        {"type": "body", "parameters": [{"type": "text", "text": "fiets1"}]},
        {
            "type": "button",
            "index": "0",
            "sub_type": "quick_reply",
            "parameters": [{"type": "payload", "payload": "yes"}],
        },
        {"type": "button", "index": "1", "sub_type": "url", "parameters": [{"type": "text", "text": "p1"}]},
    ]
    with pytest.raises(TooLong):
        fill(components, values | {"card.0.body.1": "x" * 155})


def test_an_offer_ends_at_a_moment_and_a_form_gets_its_token():
    offer = {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Tot zondag", "has_expiration": True}}
    form = {"type": "BUTTONS", "buttons": [{"type": "FLOW", "text": "Begin", "flow_id": "5"}]}
    components = [offer, {"type": "BODY", "text": "Kijk"}, form]

    assert [one.kind for one in variables(components)] == ["moment"]
    ends, button = to_components(components, {"offer.ends": "2026-12-01T18:00:00+01:00", "button.0.token": "t-1"})
    assert ends["parameters"][0]["limited_time_offer"] == {"expiration_time_ms": 1796144400000}
    assert button["parameters"] == [{"type": "action", "action": {"flow_token": "t-1"}}]
    for refused in ("", "tomorrow", "2026-12-01T18:00:00"):
        with pytest.raises(InvalidField):
            to_components(components, {"offer.ends": refused})


def test_the_fixed_words_of_a_code_are_shown():
    components = [
        {"type": "BODY", "add_security_recommendation": True},
        {"type": "FOOTER", "code_expiration_minutes": 5},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
    ]

    shown = fill(components, {"body.1": "123456"})

    assert shown.body.startswith("*123456* is your verification code.")
    assert shown.footer == "This code expires in 5 minutes."
    assert [one.limit for one in variables(components)] == [15]


leaves = (
    st.none() | st.integers() | st.text(max_size=8) | st.sampled_from(["HEADER", "BODY", "BUTTONS", "URL", "{{1}}"])
)
keys = st.sampled_from(["type", "format", "text", "example", "buttons", "url", "body_text", "header_text"])
components = st.lists(
    st.dictionaries(
        keys, st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner)), max_size=5
    ),
    max_size=4,
)


@given(components)
def test_odd_components_are_listed_and_shown_without_raising(odd):
    values = {found.key: "x" for found in variables(odd)}

    unsupported(odd)
    assert draft(odd, values).body is not None
