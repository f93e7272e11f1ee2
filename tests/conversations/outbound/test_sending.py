"""What is queued leaves once, in order, and what came of it is written down."""

from conversations.status import MessageStatus
from tests.conversations.outbound.people import Outbound
from tests.fixtures.work import RunDue


def test_a_queued_text_leaves_once_and_is_recorded_as_accepted(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    message = shop.text(shop.conversation(), "Your bike is ready.")

    run_due("outbound")

    [sent] = shop.received()
    assert sent["content"]["text"]["body"] == "Your bike is ready."
    assert sent["biz_opaque_callback_data"] == f"msg:{message.pk}"
    stored = shop.fresh(message)
    assert stored.status == MessageStatus.ACCEPTED
    assert stored.wamid == sent["wamid"]
    assert stored.claimed_at and stored.sending_at and stored.accepted_at
    assert care.received() == []
