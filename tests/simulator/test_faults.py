"""Every trouble that can be ordered happens as ordered, and no more often."""

import time

import pytest
import requests

from tests.simulator.driving import NUMBER, OTHER_NUMBER, Receiver, Simulator, code_of, wait_for

TEXT = {"type": "text", "text": {"body": "Dag"}}


def test_a_refusal_has_the_ordered_code_and_then_ends(simulator: Simulator) -> None:
    simulator.write()
    simulator.sim("faults", {"where": "send", "kind": "refuse", "code": 131031, "count": 2})

    codes = [simulator.post(TEXT) for _ in range(3)]

    assert [code_of(codes[0]), code_of(codes[1]), codes[2].status_code] == [131031, 131031, 200]
    assert len(simulator.received()) == 1
    assert simulator.sim("faults")["items"] == []


def test_a_refusal_can_come_later_as_a_status(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write()
    simulator.sim("faults", {"where": "status", "kind": "refuse", "code": 131026, "count": 1})

    wamid = simulator.post_text()

    [status] = wait_for(lambda: receiver.statuses(wamid))
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131026)


def test_throttling_and_server_errors(simulator: Simulator) -> None:
    simulator.write()
    simulator.sim("faults", {"where": "send", "kind": "rate_limit", "count": 1})
    throttled = simulator.post(TEXT)
    simulator.sim("faults", {"where": "send", "kind": "http_5xx", "code": 502, "count": 1})
    broken = simulator.post(TEXT)

    assert (throttled.status_code, code_of(throttled)) == (429, 130429)
    assert broken.status_code == 502
    assert simulator.received() == []


def test_a_fault_of_one_number_leaves_the_others_alone(simulator: Simulator) -> None:
    simulator.write()
    simulator.sim("faults", {"where": "send", "kind": "refuse", "code": 131031, "number": OTHER_NUMBER})

    assert simulator.post(TEXT).ok
    assert code_of(simulator.post(TEXT, number=OTHER_NUMBER, token="EAAzorgvast")) == 131031


def test_a_delay_holds_the_answer_back(simulator: Simulator) -> None:
    simulator.write()
    simulator.sim("faults", {"where": "send", "kind": "delay", "ms": 400, "count": 1})

    began = time.monotonic()
    simulator.post_text()

    assert time.monotonic() - began >= 0.4


def test_a_dropped_answer_was_accepted_all_the_same(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write()
    simulator.sim("faults", {"where": "send", "kind": "drop_after_accept", "count": 1})

    with pytest.raises(requests.ConnectionError):
        simulator.post({**TEXT, "biz_opaque_callback_data": "msg:9"})

    [received] = simulator.received()
    assert (received["biz_opaque_callback_data"], received["answered"]) == ("msg:9", False)
    statuses = wait_for(lambda: receiver.statuses(received["wamid"]))
    assert statuses[0]["biz_opaque_callback_data"] == "msg:9"


def test_webhooks_can_come_several_times(simulator: Simulator, receiver: Receiver) -> None:
    simulator.sim("faults", {"where": "webhook", "kind": "double", "copies": 3, "count": 1})

    wamid = simulator.write(text="Hallo")

    wait_for(lambda: len(receiver.messages()) == 3)
    assert {message["id"] for message in receiver.messages()} == {wamid}


def test_an_acknowledgement_that_gets_lost_brings_the_webhook_back(simulator: Simulator, receiver: Receiver) -> None:
    simulator.sim("faults", {"where": "webhook", "kind": "drop_after_accept", "count": 1})

    simulator.write(text="Hallo")

    wait_for(lambda: len(receiver.bodies) == 2)
    assert receiver.bodies[0] == receiver.bodies[1]


def test_a_dropped_webhook_never_comes(simulator: Simulator, receiver: Receiver) -> None:
    simulator.sim("faults", {"where": "webhook", "kind": "drop", "count": 1})

    simulator.sim("people/ana/send", {"number": NUMBER, "text": "Weg"})
    simulator.write(text="Hier")

    assert [message["text"]["body"] for message in receiver.messages()] == ["Hier"]


def test_webhooks_can_come_out_of_order(simulator: Simulator, receiver: Receiver) -> None:
    simulator.sim("faults", {"where": "webhook", "kind": "reorder", "ms": 150})
    sent = [simulator.sim("people/ana/send", {"number": NUMBER, "text": str(n)})["wamid"] for n in range(6)]

    wait_for(lambda: len(receiver.messages()) == 6)

    arrived = [message["id"] for message in receiver.messages()]
    assert sorted(arrived) == sorted(sent)
    assert arrived != sent


def test_statuses_can_be_late(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write()
    simulator.sim("faults", {"where": "status", "kind": "delay", "ms": 300, "count": 1})

    wamid = simulator.post_text()

    wait_for(lambda: len(receiver.statuses(wamid)) == 2)
    assert [status["status"] for status in receiver.statuses(wamid)] == ["delivered", "sent"]


def test_media_can_fail(simulator: Simulator) -> None:
    simulator.sim("faults", {"where": "media", "kind": "http_5xx", "count": 1})
    fields = {"messaging_product": "whatsapp", "type": "text/plain"}
    files = {"file": ("a.txt", b"abc", "text/plain")}

    first = simulator.graph("POST", f"{NUMBER}/media", data=fields, files=files)
    second = simulator.graph("POST", f"{NUMBER}/media", data=fields, files=files)

    assert (first.status_code, second.status_code) == (503, 200)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "gremlins"},
        {"kind": "double", "where": "send"},
        {"kind": "refuse"},
        {"kind": "delay", "speed": 3},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(simulator: Simulator, fault: dict[str, object]) -> None:
    response = simulator.session.post(f"{simulator.url}/_sim/faults", json=fault, timeout=5)

    assert response.status_code == 400
    assert response.json()["error"]


def test_chances_and_skips(simulator: Simulator) -> None:
    simulator.write()
    simulator.sim("faults", {"where": "send", "kind": "refuse", "code": 1, "probability": 0.5, "skip": 2})

    codes = [simulator.post(TEXT).status_code for _ in range(40)]

    assert codes[:2] == [200, 200]
    assert 8 < codes.count(500) < 32
