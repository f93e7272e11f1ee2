"""The proof that it works: something came in, and a test message went out the way every answer goes."""

from collections.abc import Callable

import pytest

from conversations.models import Message
from tests.conversations.connecting.conftest import NUMBER, Hand
from tests.fixtures.companies import Enter
from tests.fixtures.simulator import Simulator
from tests.fixtures.webhooks import Deliver, WriteFrom, change, envelope, status_of

pytestmark = pytest.mark.usefixtures("committed")


def test_one_message_in_and_one_out_finish_the_path(
    hand: Hand,
    business: Simulator,
    write_from: WriteFrom,
    deliver: Deliver,
    run_due: Callable[..., int],
    enter: Enter,
) -> None:
    hand.by_hand()
    assert hand.steps()["webhooks"] == "webhooks_unseen"
    nobody = hand.answer("test", phone="+31 6 12345678")
    assert nobody.status_code == 422
    assert "from that phone first" in nobody.content.decode()
    assert business.received == []

    write_from("31612345678", "Doet hij het?", to=hand.number())
    assert hand.steps()["webhooks"] == "done"
    assert hand.answer("test", phone="call me").status_code == 422
    assert hand.answer("test", phone="+31 6 12345678").status_code == 302
    assert hand.steps()["test_message"] == "test_leaving"
    run_due("outbound")
    assert [one["payload"]["to"] for one in business.received] == ["+31612345678"]

    with enter(hand.company):
        sent = Message.objects.get(direction="out")
    told = change(hand.number(), statuses=[status_of(str(sent.wamid), "delivered")])
    deliver(envelope(hand.number().waba_id, told))
    run_due("inbound")

    assert set(hand.steps().values()) == {"done"}
    assert "All of it works." in hand.page()


def test_the_worker_goes_along_by_itself(hand: Hand, business: Simulator, run_due: Callable[..., int]) -> None:
    fields = {
        "phone_number_id": NUMBER,
        "waba_id": "300000000000001",
        "app": str(hand.app.pk),
        "token": "EAAnewbusiness",
    }
    hand.browser.post("/connecting/by-hand/", fields)
    assert "looking…" in hand.page()

    run_due("housekeeping")

    assert hand.number().state == "live"
    assert "looking…" not in hand.page()
