"""A task that is given another company's ids finds nothing to do, and a STOP closes page and API to marketing."""

from uuid import uuid4

import pytest
from celery import current_app
from django.test import Client

from conversations.models import Contact, Conversation, MessageTemplate
from conversations.status import MessageStatus
from tenants.accounts.roles import Scope
from tenants.accounts.services import api_keys
from tenants.context import inside
from tests.conversations.outbound.people import Outbound
from tests.fixtures.webhooks import WriteFrom
from tests.fixtures.work import RunDue

PHONE = "31612345678"


def test_a_drain_with_another_companys_number_sends_nothing(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    message = care.text(care.conversation(), "For our client alone")

    current_app.tasks["conversations.drain_outbox"](shop.company.schema_name, str(care.number.pk))

    assert care.received() == shop.received() == []
    assert care.fresh(message).status == MessageStatus.QUEUED
    run_due("outbound")
    assert len(care.received()) == 1
    assert shop.received() == []


@pytest.mark.parametrize("said", ["stop!", "Afmelden", "  DÉSINSCRIRE. "])
def test_whoever_says_stop_gets_no_marketing_from_page_or_api(
    said: str, shop: Outbound, care: Outbound, write_from: WriteFrom, as_agent: Client
) -> None:
    write_from(PHONE, said)
    with inside(shop.company.schema_name):
        conversation = Conversation.objects.get()
        assert conversation.contact.opted_out_at is not None
        template = MessageTemplate.objects.create(
            waba_id=shop.number.waba_id,
            name="winter",
            language="nl",
            category="MARKETING",
            status="APPROVED",
            components=[{"type": "BODY", "text": "Tijd voor een winterbeurt."}],
        )
        _key, secret = api_keys.create_key("Shop", scopes=list(Scope), created_by=None)

    filled = {"token": str(uuid4()), "purpose": "marketing"}
    page = as_agent.post(f"/inbox/{conversation.pk}/templates/{template.pk}/", filled, headers={"HX-Request": "true"})
    api = Client(headers={"host": "fietsland.test", "Authorization": f"Bearer {secret}"}).post(
        "/api/v1/messages",
        {
            "conversation_id": str(conversation.pk),
            "template": {"name": "winter", "language": "nl", "purpose": "marketing"},
        },
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid4())},
    )

    assert page.status_code == 422
    assert "This person sent STOP." in page.content.decode()
    assert (api.status_code, api.json()["code"]) == (409, "contact_opted_out")
    with inside(shop.company.schema_name):
        assert not conversation.messages.filter(direction="out").exists()
    with inside(care.company.schema_name):
        assert not Contact.objects.exists()
