"""Message templates: who may be written to, why, and what leaves."""

from datetime import timedelta
from typing import Any

import pytest

from conversations.errors import (
    ConsentMissing,
    ContactOptedOut,
    NoRecipient,
    PurposeMissing,
    ReferenceMissing,
    TemplateUnusable,
)
from conversations.models import Contact, Conversation, Direction, Message, MessageTemplate, PhoneNumber
from conversations.services.contacts import consent
from conversations.services.outbox import outbox
from conversations.status import MessageStatus
from tenants.accounts.models import AuditEntry
from tenants.context import inside
from tests.conversations.outbound.people import Outbound
from tests.fixtures.work import RunDue

BODY = {"type": "BODY", "text": "Hello {{1}}, your order {{2}} is ready.", "example": {"body_text": [["Ana", "A-1"]]}}
VALUES = {"body.1": "Ana", "body.2": "A-991"}


@pytest.fixture(autouse=True)
def both(shop: Outbound, care: Outbound) -> None:
    """Two companies in every test."""


def template(shop: Outbound, *, category: str = "UTILITY", status: str = "APPROVED") -> MessageTemplate:
    """A template that the company and the simulator know."""
    name = f"order_{category.lower()}"
    fields = {"name": name, "language": "nl", "category": category, "components": [BODY]}
    shop.simulator.post("world", templates=[{"waba_id": shop.number.waba_id, "status": "APPROVED", **fields}])
    with inside(shop.company.schema_name):
        return MessageTemplate.objects.create(waba_id=shop.number.waba_id, status=status, **fields)


def queue(shop: Outbound, conversation: Conversation, chosen: MessageTemplate, **more: Any) -> Message:
    given = {"values": VALUES, "purpose": "service", "reference": "A-991", **more}
    with inside(shop.company.schema_name):
        return outbox.queue_template(conversation, origin=shop.origin(), template=chosen, **given)


def test_a_filled_template_leaves_outside_the_window_and_is_kept_as_it_reads(shop: Outbound, run_due: RunDue) -> None:
    message = queue(shop, shop.conversation(wrote=timedelta(days=3)), template(shop))

    run_due("outbound")

    [sent] = shop.received()
    assert sent["payload"]["template"]["name"] == "order_utility"
    stored = shop.fresh(message)
    assert stored.body == "Hello Ana, your order A-991 is ready."
    assert (stored.status, stored.purpose, stored.content["reference"]) == (
        MessageStatus.ACCEPTED,
        "service",
        "A-991",
    )


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"values": {"body.1": "Ana"}}, TemplateUnusable),
        ({"values": {**VALUES, "body.1": "two\nlines"}}, TemplateUnusable),
        ({"purpose": ""}, PurposeMissing),
        ({"purpose": "reply"}, PurposeMissing),
        ({"purpose": "authentication"}, PurposeMissing),
        ({"reference": "  "}, ReferenceMissing),
        ({"purpose": "marketing"}, ConsentMissing),
    ],
)
def test_a_template_without_what_it_needs_is_refused(
    shop: Outbound, more: dict[str, Any], refusal: type[Exception]
) -> None:
    conversation, chosen = shop.conversation(), template(shop)

    with pytest.raises(refusal):
        queue(shop, conversation, chosen, **more)

    with inside(shop.company.schema_name):
        assert not Message.objects.filter(direction=Direction.OUTBOUND).exists()


@pytest.mark.parametrize("status", ["PAUSED", "REJECTED", "PENDING", "DISABLED"])
def test_only_approved_templates_are_sent(shop: Outbound, status: str) -> None:
    with pytest.raises(TemplateUnusable):
        queue(shop, shop.conversation(), template(shop, status=status))


def test_a_marketing_template_cannot_be_passed_off_as_service(shop: Outbound) -> None:
    with pytest.raises(PurposeMissing):
        queue(shop, shop.conversation(), template(shop, category="MARKETING"))


def test_a_one_time_code_needs_a_phone_number(shop: Outbound) -> None:
    conversation = shop.conversation()
    shop.update(conversation.contact, wa_id=None)

    with pytest.raises(NoRecipient):
        queue(
            shop,
            _again(shop, conversation),
            template(shop, category="AUTHENTICATION"),
            purpose="authentication",
        )


def _again(shop: Outbound, conversation: Conversation) -> Conversation:
    with inside(shop.company.schema_name):
        return Conversation.objects.select_related("channel__contact", "channel__phone_number").get(pk=conversation.pk)


def test_marketing_needs_proof_and_a_refusal_is_in_the_audit_trail(shop: Outbound, run_due: RunDue) -> None:
    conversation, chosen = shop.conversation(), template(shop, category="MARKETING")
    with pytest.raises(ConsentMissing):
        queue(shop, conversation, chosen, purpose="marketing")
    with inside(shop.company.schema_name):
        entry = AuditEntry.objects.get(action="message.refused")
        assert (entry.reason, entry.actor_id) == ("consent_missing", shop.agent.pk)
        consent.give(conversation.contact, source="inbound_message", wamid="wamid.yes", text="NEWS AAN")

    message = queue(shop, conversation, chosen, purpose="marketing")
    run_due("outbound")

    assert shop.fresh(message).status == MessageStatus.ACCEPTED


def test_stop_refuses_marketing_from_then_on_and_what_already_waits(shop: Outbound, run_due: RunDue) -> None:
    conversation, chosen = shop.conversation(), template(shop, category="MARKETING")
    with inside(shop.company.schema_name):
        consent.give(conversation.contact, source="inbound_message")
    waiting = queue(shop, conversation, chosen, purpose="marketing")

    with inside(shop.company.schema_name):
        consent.withdraw(conversation.contact, source="inbound_message", wamid="wamid.stop", text="STOP")
    with pytest.raises(ContactOptedOut):
        queue(shop, _again(shop, conversation), chosen, purpose="marketing")
    run_due("outbound")

    assert shop.fresh(waiting).refusal == "contact_opted_out"
    assert shop.received() == []
    shop.text(conversation, "Answers are still possible")
    run_due("outbound")
    assert shop.bodies() == ["Answers are still possible"]


def test_a_new_consent_ends_an_earlier_stop(shop: Outbound) -> None:
    conversation = shop.conversation()
    with inside(shop.company.schema_name):
        consent.withdraw(conversation.contact, source="inbound_message")
        consent.give(conversation.contact, source="inbound_message")
        assert Contact.objects.get(pk=conversation.contact_id).opted_out_at is None
        assert consent.active_for(conversation.contact)


def test_somebody_who_stopped_at_whatsapp_is_not_written_to_again(shop: Outbound, run_due: RunDue) -> None:
    conversation, chosen = shop.conversation(), template(shop, category="MARKETING")
    with inside(shop.company.schema_name):
        consent.give(conversation.contact, source="inbound_message")
    shop.simulator.fault(kind="refuse", code=131050, count=1)
    message = queue(shop, conversation, chosen, purpose="marketing")

    run_due("outbound")

    assert shop.fresh(message).error_code == 131050
    with inside(shop.company.schema_name):
        assert Contact.objects.get(pk=conversation.contact_id).opted_out_at
        assert consent.active_for(conversation.contact) is None


def test_a_template_that_the_platform_paused_is_not_offered_any_more(shop: Outbound, run_due: RunDue) -> None:
    chosen = template(shop)
    shop.simulator.fault(kind="refuse", code=132015, count=1)
    queue(shop, shop.conversation(), chosen)

    run_due("outbound")

    with inside(shop.company.schema_name):
        chosen.refresh_from_db()
    assert chosen.status == "PAUSED"


def test_writing_first_begins_a_conversation_only_when_it_may(shop: Outbound, run_due: RunDue) -> None:
    shop.simulator.person("eva", phone="31687654321")
    chosen = template(shop)
    with inside(shop.company.schema_name):
        number, contact = PhoneNumber.objects.get(), Contact.objects.create(name="Eva", wa_id="31687654321")
        more: dict[str, Any] = {"contact": contact, "origin": shop.origin(), "template": chosen, "values": VALUES}
        with pytest.raises(ReferenceMissing):
            outbox.start_conversation(number, purpose="service", **more)
        assert not Conversation.objects.exists()
        outbox.start_conversation(number, purpose="service", reference="A-991", **more)

    run_due("outbound")

    [sent] = shop.received()
    assert sent["to"] == "31687654321"
