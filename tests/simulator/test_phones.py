"""A person chats from the simulated phone in a real browser."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.simulator.driving import NUMBER, WABA, Receiver, Simulator, wait_for

pytestmark = pytest.mark.browser
FORM = json.dumps(
    {"screens": [{"id": "A", "layout": {"children": [{"type": "TextInput", "name": "naam", "label": "Naam"}]}}]}
)


@pytest.fixture
def phone(browser: Any, simulator: Simulator) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    page.goto(f"{simulator.url}/phone/ana?number={NUMBER}")
    yield page
    context.close()
    assert troubles == []


def since(receiver: Receiver, count: int) -> list[dict[str, Any]]:
    """What came after so many messages."""
    return receiver.messages()[count:]


def say(phone: Any, text: str) -> None:
    phone.get_by_label("Message", exact=True).fill(text)
    phone.get_by_label("Send", exact=True).click()


def menu(phone: Any, text: str) -> Any:
    row = phone.locator(".row").filter(has_text=text)
    row.hover()
    row.get_by_label("What to do with this message").click()
    return row


def test_writing_and_reading_live(phone: Any, simulator: Simulator, receiver: Receiver) -> None:
    say(phone, "Is mijn fiets klaar? <b>ja</b>")
    message = wait_for(receiver.messages)[0]
    assert message["text"]["body"] == "Is mijn fiets klaar? <b>ja</b>"
    phone.get_by_label("Delivered", exact=True).wait_for()

    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": message["id"]}
    simulator.graph("POST", f"{NUMBER}/messages", json={**receipt, "typing_indicator": {"type": "text"}})
    phone.get_by_label("Read", exact=True).wait_for()
    phone.get_by_text("Fietsland is typing").wait_for()

    wamid = simulator.post_text("Ja hoor")
    phone.get_by_text("Ja hoor").wait_for()
    wait_for(lambda: receiver.statuses(wamid)[-1]["status"] == "read")


def test_buttons_and_lists_are_answered_with_a_tap(phone: Any, simulator: Simulator, receiver: Receiver) -> None:
    simulator.write(text="Hallo")
    buttons = [{"type": "reply", "reply": {"id": "yes", "title": "Ja graag"}}]
    asked = {"type": "button", "body": {"text": "Ophalen?"}, "action": {"buttons": buttons}}
    wamid = simulator.post({"type": "interactive", "interactive": asked}).json()["messages"][0]["id"]
    rows = [{"id": "m", "title": "Maat M", "description": "Op voorraad"}]
    choice = {
        "type": "list",
        "body": {"text": "Welke maat?"},
        "action": {"button": "Maten", "sections": [{"rows": rows}]},
    }
    simulator.post({"type": "interactive", "interactive": choice})

    phone.get_by_role("button", name="Ja graag").click()
    reply = wait_for(lambda: receiver.messages()[1:])[0]
    assert reply["interactive"] == {"type": "button_reply", "button_reply": {"id": "yes", "title": "Ja graag"}}
    assert reply["context"]["id"] == wamid

    phone.get_by_role("button", name="Maten").click()
    phone.get_by_role("button", name="Maat M").click()
    reply = wait_for(lambda: receiver.messages()[2:])[0]
    assert reply["interactive"]["list_reply"]["id"] == "m"


def test_reacting_replying_editing_and_deleting(phone: Any, simulator: Simulator, receiver: Receiver) -> None:
    simulator.write(text="Hallo")
    answer = simulator.post_text("Goedemorgen")
    phone.get_by_text("Goedemorgen").wait_for()

    menu(phone, "Goedemorgen").get_by_label("React with 👍").click()
    assert wait_for(lambda: receiver.messages()[1:])[0]["reaction"] == {"message_id": answer, "emoji": "👍"}
    menu(phone, "Goedemorgen").get_by_role("button", name="Reply").click()
    say(phone, "Ook goedemorgen")
    assert wait_for(lambda: receiver.messages()[2:])[0]["context"]["id"] == answer
    menu(phone, "Hallo").get_by_role("button", name="Edit").click()
    say(phone, "Hallo daar")
    assert wait_for(lambda: receiver.messages()[3:])[0]["edit"]["message"]["text"] == {"body": "Hallo daar"}
    menu(phone, "Hallo daar").get_by_role("button", name="Delete").click()
    phone.get_by_text("This message was deleted").wait_for()
    assert wait_for(lambda: receiver.messages()[4:])[0]["type"] == "revoke"


def test_files_places_contacts_and_voice(phone: Any, receiver: Receiver, tmp_path: Path) -> None:
    file = tmp_path / "factuur 1.pdf"
    file.write_bytes(b"%PDF-1.7 test")
    phone.get_by_label("Attach").click()
    with phone.expect_file_chooser() as chooser:
        phone.get_by_role("button", name="Document").click()
    chooser.value.set_files(file)
    document = wait_for(receiver.messages)[0]["document"]
    assert (document["filename"], document["mime_type"]) == ("factuur 1.pdf", "application/pdf")
    phone.get_by_text("factuur 1.pdf").wait_for()

    for count, (kind, name) in enumerate([("location", "Location"), ("contacts", "Contact")], start=1):
        phone.get_by_label("Attach").click()
        phone.get_by_role("button", name=name).click()
        phone.locator("dialog[open]").get_by_role("button", name="Send").click()
        assert wait_for(partial(since, receiver, count))[0]["type"] == kind

    phone.get_by_label("Record a voice message").click()
    phone.wait_for_timeout(600)
    phone.get_by_label("Stop and send the voice message").click()
    voice = wait_for(lambda: receiver.messages()[3:])[0]["audio"]
    assert (voice["voice"], voice["mime_type"]) == (True, "audio/ogg; codecs=opus")


def test_a_new_person_without_a_phone_number_can_chat(phone: Any, simulator: Simulator, receiver: Receiver) -> None:
    phone.goto(simulator.url)
    phone.get_by_text("Add a person").click()
    phone.get_by_label("Name", exact=True).fill("Noor <i>")
    phone.get_by_role("button", name="Add and open").click()
    phone.get_by_label("Message", exact=True).wait_for()
    say(phone, "Hoi")

    message = wait_for(receiver.messages)[0]
    assert "from" not in message
    assert message["from_user_id"].startswith("NL.")


def test_odd_messages_and_long_ones_still_draw(phone: Any, simulator: Simulator) -> None:
    odd = [{"type": "text", "text": "no object"}, {"type": "interactive"}, {"type": "contacts", "contacts": {}}]
    for raw in [*odd, {"type": "image", "image": {"id": "1"}}, {"type": "hologram"}, {"type": "location"}]:
        simulator.write("ana", raw=raw)
    simulator.write(text="W" * 4000)

    phone.get_by_text("WWWW").wait_for()
    assert phone.locator(".row").count() == 7
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_pages_run_nothing_inline_and_hide_unknown_people(simulator: Simulator) -> None:
    response = requests.get(f"{simulator.url}/phone/ana?number={NUMBER}", timeout=5)

    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "<script>" not in response.text
    assert "style=" not in response.text
    assert requests.get(f"{simulator.url}/phone/nobody", timeout=5).status_code == 404


def test_calls_forms_and_permissions_are_answered_on_the_phone(
    phone: Any, simulator: Simulator, receiver: Receiver
) -> None:
    simulator.sim(
        "world", {"flows": [{"id": "555", "waba_id": WABA, "name": "Afspraak", "status": "PUBLISHED", "json": FORM}]}
    )
    say(phone, "Hallo")
    phone.get_by_label("Delivered", exact=True).wait_for()
    parameters = {"flow_message_version": "3", "flow_id": "555", "flow_cta": "Afspraak maken", "flow_token": "t1"}
    flow = {"type": "flow", "body": {"text": "Wanneer?"}, "action": {"name": "flow", "parameters": parameters}}
    ask = {
        "type": "call_permission_request",
        "body": {"text": "Mag het?"},
        "action": {"name": "call_permission_request"},
    }
    for interactive in (flow, ask):
        assert simulator.post({"type": "interactive", "interactive": interactive}).ok

    phone.get_by_role("button", name="Afspraak maken").click()
    phone.get_by_label("Naam").fill("Ana")
    phone.get_by_role("dialog").get_by_role("button", name="Send").click()
    answer = wait_for(lambda: receiver.messages()[1:2])[0]["interactive"]["nfm_reply"]
    assert json.loads(answer["response_json"]) == {"naam": "Ana", "flow_token": "t1"}
    phone.get_by_role("button", name="Allow calls").click()
    wait_for(lambda: receiver.messages()[2:3] and "call_permission_reply" in receiver.messages()[2]["interactive"])

    phone.get_by_role("button", name="Call this business").click()
    phone.get_by_role("button", name="Hang up").click()

    phone.get_by_text("Voice call, no answer").wait_for()
    wait_for(
        lambda: [c["event"] for value in receiver.changes("calls") for c in value["calls"]] == ["connect", "terminate"]
    )


def test_a_group_is_read_and_written_on_the_phone(phone: Any, simulator: Simulator, receiver: Receiver) -> None:
    group = {"id": "G1", "number_id": NUMBER, "subject": "Buurt", "members": ["ana", "bo"]}
    simulator.sim("world", {"groups": [group]})
    simulator.write("bo", text="Wie heeft een pomp?", group_id="G1")

    phone.goto(f"{simulator.url}/phone/ana?number={NUMBER}&group=G1")
    phone.locator(".bubble").filter(has_text="Wie heeft een pomp?").get_by_text("Bo", exact=True).wait_for()
    say(phone, "Ik!")

    message = wait_for(lambda: receiver.messages()[1:2])[0]
    assert (message["group_id"], message["text"]["body"]) == ("G1", "Ik!")


def test_the_page_of_a_business_reviews_templates(phone: Any, simulator: Simulator, receiver: Receiver) -> None:
    phone.goto(f"{simulator.url}/business/{NUMBER}")

    phone.get_by_role("listitem").filter(has_text="pending_sale").get_by_role("button", name="Approve").click()

    [event] = wait_for(lambda: receiver.changes("message_template_status_update"))
    assert (event["event"], event["message_template_name"]) == ("APPROVED", "pending_sale")
    phone.get_by_role("listitem").filter(has_text="pending_sale").get_by_role(
        "button", name="Pause by pacing"
    ).wait_for()
