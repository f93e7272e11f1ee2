"""Marketing templates can leave through the platform's marketing service; everything else never does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations.models import Conversation, Message, MessageTemplate
from conversations.services.contacts import consent
from conversations.services.outbox import outbox
from conversations.status import MessageStatus
from tenants.context import inside
from tests.conversations.outbound.people import Outbound

RunDue = Callable[..., int]


@pytest.fixture
def sale(shop: Outbound) -> MessageTemplate:
    """A marketing template of an account that has switched marketing off for ordinary sending."""
    fields: dict[str, Any] = {"name": "sale", "language": "nl", "category": "MARKETING", "status": "APPROVED"}
    fields |= {"waba_id": shop.number.waba_id, "components": [{"type": "BODY", "text": "De uitverkoop begint."}]}
    shop.simulator.post("world", templates=[fields])
    with inside(shop.company.schema_name):
        return MessageTemplate.objects.create(**fields)


def move_marketing(shop: Outbound) -> None:
    waba = {"id": shop.number.waba_id, "state": {"marketing_elsewhere": True}}
    shop.simulator.post("world", wabas=[waba])


def offer(shop: Outbound, row: Conversation, sale: MessageTemplate) -> Message:
    with inside(shop.company.schema_name):
        consent.give(row.contact, source="inbound_message")
        return outbox.queue_template(row, origin=shop.origin(), template=sale, values={}, purpose="marketing")


def test_it_is_off_until_an_admin_switches_it_on(
    shop: Outbound, sale: MessageTemplate, as_admin: Client, run_due: RunDue
) -> None:
    move_marketing(shop)
    refused = offer(shop, shop.conversation("ana"), sale)
    run_due("outbound")
    assert (shop.fresh(refused).status, shop.fresh(refused).error_code) == (MessageStatus.FAILED, 131063)

    page = f"/numbers/{shop.number.pk}/settings/"
    assert as_admin.post(page + "marketing/", {"on": "yes"}).status_code == 302
    sent = offer(shop, shop.conversation("bo"), sale)
    text = shop.text(shop.conversation("cas"), "Uw fiets is klaar.")
    run_due("outbound")

    assert shop.fresh(sent).status >= MessageStatus.ACCEPTED
    assert shop.fresh(text).status >= MessageStatus.ACCEPTED
    assert as_admin.post(page + "marketing/", {}).status_code == 302
    with inside(shop.company.schema_name):
        shop.number.refresh_from_db()
        assert shop.number.marketing_apart is False
