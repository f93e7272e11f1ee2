"""Outside the window an approved template goes, filled in, with its purpose."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Channel, Conversation, MessageTemplate
from tests.conversations.inbox.conftest import HX, Inbox

COMPONENTS = [
    {"type": "BODY", "text": "Hello {{1}}, order {{2}} is ready.", "example": {"body_text": [["Sanne", "20418"]]}},
    {"type": "FOOTER", "text": "Fietsland"},
]


@pytest.fixture
def row(inbox: Inbox) -> Conversation:
    """Somebody wrote two days ago."""
    row = inbox.conversation()
    with inbox.inside():
        Channel.objects.update(last_inbound_at=timezone.now() - timedelta(days=2))
    return row


@pytest.fixture
def template(inbox: Inbox) -> MessageTemplate:
    with inbox.inside():
        fields = {"waba_id": "200000000000001", "category": "UTILITY", "components": COMPONENTS}
        MessageTemplate.objects.create(name="not_yet", language="nl", status="PENDING", **fields)
        MessageTemplate.objects.create(name="elsewhere", language="nl", status="APPROVED", **fields | {"waba_id": "9"})
        return MessageTemplate.objects.create(name="order_ready", language="nl", status="APPROVED", **fields)


def post(browser: Client, row: Conversation, template: MessageTemplate, **fields: str) -> Any:
    data = {"token": str(uuid4()), "body.1": "Sanne", "body.2": "20418", "purpose": "service", "reference": "20418"}
    return browser.post(f"/inbox/{row.pk}/templates/{template.pk}/", data | fields, headers=HX)


def test_only_approved_templates_of_the_account_are_offered(
    as_agent: Client, row: Conversation, template: MessageTemplate
) -> None:
    shown = as_agent.get(f"/inbox/{row.pk}/templates/", headers=HX).content.decode()

    assert "order_ready" in shown
    assert "not_yet" not in shown and "elsewhere" not in shown
    assert "24 hours for a free reply are over" in shown


def test_the_preview_fills_in_while_one_types(as_agent: Client, row: Conversation, template: MessageTemplate) -> None:
    address = f"/inbox/{row.pk}/templates/{template.pk}/preview/"

    shown = as_agent.post(address, {"body.1": "<b>Sanne</b>"}, headers=HX).content.decode()

    assert "Hello &lt;b&gt;Sanne&lt;/b&gt;, order <mark>{{2}}</mark> is ready." in shown


def test_a_filled_template_leaves_with_its_purpose(
    as_agent: Client, inbox: Inbox, row: Conversation, template: MessageTemplate
) -> None:
    response = post(as_agent, row, template)

    assert response.status_code == 200, response.content.decode()
    assert "Hello Sanne, order 20418 is ready." in response.content.decode()
    [message] = inbox.sent(row)
    assert (message.type, message.purpose, message.content["reference"]) == ("template", "service", "20418")


@pytest.mark.parametrize(
    "wrong",
    [{"purpose": ""}, {"purpose": "fun"}, {"reference": ""}, {"body.2": ""}, {"body.1": "a\nb"}, {"token": "x"}],
)
def test_what_is_missing_is_named_and_what_was_typed_stays(
    wrong: dict[str, str], as_agent: Client, inbox: Inbox, row: Conversation, template: MessageTemplate
) -> None:
    response = post(as_agent, row, template, **wrong)

    assert response.status_code == 422
    shown = response.content.decode()
    assert 'data-state="error"' in shown
    assert 'value="20418"' in shown or "body.2" in wrong
    assert inbox.sent(row) == []


def test_two_tabs_send_a_template_once(
    as_agent: Client, inbox: Inbox, row: Conversation, template: MessageTemplate
) -> None:
    token = str(uuid4())
    for _tab in range(2):
        assert post(as_agent, row, template, token=token).status_code == 200

    assert len(inbox.sent(row)) == 1
