"""A number on the phone app: its history and address book come once, its owner's messages come as echoes."""

import time
from typing import Any

import pytest
from pywa import WhatsApp
from pywa.types import OutgoingMessage

from tests.simulator.another_client import parsed
from tests.simulator.driving import ANA, NUMBER, SECRET, Receiver, Simulator, code_of, wait_for

DAY = 24 * 3600


@pytest.fixture
def on_phone(simulator: Simulator) -> Simulator:
    """The number of the tests stays on the phone app; three days, thirty and a hundred ago something was said."""
    at = time.time()
    simulator.sim("world", {"numbers": [{"id": NUMBER, "is_on_biz_app": True, "state": {"onboarded_at": at}}]})
    rows = [
        (3600, "ana", "person"),
        (3 * DAY, "ana", "business"),
        (100 * DAY, "bo", "person"),
        (200 * DAY, "bo", "person"),
    ]
    history: list[dict[str, Any]] = [
        {"wamid": f"wamid.h{age}", "number": NUMBER, "person": who, "from": side, "timestamp": at - age, "type": "text"}
        | {"text": {"body": f"{age} geleden"}}
        for age, who, side in rows
    ]
    photo = {"wamid": "wamid.photo", "number": NUMBER, "person": "ana", "timestamp": at - DAY * 2, "type": "image"}
    history.append({**photo, "image": {"caption": "Zo"}, "data": "YWJj", "mime_type": "image/jpeg"})
    simulator.sim("world", {"history": history})
    return simulator


def ask(simulator: Simulator, kind: str) -> Any:
    body = {"messaging_product": "whatsapp", "sync_type": kind}
    return simulator.graph("POST", f"{NUMBER}/smb_app_data", json=body)


def test_the_history_comes_in_chunks_by_age_then_the_files(on_phone: Simulator, receiver: Receiver) -> None:
    assert ask(on_phone, "history").json()["request_id"]

    chunks = wait_for(lambda: _complete(receiver))

    metadata = [chunk["metadata"] for chunk in chunks]
    assert [row["phase"] for row in metadata] == [0, 1, 2]
    assert [row["progress"] for row in metadata] == [33, 66, 100]
    told = [message for chunk in chunks for thread in chunk["threads"] for message in thread["messages"]]
    assert {message["id"]: message["type"] for message in told} == {
        "wamid.h3600": "text",
        f"wamid.h{3 * DAY}": "text",
        "wamid.photo": "media_placeholder",
        f"wamid.h{100 * DAY}": "text",
    }
    [file] = wait_for(lambda: [m for value in receiver.changes("history") for m in value.get("messages", [])])
    assert (file["id"], file["type"], file["image"]["caption"]) == ("wamid.photo", "image", "Zo")
    assert on_phone.graph("GET", file["image"]["id"]).json()["mime_type"] == "image/jpeg"


def _complete(receiver: Receiver) -> list[dict[str, Any]]:
    chunks = [chunk for value in receiver.changes("history") for chunk in value.get("history", [])]
    return chunks if chunks and chunks[-1]["metadata"]["progress"] == 100 else []


def test_each_sync_can_be_asked_for_once_and_only_on_the_first_day(on_phone: Simulator, receiver: Receiver) -> None:
    assert ask(on_phone, "smb_app_state_sync").ok
    assert code_of(ask(on_phone, "smb_app_state_sync")) == 2593107
    late = {"onboarded_at": time.time() - 2 * DAY}
    on_phone.sim("world", {"numbers": [{"id": NUMBER, "state": late}]})
    assert code_of(ask(on_phone, "history")) == 2593108
    [event] = wait_for(lambda: receiver.changes("smb_app_state_sync"))
    [contact] = event["state_sync"]
    assert (contact["action"], contact["contact"]["phone_number"]) == ("add", ANA)

    on_phone.sim(f"numbers/{NUMBER}/address_book", {"person": "ana", "action": "remove"})

    wait_for(lambda: receiver.changes("smb_app_state_sync")[-1]["state_sync"][0]["action"] == "remove")


def test_an_owner_may_keep_the_history(on_phone: Simulator, receiver: Receiver) -> None:
    on_phone.sim("world", {"numbers": [{"id": NUMBER, "state": {"shares_history": False}}]})

    ask(on_phone, "history")

    [value] = wait_for(lambda: receiver.changes("history"))
    assert value["history"][0]["errors"][0]["code"] == 2593109


def test_what_the_owner_writes_is_echoed_and_opens_nothing(
    on_phone: Simulator, receiver: Receiver, client: WhatsApp
) -> None:
    sent = on_phone.sim(f"numbers/{NUMBER}/app", {"person": "ana", "text": "Ik bel zo"})["wamid"]
    edit = {"person": "ana", "type": "edit", "original_message_id": sent, "text": "Ik bel morgen"}
    on_phone.sim(f"numbers/{NUMBER}/app", edit)

    wait_for(lambda: len(receiver.changes("smb_message_echoes")) == 2)

    [echo] = receiver.changes("smb_message_echoes")[0]["message_echoes"]
    assert (echo["id"], echo["from"], echo["to"], echo["text"]["body"]) == (sent, "31201234567", ANA, "Ik bel zo")
    read = [update for body in receiver.bodies for update in parsed(client, body)]
    assert isinstance(read[0], OutgoingMessage)
    assert sent not in [row["wamid"] for row in on_phone.received()]
    chat = on_phone.session.get(f"{on_phone.url}/phone/ana/chat?number={NUMBER}", timeout=5).json()
    assert chat["messages"][-1]["content"]["body"] == "Ik bel morgen"
    assert code_of(on_phone.graph("POST", f"{NUMBER}/deregister")) == 131055


def test_disconnecting_on_the_phone_ends_the_token(on_phone: Simulator, receiver: Receiver) -> None:
    waba = on_phone.sim(f"numbers/{NUMBER}")["waba_id"]

    on_phone.sim(f"accounts/{waba}/event", {"event": "PARTNER_REMOVED", "reason": "ACCOUNT_DISCONNECTED"})

    [event] = wait_for(lambda: receiver.changes("account_update"))
    assert event["disconnection_info"] == {"reason": "ACCOUNT_DISCONNECTED", "initiated_by": "USER"}
    assert code_of(on_phone.graph("GET", NUMBER)) == 190
    assert receiver.all_signed_with(SECRET)
