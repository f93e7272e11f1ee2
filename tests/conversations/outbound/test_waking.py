"""What the platform tells of one message lets the next one of its conversation go at once."""

from conversations.models import PhoneNumber
from conversations.services.outbox import outbox
from conversations.status import MessageStatus
from tenants import work
from tenants.context import inside
from tenants.models import WorkMark
from tests.conversations.outbound.people import Outbound
from tests.conversations.outbound.postbox import Postbox, statuses_in
from tests.fixtures.work import RunDue


def wakes(shop: Outbound) -> list[work.Due]:
    return [due for due in work.due() if due.kind == work.Kind.OUTBOUND and due.key == str(shop.number.pk)]


def forget_marks(shop: Outbound) -> None:
    """The sender has finished; only news may wake it now, not the look that it means to take in half a second."""
    WorkMark.objects.filter(kind=work.Kind.OUTBOUND, key=str(shop.number.pk)).delete()
    with inside(shop.company.schema_name):
        PhoneNumber.objects.update(sender_until=None)


def test_a_status_that_settles_an_unknown_message_wakes_the_sender(
    shop: Outbound, care: Outbound, postbox: Postbox, run_due: RunDue
) -> None:
    shop.simulator.fault(kind="drop_after_accept", count=1)
    conversation = shop.conversation()
    lost, after = shop.text(conversation, "lost"), shop.text(conversation, "after it")
    run_due("outbound")
    assert (shop.fresh(lost).status, shop.fresh(after).status) == (MessageStatus.UNKNOWN, MessageStatus.QUEUED)
    forget_marks(shop)

    for letter in postbox.take(at_least=2):
        postbox.hand_on(letter)
    run_due("inbound")

    assert shop.fresh(lost).status == MessageStatus.DELIVERED
    assert len(wakes(shop)) == 1
    assert not wakes(care)
    run_due("outbound")
    assert shop.bodies() == ["lost", "after it"]


def test_the_delivery_of_a_file_wakes_the_sender_for_the_text_behind_it_and_no_sooner(
    shop: Outbound, care: Outbound, postbox: Postbox, run_due: RunDue
) -> None:
    conversation = shop.conversation()
    with inside(shop.company.schema_name):
        media = shop.picture()
        outbox.queue_media(conversation, origin=shop.origin(), media=media)
    text = shop.text(conversation, "Nice?")
    run_due("outbound")
    assert shop.fresh(text).status == MessageStatus.QUEUED
    forget_marks(shop)

    sent, delivered = sorted(postbox.take(at_least=2), key=lambda one: statuses_in(one)[0]["status"], reverse=True)
    postbox.hand_on(sent)
    run_due("inbound")
    assert not wakes(shop)

    postbox.hand_on(delivered)
    run_due("inbound")
    assert wakes(shop)
    run_due("outbound")
    assert [one["type"] for one in shop.received()] == ["image", "text"]


def test_a_delivery_nobody_waited_for_wakes_no_sender(
    shop: Outbound, care: Outbound, postbox: Postbox, run_due: RunDue
) -> None:
    shop.text(shop.conversation(), "Hello")
    run_due("outbound")
    forget_marks(shop)

    for letter in postbox.take(at_least=2):
        postbox.hand_on(letter)
    run_due("inbound")

    assert not wakes(shop)
