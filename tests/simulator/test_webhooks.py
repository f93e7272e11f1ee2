"""Webhooks are signed, shaped and retried like the platform's."""

import json

from pywa import WhatsApp
from pywa.types import Message, MessageStatus

from tests.simulator.driving import (
    ANA,
    ANA_BSUID,
    NUMBER,
    OTHER_NUMBER,
    OTHER_WABA,
    SECRET,
    WABA,
    Receiver,
    Simulator,
    code_of,
    wait_for,
)


def test_a_message_arrives_signed_with_everything_the_platform_says(simulator: Simulator, receiver: Receiver) -> None:
    wamid = simulator.write(text="Grüße, één 🚲")

    assert receiver.all_signed_with(SECRET)
    assert receiver.bodies[0].isascii()
    call = json.loads(receiver.bodies[0])
    assert call["object"] == "whatsapp_business_account"
    [entry] = call["entry"]
    [change] = entry["changes"]
    assert (entry["id"], change["field"]) == (WABA, "messages")
    value = change["value"]
    assert value["metadata"] == {"display_phone_number": "31201234567", "phone_number_id": NUMBER}
    assert value["contacts"] == [{"profile": {"name": "Ana de Vries"}, "user_id": ANA_BSUID, "wa_id": ANA}]
    [message] = value["messages"]
    assert message.pop("timestamp").isdigit()
    assert message == {
        "from": ANA,
        "from_user_id": ANA_BSUID,
        "id": wamid,
        "type": "text",
        "text": {"body": "Grüße, één 🚲"},
    }


def test_another_parser_understands_the_webhook(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write(text="Hallo")
    client = WhatsApp(phone_id=NUMBER, token="x", server=None)

    parsed = Message.from_update(client, json.loads(receiver.bodies[0]))

    assert (parsed.text, parsed.from_user.wa_id, parsed.from_user.name) == ("Hallo", ANA, "Ana de Vries")


def test_another_parser_understands_statuses(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write()
    receiver.clear()
    wamid = simulator.post_text(biz_opaque_callback_data="msg:5")
    wait_for(lambda: len(receiver.statuses(wamid)) == 2)
    client = WhatsApp(phone_id=NUMBER, token="x", server=None)

    sent = MessageStatus.from_update(client, json.loads(receiver.bodies[0]))

    assert (sent.id, sent.tracker, sent.from_user.wa_id) == (wamid, "msg:5", ANA)
    assert sent.pricing is not None


def test_what_is_not_acknowledged_comes_again_word_for_word(simulator: Simulator, receiver: Receiver) -> None:
    receiver.answers = [503, 500]

    simulator.write(text="Hallo")

    assert len(receiver.bodies) == 3
    assert len(set(receiver.bodies)) == 1
    log = simulator.sim("webhooks")["items"]
    assert [(entry["status"], entry["attempt"]) for entry in log] == [(503, 1), (500, 2), (200, 3)]


def test_retries_end(simulator: Simulator, receiver: Receiver) -> None:
    simulator.sim("options", {"webhook_attempts": 2, "webhook_retry_ms": 5})
    receiver.answers = [500, 500]

    answer = simulator.sim("people/ana/send", {"number": NUMBER, "text": "Hallo", "wait": True})

    assert answer["acknowledged"] is False
    assert len(receiver.bodies) == 2


def test_messages_of_one_chat_come_in_order_and_may_share_a_post(simulator: Simulator, receiver: Receiver) -> None:
    for n in range(30):
        simulator.sim("people/ana/send", {"number": NUMBER, "text": str(n)})

    wait_for(lambda: len(receiver.messages()) == 30)
    assert [message["text"]["body"] for message in receiver.messages()] == [str(n) for n in range(30)]


def test_each_business_hears_its_own_in_its_own_signature(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write(number=OTHER_NUMBER, text="Dag")

    assert receiver.all_signed_with("other-secret")
    assert json.loads(receiver.bodies[0])["entry"][0]["id"] == OTHER_WABA


def test_without_a_subscription_nothing_comes(simulator: Simulator, receiver: Receiver) -> None:
    assert simulator.graph("DELETE", f"{WABA}/subscribed_apps").json() == {"success": True}
    assert simulator.graph("GET", f"{WABA}/subscribed_apps").json() == {"data": []}
    answer = simulator.sim("people/ana/send", {"number": NUMBER, "text": "Stil", "wait": True})
    assert answer["acknowledged"] is False
    assert receiver.bodies == []

    simulator.graph("POST", f"{WABA}/subscribed_apps")
    simulator.write(text="Hoorbaar")
    assert [message["text"]["body"] for message in receiver.messages()] == ["Hoorbaar"]


def test_an_override_must_prove_itself_and_then_gets_messages(simulator: Simulator, receiver: Receiver) -> None:
    other = Receiver()
    try:
        wish = {"override_callback_uri": other.url, "verify_token": "wrong"}
        assert code_of(simulator.graph("POST", f"{WABA}/subscribed_apps", json=wish)) == 2200

        simulator.graph("POST", f"{WABA}/subscribed_apps", json={**wish, "verify_token": "verify-me"})
        simulator.write(text="Hier")
        assert [message["text"]["body"] for message in other.messages()] == ["Hier"]
        assert receiver.bodies == []
    finally:
        other.stop()


def test_any_change_can_be_posted_by_hand(simulator: Simulator, receiver: Receiver) -> None:
    value = {"display_phone_number": "31201234567", "event": "FLAGGED", "current_limit": "TIER_2K"}
    posted = simulator.sim("webhook", {"waba": WABA, "field": "phone_number_quality_update", "value": value})

    assert posted == {"sent": True, "status": 200}
    assert receiver.changes("phone_number_quality_update") == [value]
    assert receiver.all_signed_with(SECRET)


def test_the_callback_can_be_asked_to_prove_itself(simulator: Simulator) -> None:
    assert simulator.sim("handshake", {"app": "700"}) == {"verified": True}
    assert simulator.sim("handshake", {"app": "701"}) == {"verified": False}
