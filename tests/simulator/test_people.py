"""People write every kind of message, and do what people do."""

import base64
import time
from typing import Any

import pytest

from tests.simulator.driving import ANA, BO_BSUID, NUMBER, WABA, Receiver, Simulator, code_of, wait_for

DATA = base64.b64encode(b"some bytes").decode()
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "image": ({"type": "image", "data": DATA, "mime_type": "image/png", "caption": "Kijk"}, {"caption": "Kijk"}),
    "voice": ({"type": "audio", "data": DATA, "voice": True}, {"voice": True}),
    "document": ({"type": "document", "data": DATA, "filename": "a.pdf"}, {"filename": "a.pdf"}),
    "sticker": ({"type": "sticker", "data": DATA}, {"animated": False}),
    "video": ({"type": "video", "data": DATA}, {"mime_type": "video/mp4"}),
    "location": (
        {"type": "location", "location": {"latitude": 52.1, "longitude": 4.2}},
        {"latitude": 52.1, "longitude": 4.2},
    ),
    "button": ({"type": "button", "button": {"payload": "p", "text": "Ja"}}, {"payload": "p", "text": "Ja"}),
    "list reply": (
        {"type": "interactive", "interactive": {"list_reply": {"id": "1", "title": "Maat M"}}},
        {"type": "list_reply", "list_reply": {"id": "1", "title": "Maat M"}},
    ),
    "unsupported": ({"type": "unsupported", "errors": [{"code": 131051}]}, {}),
}


@pytest.mark.parametrize(("given", "wanted"), KINDS.values(), ids=KINDS.keys())
def test_each_kind_arrives_in_its_object(
    simulator: Simulator, receiver: Receiver, given: dict[str, Any], wanted: dict[str, Any]
) -> None:
    wamid = simulator.write(**given)

    [message] = receiver.messages()
    assert (message["id"], message["type"]) == (wamid, given["type"])
    content = message[given["type"]]
    assert {name: content[name] for name in wanted} == wanted
    if "data" in given:
        assert content["id"]
        assert content["sha256"]
        assert content["url"].startswith("http://127.0.0.1")


def test_a_reply_names_whom_it_quotes(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write(text="Hallo")
    answer = simulator.post_text("Dag")
    simulator.write(text="Dank", reply_to=answer)

    assert receiver.messages()[-1]["context"] == {"from": "31201234567", "id": answer}


def test_reaction_edit_and_delete_change_the_earlier_message(simulator: Simulator, receiver: Receiver) -> None:
    first = simulator.write(text="Hallo")
    answer = simulator.post_text("Dag")
    wait_for(lambda: simulator.received()[0]["delivered"])
    simulator.write(type="reaction", reaction={"message_id": answer, "emoji": "👍"})
    simulator.write(type="edit", original_message_id=first, text="Hallo daar")
    second = simulator.write(text="Weg ermee")
    simulator.write(type="revoke", original_message_id=second)

    kinds = {message["type"]: message for message in receiver.messages()}
    assert kinds["reaction"]["reaction"] == {"message_id": answer, "emoji": "👍"}
    assert kinds["edit"]["edit"]["message"]["text"] == {"body": "Hallo daar"}
    assert kinds["revoke"]["revoke"] == {"original_message_id": second}
    shown = simulator.session.get(f"{simulator.url}/phone/ana/chat?number={NUMBER}", timeout=5).json()["messages"]
    assert [(m["edited"], m["deleted"]) for m in shown] == [(True, False), (False, False), (False, True)]
    assert shown[0]["content"] == {"body": "Hallo daar"}
    assert shown[1]["reactions"] == {"person": "👍"}
    assert shown[2]["content"] is None


def test_a_raw_message_goes_out_as_it_is(simulator: Simulator, receiver: Receiver) -> None:
    raw = {"type": "hologram", "hologram": {"depth": 3}, "timestamp": "1795000000"}
    simulator.write(type="raw", raw=raw)

    [message] = receiver.messages()
    assert message["hologram"] == {"depth": 3}
    assert (message["timestamp"], message["from"]) == ("1795000000", ANA)


def test_a_changed_number_is_announced_without_contacts(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write(text="Hallo")
    simulator.sim("people/ana/change", {"phone": "31687654321"})

    value = wait_for(lambda: [value for value in receiver.changes() if value["messages"][0]["type"] == "system"])[0]
    assert "contacts" not in value
    [message] = value["messages"]
    assert message["from"] == ANA
    assert message["system"]["wa_id"] == "31687654321"
    assert message["system"]["previous_user_id"] == "NL.13491208655302741918"
    assert simulator.post({"type": "text", "text": {"body": "Dag"}, "to": "+31687654321"}).ok


def test_a_phone_that_is_off_gets_its_messages_later(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write(text="Hallo")
    simulator.sim("people/ana", {"online": False})
    wamid = simulator.post_text()
    wait_for(lambda: receiver.statuses(wamid))
    assert not simulator.received()[0]["delivered"]

    simulator.sim("people/ana", {"online": True})

    wait_for(lambda: [status["status"] for status in receiver.statuses(wamid)] == ["sent", "delivered"])


def test_without_read_receipts_delivered_is_the_end(simulator: Simulator) -> None:
    simulator.write(text="Hallo")
    simulator.sim("people/ana", {"read_receipts": False})
    simulator.post_text()
    wait_for(lambda: simulator.received()[0]["delivered"])

    simulator.sim("people/ana/read", {"number": NUMBER})

    assert simulator.received()[0]["status"] == "delivered"


def test_marketing_stops_when_a_person_says_so(simulator: Simulator, receiver: Receiver) -> None:
    sale = {
        "type": "template",
        "template": {
            "name": "sale",
            "language": {"code": "nl"},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": t} for t in ("Ana", "10%")]}],
        },
    }
    simulator.sim("people/ana/preferences", {"number": NUMBER, "value": "stop"})
    [value] = wait_for(lambda: receiver.changes("user_preferences"))
    assert value["user_preferences"][0]["value"] == "stop"

    wamid = simulator.post(sale).json()["messages"][0]["id"]
    [status] = wait_for(lambda: receiver.statuses(wamid))
    assert status["errors"][0]["code"] == 131050


def test_an_ad_opens_a_free_entry_point(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write(text="Ik zag de advertentie", referral={"source_type": "ad", "source_id": "1", "source_url": "x"})
    wamid = simulator.post_text()

    status = wait_for(lambda: receiver.statuses(wamid))[0]
    assert status["pricing"]["type"] == "free_entry_point"
    assert status["conversation"]["origin"] == {"type": "referral_conversion"}


def test_many_people_are_made_at_once(simulator: Simulator) -> None:
    simulator.sim("people", {"count": 50})
    simulator.sim("windows", {"number": NUMBER})

    assert simulator.post({"type": "text", "text": {"body": "a"}, "to": "+31970000050"}).ok


def test_a_new_person_gets_an_id_and_perhaps_no_phone(simulator: Simulator) -> None:
    made = simulator.sim("people", {"name": "Chris", "username": "chris"})

    assert (made["key"], made["phone"]) == ("chris", None)
    assert made["bsuid"].startswith("NL.")
    assert simulator.session.post(f"{simulator.url}/_sim/people/nobody/send", json={}, timeout=5).status_code == 404
    empty = {"number": NUMBER, "type": "image"}
    assert simulator.session.post(f"{simulator.url}/_sim/people/ana/send", json=empty, timeout=5).status_code == 400


def test_a_template_with_a_code_needs_a_phone_number(simulator: Simulator) -> None:
    code = {
        "waba_id": WABA,
        "name": "code",
        "language": "nl",
        "category": "AUTHENTICATION",
        "components": [{"type": "BODY", "text": "Je code is {{1}}."}],
    }
    simulator.sim("world", {"templates": [code]})
    body = {"type": "body", "parameters": [{"type": "text", "text": "123"}]}
    template = {"name": "code", "language": {"code": "nl"}, "components": [body]}

    assert code_of(simulator.post({"type": "template", "template": template, "recipient": BO_BSUID})) == 131062
    assert simulator.post({"type": "template", "template": template}).ok


def test_earlier_chats_are_filed_once_and_without_a_webhook(simulator: Simulator, receiver: Receiver) -> None:
    base = {"number": NUMBER, "person": "ana"}
    now = time.time()
    history = [
        {**base, "wamid": "wamid.B", "from": "business", "timestamp": now - 50, "type": "text", "text": "Dag Ana"},
        {**base, "wamid": "wamid.A", "timestamp": now - 60, "type": "text", "text": {"body": "Hallo"}},
        {**base, "wamid": "wamid.C", "timestamp": now - 40, "type": "image", "data": DATA, "mime_type": "image/png"},
    ]
    simulator.sim("world", {"history": history})
    simulator.sim("world", {"history": history})

    shown = simulator.session.get(f"{simulator.url}/phone/ana/chat?number={NUMBER}", timeout=5).json()["messages"]
    assert [(message["id"], message["mine"]) for message in shown] == [
        ("wamid.A", True),
        ("wamid.B", False),
        ("wamid.C", True),
    ]
    assert shown[2]["file"]["mime"] == "image/png"
    assert simulator.post_text("Het venster is open", context={"message_id": "wamid.A"})
    assert receiver.messages() == []


def test_odd_raw_messages_break_neither_phone_nor_list(simulator: Simulator, receiver: Receiver) -> None:
    for raw in ({"type": "text", "text": "no object"}, {"type": "image", "context": "x"}, {"type": 3}, {}):
        simulator.write("ana", raw=raw)
    simulator.write(text="\ud83d \u0000 <script>")

    assert len(receiver.messages()) == 5
    assert simulator.session.get(f"{simulator.url}/", timeout=5).ok
    assert simulator.session.get(f"{simulator.url}/phone/ana?number={NUMBER}", timeout=5).ok
    chat = simulator.session.get(f"{simulator.url}/phone/ana/chat?number={NUMBER}", timeout=5).json()
    assert len(chat["messages"]) == 5
