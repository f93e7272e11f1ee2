"""The customer sees "typing" while the holder writes an answer, and nobody else's looking or writing shows."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from conversations.models import Channel, Conversation
from conversations.services.handling import conversations
from tenants.context import inside
from tests.conversations.outbound.people import Outbound
from tests.fixtures.people import browser_of

RunDue = Callable[..., int]


def held(shop: Outbound) -> Conversation:
    shop.simulator.person("ana")
    row = shop.conversation()
    said = shop.simulator.say("ana", "Hallo?", number=shop.number.phone_number_id)
    shop.wrote(row, wamid=said["wamid"])
    with inside(shop.company.schema_name):
        conversations.take(row, by=shop.agent, from_holder=None)
    return row


def types(browser: Client, row: Conversation) -> None:
    assert browser.post(f"/inbox/{row.pk}/typing/").status_code == 204


def test_the_customer_sees_that_the_holder_types_once_in_25_seconds(shop: Outbound, run_due: RunDue) -> None:
    row, browser = held(shop), browser_of(shop.agent, company=shop.company)

    types(browser, row)
    types(browser, row)
    run_due("receipts")
    assert [one.get("typing", False) for one in shop.simulator.receipts] == [True]

    shop.update(row.channel, typing_at=timezone.now() - timedelta(seconds=26))
    types(browser, row)
    run_due("receipts")
    assert len(shop.simulator.receipts) == 2


def test_nothing_shows_of_who_does_not_hold_it_or_when_the_window_is_closed(
    shop: Outbound, second_agent: object, run_due: RunDue
) -> None:
    row = held(shop)
    run_due("receipts")
    before = len(shop.simulator.receipts)

    types(browser_of(second_agent, company=shop.company), row)  # type: ignore[arg-type]
    shop.update(row.channel, last_inbound_at=timezone.now() - timedelta(hours=24))
    types(browser_of(shop.agent, company=shop.company), row)
    run_due("receipts")

    assert len(shop.simulator.receipts) == before
    with inside(shop.company.schema_name):
        assert Channel.objects.get(pk=row.channel_id).typing_at is None
