"""A number that may send again sends what waited, as far as the window still allows."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from conversations.models import Channel, Conversation, Message, PhoneNumber
from conversations.status import MessageStatus
from tenants.context import inside
from tests.conversations.numbers.conftest import Announced
from tests.fixtures.simulator import Simulator
from tests.fixtures.webhooks import WriteFrom

ANA, BO = "31612345678", "31687654321"
NO_REPLIES = {"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"}


def test_what_waited_leaves_in_the_window_and_the_rest_says_why(
    announced: Announced,
    simulator: Simulator,
    write_from: WriteFrom,
    as_agent: Client,
    run_due: Callable[..., int],
) -> None:
    for key, phone in (("ana", ANA), ("bo", BO)):
        simulator.person(key, phone=phone)
        simulator.say(key, "Is it ready?", number=announced.number.phone_number_id)
        write_from(phone, "Is it ready?", name=key)
    announced.say("account_update", event="ACCOUNT_RESTRICTION", restriction_info=[NO_REPLIES])
    for text, phone in (("Yes, Ana", ANA), ("Yes, Bo", BO)):
        with inside(announced.company.schema_name):
            row = Conversation.objects.get(contact__wa_id=phone)
        as_agent.post(f"/inbox/{row.pk}/take/")
        as_agent.post(f"/inbox/{row.pk}/reply/", {"body": text, "token": uuid4()})
        if phone == ANA:
            page = as_agent.get(f"/inbox/{row.pk}/").content.decode()
    assert "does not let the number answer" in page
    with inside(announced.company.schema_name):
        Message.objects.filter(status=MessageStatus.QUEUED).update(not_before=None)
        Channel.objects.filter(contact__wa_id=BO).update(last_inbound_at=timezone.now() - timedelta(hours=25))
    run_due("outbound")
    assert simulator.received == []

    announced.set(state_since=timezone.now() - timedelta(hours=1))
    announced.say("account_alerts", alert_severity="INFO", alert_type="LIFTED", entity_type="WABA")  # asks the platform
    run_due("housekeeping")
    run_due("outbound")

    assert announced.fresh().state == PhoneNumber.State.LIVE
    assert [one["content"]["text"]["body"] for one in simulator.received] == ["Yes, Ana"]
    with inside(announced.company.schema_name):
        late = Message.objects.get(body="Yes, Bo")
        assert (late.status, late.refusal) == (MessageStatus.FAILED, "window_closed")
