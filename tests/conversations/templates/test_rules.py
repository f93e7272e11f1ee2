"""What the platform would refuse about a template is found first, at the field where it stands."""

from typing import Any

import pytest

from conversations.whatsapp.template_rules import (
    Button,
    Card,
    Code,
    Sketch,
    from_json,
    from_platform,
    parameter_format,
    problems_of,
    to_submit,
)


def order(**changes: Any) -> Sketch:
    """A template that fits, with something changed."""
    sketch = Sketch(
        name="order_ready",
        language="nl",
        category="UTILITY",
        body="Hoi {{first_name}}, je bestelling {{number}} is klaar. Tot ziens bij ons!",
        samples={"first_name": "Ana", "number": "A-12"},
        footer="Fietsland",
    )
    for name, value in changes.items():
        setattr(sketch, name, value)
    return sketch


def fields(sketch: Sketch) -> list[str]:
    return [problem.field for problem in problems_of(sketch)]


def cards(**changes: Any) -> list[Card]:
    fitting = {"body": "Een fijne fiets", "buttons": [Button(text="Ja")], "file": "f"}
    return [Card(**{**fitting, **changes}) for _ in range(2)]


def test_a_template_that_fits_has_no_problems_and_is_written_in_the_platforms_shape():
    assert problems_of(order()) == []
    assert parameter_format(order()) == "NAMED"
    assert to_submit(order()) == [
        {
            "type": "BODY",
            "text": "Hoi {{first_name}}, je bestelling {{number}} is klaar. Tot ziens bij ons!",
            "example": {
                "body_text_named_params": [
                    {"param_name": "first_name", "example": "Ana"},
                    {"param_name": "number", "example": "A-12"},
                ]
            },
        },
        {"type": "FOOTER", "text": "Fietsland"},
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "Order ready"}, "name"),
        ({"name": ""}, "name"),
        ({"language": "xx"}, "language"),
        ({"category": ""}, "category"),
        ({"category": "AUTHENTICATION"}, "category"),
        ({"body": ""}, "body"),
        ({"body": "x" * 1025}, "body"),
        ({"body": "{{first_name}}, hallo daar en welkom"}, "body"),
        ({"body": "Hallo daar en welkom, {{first_name}}."}, "body"),
        ({"body": "Ja {{first_name}} {{number}} nee"}, "body"),
        ({"body": "Hoi {{1}} en {{3}}, jullie zijn welkom", "samples": {"1": "a", "3": "b"}}, "body"),
        ({"body": "Hoi {{1}} en {{name}}, jullie zijn welkom hier", "samples": {"1": "a", "name": "b"}}, "body"),
        ({"body": "Hoi {{Naam}}, wat fijn dat je er bent", "samples": {"Naam": "Ana"}}, "body"),
        ({"body": "Hoi {{first name}}, wat fijn dat je er bent"}, "body"),
        ({"samples": {"first_name": "Ana"}}, "sample.number"),
        ({"samples": {"first_name": "Ana", "number": "a\nb"}}, "sample.number"),
        ({"footer": "x" * 61}, "footer"),
        ({"footer": "Voor {{1}}"}, "footer"),
        ({"header": "text"}, "header_text"),
        ({"header": "text", "header_text": "x" * 61}, "header_text"),
        ({"header": "text", "header_text": "*Klaar*"}, "header_text"),
        ({"header": "text", "header_text": "Klaar 🚲"}, "header_text"),
        ({"header": "text", "header_text": "{{a}} en {{b}}", "header_samples": {"a": "1", "b": "2"}}, "header_text"),
        ({"header": "text", "header_text": "Order {{number}}"}, "header_sample.number"),
        ({"header": "image"}, "header_file"),
        ({"ttl": "5"}, "ttl"),
        ({"buttons": [Button(text="")]}, "button.0.text"),
        ({"buttons": [Button(text="x" * 26)]}, "button.0.text"),
        ({"buttons": [Button(text=f"b{n}") for n in range(11)]}, "buttons"),
        ({"buttons": [Button(text="Ja"), Button(text="ja")]}, "buttons"),
        ({"buttons": [Button("URL", "Zie", url="geen adres")]}, "button.0.url"),
        ({"buttons": [Button("URL", "Zie", url="https://wa.me/31612345678")]}, "button.0.url"),
        ({"buttons": [Button("URL", "Zie", url="https://x.org/{{1}}/b")]}, "button.0.url"),
        ({"buttons": [Button("URL", "Zie", url="https://x.org/{{1}}")]}, "button.0.sample"),
        ({"buttons": [Button("URL", f"Zie{n}", url="https://x.org/") for n in range(3)]}, "buttons"),
        ({"buttons": [Button("PHONE_NUMBER", "Bel", phone="020 123")]}, "button.0.phone"),
        ({"buttons": [Button("COPY_CODE", sample="x" * 16)]}, "button.0.sample"),
        ({"buttons": [Button("FLOW", "Vul in")]}, "button.0.flow_id"),
        (
            {"buttons": [Button(text="Ja"), Button("URL", "Zie", url="https://x.org/"), Button(text="Nee")]},
            "buttons",
        ),
        ({"kind": "carousel", "category": "MARKETING"}, "cards"),
        ({"kind": "carousel", "category": "MARKETING", "cards": cards(file="")}, "card.0.file"),
        ({"kind": "carousel", "category": "MARKETING", "cards": cards(body="x" * 161)}, "card.0.body"),
        ({"kind": "carousel", "category": "MARKETING", "cards": cards(buttons=[])}, "card.0.buttons"),
        (
            {"kind": "carousel", "category": "MARKETING", "cards": [*cards(), Card("Een fiets", file="f")]},
            "card.2.buttons",
        ),
        ({"kind": "offer"}, "category"),
        ({"kind": "offer", "category": "MARKETING", "offer": "x" * 17}, "offer"),
        ({"kind": "offer", "category": "MARKETING", "offer": "Tot zondag"}, "buttons"),
        ({"kind": "code"}, "category"),
        ({"kind": "code", "category": "AUTHENTICATION", "code": Code(minutes="91")}, "code_minutes"),
        ({"kind": "code", "category": "AUTHENTICATION", "code": Code("ONE_TAP")}, "code_apps"),
        (
            {
                "kind": "code",
                "category": "AUTHENTICATION",
                "code": Code("ONE_TAP", apps=[{"package": "shop", "hash": "x"}]),
            },
            "app.0.package",
        ),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(changes: dict[str, Any], field: str) -> None:
    assert field in fields(order(**changes))


def test_every_kind_of_template_survives_the_way_to_the_platform_and_back():
    link = Button("URL", "Volgen", url="https://x.org/{{1}}", sample="https://x.org/a")
    buttons = [Button(text="Ja"), Button(text="Nee"), link, Button("PHONE_NUMBER", "Bel", phone="+31201234567")]
    offer = [Button("COPY_CODE", sample="HERFST"), Button("URL", "Koop", url="https://x.org/")]
    app = {"package": "com.example.shop", "hash": "K8a/AINcGX7"}
    for sketch in (
        order(buttons=buttons, header="text", header_text="Order {{number}}", header_samples={"number": "A-12"}),
        order(kind="carousel", category="MARKETING", cards=cards(), footer=""),
        order(kind="offer", category="MARKETING", offer="Tot zondag", buttons=offer, footer=""),
        order(kind="code", category="AUTHENTICATION", code=Code("ONE_TAP", apps=[app]), body="", samples={}, footer=""),
    ):
        assert problems_of(sketch) == []
        back = from_platform(to_submit(sketch), name=sketch.name, language="nl", category=sketch.category)
        for card in back.cards:
            card.file = "f"
        assert back == from_json(sketch.as_json())


def test_what_is_kept_is_read_back_whatever_it_became():
    assert from_json({"body": 5, "cards": "x", "buttons": [7], "samples": {"1": 2}, "code": None}) == Sketch(
        buttons=[Button()]
    )
    assert from_json(None) == Sketch()
