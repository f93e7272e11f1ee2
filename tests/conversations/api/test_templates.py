"""Integrators read the templates, see what each needs, and send every kind of them."""

from typing import Any

import pytest
from django.utils import timezone

from conversations.models import Conversation, MediaFile, Message, MessageTemplate, PhoneNumber
from conversations.services.contacts import consent
from tenants.accounts.roles import Scope
from tenants.context import inside
from tenants.models import ClientCompany
from tests.conversations.api.conftest import Integrator, integrator_of, problem_of
from tests.fixtures.companies import Enter

pytestmark = pytest.mark.usefixtures("db")

BODY = {"type": "BODY", "text": "Hoi {{naam}}, tot ziens bij ons!"}
PLACE = {"type": "HEADER", "format": "LOCATION"}
BUTTONS = {
    "type": "BUTTONS",
    "buttons": [
        {"type": "QUICK_REPLY", "text": "Ja"},
        {"type": "URL", "text": "Volg", "url": "https://x.example/{{1}}", "example": ["https://x.example/a"]},
    ],
}


@pytest.fixture
def template(company: ClientCompany, number: PhoneNumber) -> MessageTemplate:
    return make(company, number, components=[PLACE, BODY, BUTTONS])


def make(company: ClientCompany, number: PhoneNumber, **fields: Any) -> MessageTemplate:
    given = {"name": "visit", "language": "nl", "category": "UTILITY", "status": "APPROVED"} | fields
    with inside(company.schema_name):
        return MessageTemplate.objects.create(waba_id=number.waba_id, **given)


def ask(conversation: Conversation, **part: Any) -> dict[str, Any]:
    values = {"header.location": {"latitude": 52.1, "longitude": 5.1, "name": "Winkel"}, "body.naam": "Ana"}
    values |= {"button.1": "A-12", "button.0.payload": "yes:12"}
    given = {"name": "visit", "language": "nl", "values": values, "purpose": "service", "reference": "A-12"}
    return {"conversation_id": str(conversation.pk), "template": given | part}


def test_a_template_says_what_has_to_be_filled_in(integrator: Integrator, template: MessageTemplate) -> None:
    [listed] = integrator.get("/api/v1/templates").json()["results"]
    read = integrator.get(f"/api/v1/templates/{template.pk}").json()

    assert listed == read
    assert read["sendable"] is True
    assert [(one["key"], one["kind"], one["required"]) for one in read["blanks"]] == [
        ("header.location", "location", True),
        ("body.naam", "text", True),
        ("button.1", "url", True),
        ("button.0.payload", "payload", False),
    ]


def test_templates_are_narrowed_and_deleted_ones_left_out(
    integrator: Integrator, template: MessageTemplate, company: ClientCompany, number: PhoneNumber
) -> None:
    make(company, number, name="gone", status="DELETED")
    make(company, number, name="waits", status="PENDING", language="de")

    def names(query: str) -> list[str]:
        return [one["name"] for one in integrator.get(f"/api/v1/templates?{query}").json()["results"]]

    assert names("") == ["waits", "visit"]
    assert names("status=deleted") == ["gone"]
    assert names("language=de") == names("status=PENDING") == names("name=waits") == ["waits"]


def test_reading_needs_the_scope_and_other_companies_have_their_own(
    company: ClientCompany, template: MessageTemplate, other_integrator: Integrator
) -> None:
    without = integrator_of(company, scopes=[Scope.MESSAGES_SEND])

    assert problem_of(without.get("/api/v1/templates"), status=403) == "permission_denied"
    assert other_integrator.get("/api/v1/templates").json()["results"] == []
    assert other_integrator.get(f"/api/v1/templates/{template.pk}").status_code == 404


def test_a_template_is_sent_with_a_place_a_name_a_link_and_an_answer(
    integrator: Integrator, conversation: Conversation, template: MessageTemplate, company: ClientCompany, enter: Enter
) -> None:
    answer = integrator.send(ask(conversation))

    assert answer.status_code == 202, answer.content
    with enter(company):
        message = Message.objects.get(pk=answer.json()["id"])
        assert MessageTemplate.objects.get(pk=template.pk).last_used_at
    kinds = [(one["type"], one.get("sub_type", "")) for one in message.content["components"]]
    assert kinds == [("header", ""), ("body", ""), ("button", "quick_reply"), ("button", "url")]
    assert message.content["components"][0]["parameters"][0]["location"]["latitude"] == 52.1
    assert message.content["components"][1]["parameters"][0]["parameter_name"] == "naam"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"body.naam": "Ana", "button.1": "a"}, "header.location"),
        ({"header.location": {"latitude": 95, "longitude": 5}, "body.naam": "A", "button.1": "a"}, "header.location"),
        ({"header.location": {"latitude": 1, "longitude": 5}, "body.naam": "A\nB", "button.1": "a"}, "body.naam"),
        ({"header.location": {"latitude": 1, "longitude": 5}, "body.naam": "A"}, "button.1"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_named(
    integrator: Integrator,
    conversation: Conversation,
    template: MessageTemplate,
    values: dict[str, Any],
    field: str,
) -> None:
    refused = integrator.send(ask(conversation, values=values))

    assert problem_of(refused, status=422) == "template_unusable"
    assert refused.json()["field"] == field


def test_what_is_no_text_and_no_place_is_refused(
    integrator: Integrator, conversation: Conversation, template: MessageTemplate
) -> None:
    for bad in ([1], True, None, "x" * 2001):
        refused = integrator.send(ask(conversation, values={"body.naam": bad}), key=f"k-{bad!r:.9}")
        assert problem_of(refused, status=422) == "invalid"


def test_the_file_of_a_heading_is_of_the_right_kind(
    integrator: Integrator, conversation: Conversation, company: ClientCompany, number: PhoneNumber
) -> None:
    make(company, number, name="paper", components=[{"type": "HEADER", "format": "DOCUMENT"}, BODY])
    with inside(company.schema_name):
        fields = {"phone_number_id": number.pk, "direction": "out", "state": "stored", "received_at": timezone.now()}
        picture, paper = (MediaFile.objects.create(kind=kind, **fields) for kind in ("image", "document"))
    values = {"body.naam": "Ana"}

    wrong = integrator.send(ask(conversation, name="paper", values=values, media_id=str(picture.pk)), key="a")
    none = integrator.send(ask(conversation, name="paper", values=values), key="b")
    right = integrator.send(ask(conversation, name="paper", values=values, media_id=str(paper.pk)), key="c")

    assert problem_of(wrong, status=422) == problem_of(none, status=422) == "template_unusable"
    assert right.status_code == 202, right.content


def test_a_carousel_whose_pictures_only_the_platform_has_says_so(
    integrator: Integrator, conversation: Conversation, company: ClientCompany, number: PhoneNumber
) -> None:
    card = {"components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Kijk"}]}
    components = [BODY, {"type": "CAROUSEL", "cards": [card, card]}]
    make(company, number, name="cards", category="MARKETING", components=components)
    with inside(company.schema_name):
        consent.give(conversation.contact, source="inbound_message")

    refused = integrator.send(ask(conversation, name="cards", values={"body.naam": "Ana"}, purpose="marketing"))

    assert problem_of(refused, status=422) == "card_files_missing"
