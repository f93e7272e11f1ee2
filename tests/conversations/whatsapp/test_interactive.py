"""Messages to tap are built as the platform wants them; what does not fit is refused before it leaves, by its field."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from conversations.whatsapp import limits
from conversations.whatsapp.fields import InvalidField
from conversations.whatsapp.interactive import (
    Address,
    AskCallPermission,
    AskLocation,
    AskPhoneNumber,
    Button,
    Buttons,
    Card,
    Carousel,
    Catalog,
    Flow,
    Frame,
    Link,
    List,
    Offer,
    Product,
    ProductList,
    ProductSection,
    Row,
    Section,
    VoiceCall,
)

ROWS = [Row(str(n), f"Rij {n}", "tussen 9 en 12") for n in range(10)]
CARD = Card("https://example.org/1.jpg", body="Rode fiets", label="Bekijk", url="https://example.org/1")
OFFERS: dict[str, Offer] = {
    "buttons": Buttons("Opgelost?", [Button("yes", "Ja"), Button("no", "Nee")], Frame("Order 12", footer="Fietsland")),
    "list": List("Wanneer?", "Kies", [Section(ROWS[:5], "Deze week"), Section(ROWS[5:], "Later")]),
    "link": Link("Volg hem", "Volgen", "https://example.org/t/1"),
    "ask_location": AskLocation("Waar staat u?"),
    "ask_phone_number": AskPhoneNumber("Mogen we uw nummer?"),
    "call_permission": AskCallPermission("Mogen we bellen?"),
    "voice_call": VoiceCall("Bel ons", "Bellen"),
    "flow": Flow("Maak een afspraak", "Plannen", "771", screen="DAY", data={"shop": "Utrecht"}),
    "product": Product("99", "SKU-1", "Deze?"),
    "product_list": ProductList("Onze fietsen", "Fietsen", "99", [ProductSection(["SKU-1", "SKU-2"])]),
    "catalog": Catalog("Alles", "SKU-1", "Fietsland"),
    "address": Address("Waarheen?", "IN", {"name": "Ana"}),
    "carousel": Carousel("Kies", [CARD, replace(CARD, body="")]),
}


def test_every_offer_has_the_shape_of_the_platform() -> None:
    parts = {kind: offer.part() for kind, offer in OFFERS.items()}

    assert {kind: part["type"] for kind, part in parts.items()} == {
        "buttons": "button",
        "list": "list",
        "link": "cta_url",
        "ask_location": "location_request_message",
        "ask_phone_number": "request_contact_info",
        "call_permission": "call_permission_request",
        "voice_call": "voice_call",
        "flow": "flow",
        "product": "product",
        "product_list": "product_list",
        "catalog": "catalog_message",
        "address": "address_message",
        "carousel": "carousel",
    }
    assert parts["buttons"] == {
        "type": "button",
        "body": {"text": "Opgelost?"},
        "header": {"type": "text", "text": "Order 12"},
        "footer": {"text": "Fietsland"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "yes", "title": "Ja"}},
                {"type": "reply", "reply": {"id": "no", "title": "Nee"}},
            ]
        },
    }
    assert [len(section["rows"]) for section in parts["list"]["action"]["sections"]] == [5, 5]
    assert parts["flow"]["action"]["parameters"]["flow_action_payload"] == {
        "screen": "DAY",
        "data": {"shop": "Utrecht"},
    }
    assert parts["carousel"]["action"]["cards"][0]["header"]["image"] == {"link": "https://example.org/1.jpg"}
    assert "body" not in Product("99", "SKU-1").part()


def test_a_form_whose_own_server_leads_exchanges_data() -> None:
    parameters = Flow("Maak een afspraak", "Plannen", "771", draft=True).part()["action"]["parameters"]

    assert (parameters["flow_action"], parameters["mode"]) == ("data_exchange", "draft")
    assert "flow_action_payload" not in parameters


def long(kind: str, field: str) -> str:
    return "x" * (limits.most(kind, field) + 1)


TOO_LONG: list[tuple[str, Callable[[], Offer]]] = [
    ("body", lambda: Buttons(long("buttons", "body"), [Button("a", "a")])),
    ("header", lambda: Buttons("x", [Button("a", "a")], Frame(long("buttons", "header")))),
    ("footer", lambda: Buttons("x", [Button("a", "a")], Frame(footer=long("buttons", "footer")))),
    ("buttons", lambda: Buttons("x", [Button(str(n), str(n)) for n in range(4)])),
    ("buttons", lambda: Buttons("x", [])),
    ("buttons", lambda: Buttons("x", [Button("a", "same"), Button("b", "same")])),
    ("buttons", lambda: Buttons("x", [Button("a", "one"), Button("a", "two")])),
    ("buttons.1.title", lambda: Buttons("x", [Button("a", "a"), Button("b", long("buttons", "title"))])),
    ("buttons.0.id", lambda: Buttons("x", [Button(long("buttons", "id"), "a")])),
    ("buttons.0.id", lambda: Buttons("x", [Button("", "a")])),
    ("body", lambda: List(long("list", "body"), "Kies", [Section(ROWS)])),
    ("button", lambda: List("x", long("list", "button"), [Section(ROWS)])),
    ("sections", lambda: List("x", "Kies", [Section([*ROWS, Row("x", "x")])])),
    ("sections", lambda: List("x", "Kies", [])),
    ("sections.0.rows", lambda: List("x", "Kies", [Section([], "leeg"), Section(ROWS, "vol")])),
    ("sections.0.title", lambda: List("x", "Kies", [Section(ROWS[:1]), Section(ROWS[1:2])])),
    ("sections", lambda: List("x", "Kies", [Section(ROWS[:1], "A"), Section(ROWS[1:2], "A")])),
    ("sections", lambda: List("x", "Kies", [Section([ROWS[0], ROWS[0]])])),
    ("sections.0.rows.0.title", lambda: List("x", "Kies", [Section([Row("a", long("list", "title"))])])),
    ("sections.0.rows.0.description", lambda: List("x", "k", [Section([Row("a", "x", long("list", "description"))])])),
    ("header", lambda: List("x", "Kies", [Section(ROWS)], Frame(header_media=("image", "7")))),
    ("label", lambda: Link("x", long("link", "label"), "https://example.org")),
    ("url", lambda: Link("x", "Open", "javascript:alert(1)")),
    ("url", lambda: Link("x", "Open", "https://")),
    ("url", lambda: Link("x", "Open", "https://example.org/" + "x" * 2000)),
    ("body", lambda: AskLocation("")),
    ("body", lambda: AskPhoneNumber(" ")),
    ("body", lambda: AskCallPermission(long("call_permission", "body"))),
    ("days", lambda: VoiceCall("x", "Bellen", days=31)),
    ("label", lambda: Flow("x", long("flow", "label"), "1")),
    ("flow_id", lambda: Flow("x", "Open", "")),
    ("screen", lambda: Flow("x", "Open", "1", data={"a": "b"})),
    ("catalog_id", lambda: Product("", "SKU")),
    ("header", lambda: ProductList("x", "", "99", [ProductSection(["a"])])),
    ("sections", lambda: ProductList("x", "h", "99", [ProductSection([str(n) for n in range(31)])])),
    ("sections.0.title", lambda: ProductList("x", "h", "99", [ProductSection(["a"]), ProductSection(["b"])])),
    ("country", lambda: Address("x", "NL")),
    ("cards", lambda: Carousel("x", [CARD])),
    ("cards", lambda: Carousel("x", [CARD] * 11)),
    ("cards", lambda: Carousel("x", [CARD, replace(CARD, media_kind="video")])),
    ("cards.0.body", lambda: Carousel("x", [replace(CARD, body=long("carousel", "card_body"))] * 2)),
    ("cards.0.media", lambda: Carousel("x", [replace(CARD, media="http://example.org/1.jpg")] * 2)),
    ("cards.0.buttons", lambda: Carousel("x", [replace(CARD, buttons=[Button("a", "b")])] * 2)),
]


@pytest.mark.parametrize(("field", "make"), TOO_LONG)
def test_what_does_not_fit_is_refused_by_the_name_of_its_field(field: str, make: Callable[[], Offer]) -> None:
    with pytest.raises(InvalidField) as refused:
        make().part()

    assert refused.value.field == field
    assert str(refused.value.user_message)


def test_words_name_the_field_the_limit_and_what_is_there() -> None:
    with pytest.raises(InvalidField) as refused:
        Buttons("x", [Button("a", "x" * 23)]).part()

    words = str(refused.value.user_message)
    assert words == "Label of the button: at most 20 characters fit; this has 23."


@pytest.mark.parametrize("limit", limits.TABLE, ids=lambda one: f"{one.type}.{one.field}")
def test_exactly_the_limit_fits_and_one_more_does_not(limit: limits.Limit) -> None:
    check: Callable[..., Any] = limits.text if limit.unit == limits.Unit.CHARACTERS else limits.count

    check(limit.type, limit.field, "x" * limit.most)
    with pytest.raises(InvalidField) as refused:
        check(limit.type, limit.field, "x" * (limit.most + 1))

    assert refused.value.limit == limit.most
