"""Templates with articles of a catalogue: written, sent from the form and over the API, judged, seen in the thread."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations.models import Message
from conversations.services.message_templates import drafts
from conversations.whatsapp.template_rules import Sketch, problems_of, to_submit
from conversations.whatsapp.template_rules.components import from_platform
from tenants.context import inside
from tenants.models import ClientCompany
from tests.conversations.api.conftest import Integrator, integrator_of, problem_of
from tests.conversations.templates.conftest import Desk
from tests.conversations.templates.test_sending import begin, make, page, send, there
from tests.fixtures.simulator import Simulator

RunDue = Callable[..., int]
BODY = {"type": "BODY", "text": "Kijk eens wat er nieuw is."}
SHOPS: dict[str, list[dict[str, Any]]] = {
    "catalog": [BODY, {"type": "BUTTONS", "buttons": [{"type": "CATALOG", "text": "View catalog"}]}],
    "products": [
        {"type": "HEADER", "format": "TEXT", "text": "Nieuw"},
        BODY,
        {"type": "BUTTONS", "buttons": [{"type": "MPM", "text": "View items"}]},
    ],
    "product": [
        {"type": "HEADER", "format": "PRODUCT"},
        BODY,
        {"type": "BUTTONS", "buttons": [{"type": "SPM", "text": "View"}]},
    ],
}
TYPED: dict[str, dict[str, str]] = {
    "catalog": {"button.0.thumbnail": "SKU-1"},
    "products": {"button.0.products": "Stad: SKU-1, SKU-2\nTour: SKU-3"},
    "product": {"header.product.catalog_id": "991001", "header.product.product_id": "SKU-1"},
}
ASKED: dict[str, dict[str, Any]] = {
    "catalog": {},
    "products": {
        "button.0.products": {
            "thumbnail": "SKU-2",
            "sections": [
                {"title": "Stad", "product_ids": ["SKU-1", "SKU-2"]},
                {"title": "Tour", "product_ids": ["SKU-3"]},
            ],
        }
    },
    "product": {"header.product": {"catalog_id": "991001", "product_id": "SKU-1"}},
}
SHOWN = {"catalog": "View catalog", "products": "SKU-3", "product": "SKU-1"}


@pytest.mark.usefixtures("db")
class TestWriting:
    @pytest.mark.parametrize("shop", list(SHOPS))
    def test_what_is_written_is_what_the_platform_keeps_and_back(self, shop: str, desk: Desk) -> None:
        template = desk.begin("nieuw", kind="shop", category="MARKETING")

        answer = desk.type(template, shop=shop, header_text="Nieuw", body=BODY["text"], footer="", act="show")

        assert answer.status_code == 200
        with desk.inside():
            sketch = drafts.sketch_of(desk.fresh(template))
        assert (sketch.kind, sketch.shop) == ("shop", shop)
        assert to_submit(sketch) == SHOPS[shop]
        assert problems_of(sketch) == []
        read = from_platform(SHOPS[shop], name="nieuw", language="nl", category="MARKETING")
        assert to_submit(read) == SHOPS[shop]

    def test_whoever_asks_for_the_whole_form_gets_it(self, desk: Desk) -> None:
        template = desk.begin("nieuw", kind="shop", category="MARKETING")
        data = {"name": template.name, "shop": "products", "header_text": "", "body": "Kijk"}

        whole = desk.browser.post(
            f"/templates/{template.pk}/edit/", data, headers={"HX-Request": "true", "HX-Target": "template-editor"}
        ).content.decode()
        typed = desk.browser.post(f"/templates/{template.pk}/edit/", data, headers={"HX-Request": "true"})

        assert 'id="template-form"' in whole and 'name="header_text"' in whole
        assert 'id="template-form"' not in typed.content.decode()

    def test_several_articles_need_a_text_above_them(self) -> None:
        sketch = Sketch(kind="shop", name="a", language="nl", category="MARKETING", shop="products", body="Kijk eens")

        assert [one.field for one in problems_of(sketch)] == ["header_text"]


@pytest.mark.usefixtures("committed")
class TestSending:
    def test_from_the_form_and_over_the_api_arrives_as_the_platform_wants_it(
        self, as_agent: Client, company: ClientCompany, simulator: Simulator, run_due: RunDue
    ) -> None:
        row, key = begin(company), integrator_of(company)
        for number, (shop, components) in enumerate(SHOPS.items()):
            template = make(company, components, name=f"shop_{shop}", category="MARKETING", template_id=f"88{number}")
            there(simulator, template, company=company)
            assert page(as_agent, f"/inbox/{row.pk}/templates/{template.pk}/")
            typed = send(as_agent, row, template, purpose="marketing", **TYPED[shop])
            assert typed.status_code == 200, typed.content.decode()
            asked = ask(key, row.pk, template.name, ASKED[shop])
            assert asked.status_code == 202, asked.content

        run_due("outbound")

        sent = {}
        for one in simulator.received:
            sent.setdefault(one["payload"]["template"]["name"], []).append(
                one["payload"]["template"].get("components", [])
            )
        assert {name: len(each) for name, each in sent.items()} == dict.fromkeys((f"shop_{s}" for s in SHOPS), 2)
        first, second = (each[-1]["parameters"][0]["action"] for each in sent["shop_products"])
        assert (first["thumbnail_product_retailer_id"], second["thumbnail_product_retailer_id"]) == ("SKU-1", "SKU-2")
        assert first["sections"] == second["sections"]
        assert first["sections"][1] == {"title": "Tour", "product_items": [{"product_retailer_id": "SKU-3"}]}
        named = {"catalog_id": "991001", "product_retailer_id": "SKU-1"}
        assert [each[0]["parameters"][0]["product"] for each in sent["shop_product"]] == [named, named]
        thread = page(as_agent, f"/inbox/{row.pk}/")
        assert all(words in thread for words in SHOWN.values())


def ask(integrator: Integrator, conversation_id: Any, name: str, values: dict[str, Any]) -> Any:
    part = {"name": name, "language": "nl", "values": values, "purpose": "marketing"}
    return integrator.send({"conversation_id": str(conversation_id), "template": part}, key=f"k-{name}-{len(values)}")


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("shop", "values", "field"),
    [
        ("products", {}, "button.0.products"),
        ("products", {"button.0.products": "Stad:"}, "button.0.products"),
        ("products", {"button.0.products": "SKU-1\nSKU-2"}, "button.0.products"),
        ("products", {"button.0.products": "SKU-1, SKU-1"}, "button.0.products"),
        ("products", {"button.0.products": ", ".join(f"S{n}" for n in range(31))}, "button.0.products"),
        ("products", {"button.0.products": f"{'x' * 25}: SKU-1"}, "button.0.products"),
        ("product", {"header.product": {"catalog_id": "1"}}, "header.product"),
        ("catalog", {"button.0.thumbnail": "x" * 101}, "button.0.thumbnail"),
    ],
)
def test_articles_that_do_not_fit_are_refused_and_named(
    shop: str, values: dict[str, Any], field: str, company: ClientCompany
) -> None:
    row, key = begin(company), integrator_of(company)
    make(company, SHOPS[shop], name="shop", category="MARKETING")

    refused = ask(key, row.pk, "shop", values)

    assert problem_of(refused, status=422) == "template_unusable"
    assert refused.json()["field"] == field
    with inside(company.schema_name):
        assert not Message.objects.exists()
