"""Sends are accepted and refused as the platform does."""

from typing import Any

import pytest

from tests.simulator.driving import (
    ANA,
    ANA_BSUID,
    BO_BSUID,
    NUMBER,
    OTHER_NUMBER,
    Receiver,
    Simulator,
    code_of,
    wait_for,
)


def interactive(kind: str, action: dict[str, Any], **rest: Any) -> dict[str, Any]:
    content = {"type": kind, "body": {"text": "Kies"}, "action": action, **rest}
    return {"type": "interactive", "interactive": content}


def button(title: str = "Ja", id: str = "yes") -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": id, "title": title}}


def row(n: int) -> dict[str, Any]:
    return {"id": f"row-{n}", "title": f"Rij {n}"}


GOOD = {
    "text": {"type": "text", "text": {"body": "x" * 4096, "preview_url": True}},
    "location": {"type": "location", "location": {"latitude": 52.37, "longitude": "4.89", "name": "Winkel"}},
    "contacts": {"type": "contacts", "contacts": [{"name": {"formatted_name": "Jan B", "first_name": "Jan"}}]},
    "buttons": interactive("button", {"buttons": [button(), button("Nee", "no")]}, footer={"text": "Fietsland"}),
    "list": interactive("list", {"button": "Open", "sections": [{"rows": [row(n) for n in range(10)]}]}),
    "cta_url": interactive(
        "cta_url", {"name": "cta_url", "parameters": {"display_text": "Kijk", "url": "https://x.example"}}
    ),
    "ask_location": interactive("location_request_message", {"name": "send_location"}),
    "ask_contact": interactive("request_contact_info", {"name": "request_contact_info"}),
    "linked image": {"type": "image", "image": {"link": "https://x.example/a.png", "caption": "Kijk"}},
}
BAD = {
    "text too long": ({"type": "text", "text": {"body": "x" * 4097}}, 100),
    "text empty": ({"type": "text", "text": {"body": "  "}}, 100),
    "unknown type": ({"type": "hologram", "hologram": {}}, 100),
    "object missing": ({"type": "image"}, 131008),
    "id and link": ({"type": "image", "image": {"id": "1", "link": "https://x.example/a.png"}}, 131008),
    "unknown media": ({"type": "image", "image": {"id": "123"}}, 100),
    "caption on audio": ({"type": "audio", "audio": {"link": "https://x.example/a.ogg", "caption": "a"}}, 131009),
    "caption too long": (
        {"type": "image", "image": {"link": "https://x.example/a.png", "caption": "x" * 1025}},
        131009,
    ),
    "four buttons": (interactive("button", {"buttons": [button(str(n), str(n)) for n in range(4)]}), 131009),
    "button title": (interactive("button", {"buttons": [button("x" * 21)]}), 131009),
    "same button id": (interactive("button", {"buttons": [button(), button("Nee")]}), 131009),
    "eleven rows": (
        interactive("list", {"button": "Open", "sections": [{"rows": [row(n) for n in range(11)]}]}),
        131009,
    ),
    "list image header": (
        interactive("list", {"button": "Open", "sections": [{"rows": [row(1)]}]}, header={"type": "image"}),
        131009,
    ),
    "latitude": ({"type": "location", "location": {"latitude": 91, "longitude": 4}}, 131009),
    "no longitude": ({"type": "location", "location": {"latitude": 51}}, 131008),
    "contact without a name": ({"type": "contacts", "contacts": [{"name": {"formatted_name": "Jan"}}]}, 131009),
    "callback data too long": ({"type": "text", "text": {"body": "a"}, "biz_opaque_callback_data": "x" * 513}, 131009),
    "reaction to nothing": ({"type": "reaction", "reaction": {"message_id": "wamid.no", "emoji": "👍"}}, 131009),
    "group": ({"type": "text", "text": {"body": "a"}, "recipient_type": "group"}, 131020),
    "to oneself": ({"type": "text", "text": {"body": "a"}, "to": "+31201234567"}, 131021),
    "to letters": ({"type": "text", "text": {"body": "a"}, "to": "ana"}, 131009),
    "bad bsuid": ({"type": "text", "text": {"body": "a"}, "recipient": "12345"}, 131009),
    "no product": ({"type": "text", "text": {"body": "a"}, "messaging_product": "sms"}, 100),
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD.keys())
def test_each_type_is_accepted_and_recorded_word_for_word(simulator: Simulator, body: dict[str, Any]) -> None:
    simulator.write()

    response = simulator.post({**body, "biz_opaque_callback_data": "msg:1"})

    assert response.status_code == 200, response.text
    answer = response.json()
    assert answer["contacts"] == [{"input": f"+{ANA}", "wa_id": ANA}]
    assert answer["messages"][0]["id"].startswith("wamid.HBg")
    [received] = simulator.received(number=NUMBER)
    assert received["wamid"] == answer["messages"][0]["id"]
    assert received["biz_opaque_callback_data"] == "msg:1"
    assert received["payload"][body["type"]] == body[body["type"]]


@pytest.mark.parametrize(("body", "code"), BAD.values(), ids=BAD.keys())
def test_each_flaw_is_refused_with_the_platforms_code(simulator: Simulator, body: dict[str, Any], code: int) -> None:
    simulator.write()

    response = simulator.post(body)

    assert code_of(response) == code
    error = response.json()["error"]
    assert error["type"] == "OAuthException"
    assert error["fbtrace_id"]
    assert simulator.received() == []


def test_broken_json_is_refused(simulator: Simulator) -> None:
    response = simulator.graph("POST", f"{NUMBER}/messages", data=b'{"messaging_product"')

    assert code_of(response) == 100


def test_free_form_needs_a_message_of_the_last_24_hours(simulator: Simulator) -> None:
    simulator.sim("people/ana/send", {"number": NUMBER, "text": "Gisteren", "timestamp": 1_700_000_000})

    assert code_of(simulator.post({"type": "text", "text": {"body": "Te laat"}})) == 131047

    simulator.write(text="Vandaag")
    assert simulator.post_text("Op tijd")


def test_a_reaction_does_not_open_the_window(simulator: Simulator) -> None:
    old = simulator.write(text="Gisteren", timestamp=1_700_000_000)
    simulator.write(type="reaction", reaction={"message_id": old, "emoji": "👍"})

    assert code_of(simulator.post({"type": "text", "text": {"body": "Te laat"}})) == 131047


def test_the_window_can_fail_later_as_a_status(simulator: Simulator, receiver: Receiver) -> None:
    simulator.sim("options", {"window_check": "failed"})

    wamid = simulator.post_text("Te laat", biz_opaque_callback_data="msg:2")

    [status] = wait_for(lambda: receiver.statuses(wamid))
    assert status["status"] == "failed"
    assert status["errors"][0]["code"] == 131047
    assert status["biz_opaque_callback_data"] == "msg:2"
    assert "recipient_user_id" not in status


def test_a_person_without_a_phone_number_is_reached_by_id(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write("bo", text="Hallo")
    response = simulator.post({"type": "text", "text": {"body": "Dag"}, "recipient": BO_BSUID})

    answer = response.json()
    assert answer["contacts"] == [{"input": BO_BSUID, "user_id": BO_BSUID}]
    wamid = answer["messages"][0]["id"]
    status = wait_for(lambda: receiver.statuses(wamid))[0]
    assert status["recipient_user_id"] == BO_BSUID
    assert "recipient_id" not in status
    inbound = receiver.messages()[0]
    assert "from" not in inbound
    assert inbound["from_user_id"] == BO_BSUID


def test_an_address_that_nobody_has_fails_later(simulator: Simulator, receiver: Receiver) -> None:
    wamid = simulator.post_text(to="+31600000000")

    [status] = wait_for(lambda: receiver.statuses(wamid))
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131026)


def test_a_token_opens_only_its_own_account(simulator: Simulator) -> None:
    simulator.write()
    body = {"type": "text", "text": {"body": "a"}}

    foreign = simulator.post(body, number=OTHER_NUMBER)
    assert (code_of(foreign), foreign.json()["error"]["error_subcode"]) == (100, 33)
    wrong = simulator.post(body, token="EAAnobody")
    assert (wrong.status_code, code_of(wrong)) == (401, 190)
    assert code_of(simulator.graph("POST", f"{NUMBER}/messages", token=None, json=body)) == 190


def test_a_revoked_token_is_refused_until_it_is_restored(simulator: Simulator) -> None:
    simulator.write()
    simulator.sim("tokens/90010000000001/revoke", {})
    assert code_of(simulator.post({"type": "text", "text": {"body": "a"}})) == 190

    simulator.sim("tokens/90010000000001/restore", {})
    assert simulator.post_text()


def test_budgets_of_number_and_pair_are_kept(simulator: Simulator) -> None:
    simulator.write()
    codes = [simulator.post({"type": "text", "text": {"body": str(n)}}) for n in range(46)]
    assert [response.status_code for response in codes[:45]] == [200] * 45
    assert code_of(codes[45]) == 131056

    simulator.sim("world", {"numbers": [{"id": NUMBER, "throughput": 1}]})
    simulator.sim("options", {"pair_check": False})
    slow = [simulator.post({"type": "text", "text": {"body": str(n)}}) for n in range(3)]
    assert 130429 in [code_of(response) for response in slow if response.status_code != 200]


def test_a_receipt_marks_earlier_messages_too_and_shows_typing(simulator: Simulator) -> None:
    simulator.write(text="Eén")
    second = simulator.write(text="Twee")
    receipt = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": second,
        "typing_indicator": {"type": "text"},
    }

    assert simulator.graph("POST", f"{NUMBER}/messages", json=receipt).json() == {"success": True}

    chat = simulator.session.get(f"{simulator.url}/phone/ana/chat?number={NUMBER}", timeout=5).json()
    assert [message["status"] for message in chat["messages"]] == ["read", "read"]
    assert chat["typing"] is True
    [item] = simulator.sim("receipts")["items"]
    assert (item["message_id"], item["typing"]) == (second, True)
    assert code_of(simulator.graph("POST", f"{NUMBER}/messages", json={**receipt, "message_id": "wamid.x"})) == 131009


def test_statuses_name_the_person_and_the_price(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write()
    wamid = simulator.post_text(biz_opaque_callback_data="msg:3")
    wait_for(lambda: len(receiver.statuses(wamid)) == 2)
    simulator.sim("people/ana/read", {"number": NUMBER})
    wait_for(lambda: len(receiver.statuses(wamid)) == 3)

    sent, delivered, read = receiver.statuses(wamid)
    assert [status["status"] for status in (sent, delivered, read)] == ["sent", "delivered", "read"]
    assert sent["recipient_id"] == ANA
    assert sent["recipient_user_id"] == ANA_BSUID
    assert sent["pricing"] == {
        "billable": False,
        "pricing_model": "PMP",
        "type": "free_customer_service",
        "category": "service",
    }
    assert "pricing" in delivered
    assert "pricing" not in read
    assert all(status["biz_opaque_callback_data"] == "msg:3" for status in (sent, delivered, read))
    assert all(isinstance(status["timestamp"], str) for status in (sent, delivered, read))
