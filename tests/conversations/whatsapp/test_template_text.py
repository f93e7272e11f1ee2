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
    carousel = [{"type": "BODY", "text": "Kijk"}, {"type": "CAROUSEL", "cards": []}]
    buttons = [{"type": "BODY", "text": "Kijk"}, {"type": "BUTTONS", "buttons": [{"type": "FLOW", "text": "Begin"}]}]

    assert unsupported(carousel) == ["CAROUSEL"]
    assert unsupported(buttons) == ["FLOW"]
    assert unsupported(POSITIONAL) == []
    with pytest.raises(InvalidField):
        to_components(carousel, {})


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
