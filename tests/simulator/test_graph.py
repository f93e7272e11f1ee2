"""Accounts, numbers and tokens are read as from the Graph API, also by another client."""

from collections.abc import Iterator

import pytest
from pywa import WhatsApp
from pywa.errors import WhatsAppError
from pywa.types.templates import BodyText, TemplateLanguage

from tests.simulator.driving import ANA, NUMBER, OTHER_WABA, SECRET, TOKEN, WABA, Receiver, Simulator, code_of


@pytest.fixture
def pywa(simulator: Simulator) -> Iterator[WhatsApp]:
    client = WhatsApp(phone_id=NUMBER, token=TOKEN, waba_id=WABA, server=None)
    client.api._session.base_url = f"{simulator.url}/v25.0"
    yield client
    client.api._session.close()


def test_fields_of_a_number(simulator: Simulator) -> None:
    number = simulator.graph("GET", f"{NUMBER}?fields=verified_name,quality_rating,throughput,status").json()

    assert number == {
        "verified_name": "Fietsland",
        "quality_rating": "GREEN",
        "throughput": {"level": "STANDARD"},
        "status": "CONNECTED",
        "id": NUMBER,
    }
    assert code_of(simulator.graph("GET", f"{NUMBER}?fields=shoe_size")) == 100
    assert code_of(simulator.graph("GET", "42")) == 100


def test_numbers_and_fields_of_an_account(simulator: Simulator) -> None:
    numbers = simulator.graph("GET", f"{WABA}/phone_numbers").json()["data"]
    assert [number["id"] for number in numbers] == [NUMBER]
    assert simulator.graph("GET", f"{WABA}?fields=currency,name").json() == {
        "currency": "EUR",
        "name": "Fietsland",
        "id": WABA,
    }
    assert code_of(simulator.graph("GET", f"{OTHER_WABA}/phone_numbers")) == 100


@pytest.mark.parametrize(("status", "code"), [("DELETED", 33), ("BANNED", 131031), ("DISCONNECTED", 133010)])
def test_a_number_that_cannot_send_says_why(simulator: Simulator, status: str, code: int) -> None:
    simulator.sim("world", {"numbers": [{"id": NUMBER, "status": status}]})

    assert code_of(simulator.post({"type": "text", "text": {"body": "a"}})) == code


def test_debug_token_tells_what_a_token_opens(simulator: Simulator) -> None:
    def debug(token: str) -> dict[str, object]:
        path = f"debug_token?input_token={token}&access_token=700|{SECRET}"
        data: dict[str, object] = simulator.graph("GET", path, token=None).json()["data"]
        return data

    assert debug(TOKEN)["is_valid"] is True
    assert debug(TOKEN)["granular_scopes"][0]["target_ids"] == [WABA]  # type: ignore[index]
    assert debug("nonsense")["is_valid"] is False
    simulator.sim(f"tokens/{WABA}/revoke", {})
    assert debug(TOKEN)["is_valid"] is False
    assert code_of(simulator.graph("GET", f"debug_token?input_token={TOKEN}&access_token=700|no", token=None)) == 190


def test_a_number_is_registered_with_its_pin(simulator: Simulator) -> None:
    simulator.sim("world", {"numbers": [{"id": NUMBER, "pin": "123456"}]})
    assert simulator.graph("POST", f"{NUMBER}/deregister").json() == {"success": True}
    assert code_of(simulator.post({"type": "text", "text": {"body": "a"}})) == 133010

    wish = {"messaging_product": "whatsapp", "pin": "654321"}
    assert code_of(simulator.graph("POST", f"{NUMBER}/register", json=wish)) == 133005
    assert code_of(simulator.graph("POST", f"{NUMBER}/register", json={**wish, "pin": "12"})) == 100
    assert simulator.graph("POST", f"{NUMBER}/register", json={**wish, "pin": "123456"}).ok
    assert simulator.graph("GET", f"{NUMBER}?fields=status").json()["status"] == "CONNECTED"


def test_versions_outside_the_range_are_unknown(simulator: Simulator) -> None:
    for version, good in (("v21.0", True), ("v30.0", True), ("v20.0", False), ("v31.0", False)):
        headers = {"Authorization": f"Bearer {TOKEN}"}
        response = simulator.session.get(f"{simulator.url}/{version}/{NUMBER}", headers=headers, timeout=5)
        assert response.ok is good
    assert code_of(simulator.graph("GET", f"{NUMBER}/unheard/of")) == 100


def test_another_client_sends_text_and_marks_as_read(simulator: Simulator, receiver: Receiver, pywa: WhatsApp) -> None:
    inbound = simulator.write(text="Hallo")

    sent = pywa.send_message(to=ANA, text="Dag Ana", tracker="msg:77")
    pywa.mark_message_as_read(message_id=inbound)

    [received] = simulator.received()
    assert (received["wamid"], received["biz_opaque_callback_data"]) == (sent.id, "msg:77")
    assert simulator.sim("receipts")["items"][0]["message_id"] == inbound


def test_another_client_sends_a_template(simulator: Simulator, pywa: WhatsApp) -> None:
    body = BodyText.params("Ana", "10%")

    pywa.send_template(to=ANA, name="sale", language=TemplateLanguage.DUTCH, params=[body])

    assert simulator.received()[0]["content"]["template"]["body"] == "Dag Ana, 10% korting vandaag."


def test_another_client_uploads_and_fetches(simulator: Simulator, pywa: WhatsApp) -> None:
    simulator.write(text="Hallo")
    media = pywa.upload_media(media=b"%PDF-1.7", mime_type="application/pdf", filename="a.pdf")

    pywa.send_document(to=ANA, document=media, filename="a.pdf")

    assert simulator.received()[0]["type"] == "document"
    found = pywa.get_media_url(media_id=media.id)
    assert pywa.get_media_bytes(url=found.url) == b"%PDF-1.7"


def test_another_client_reads_refusals(simulator: Simulator, pywa: WhatsApp) -> None:
    with pytest.raises(WhatsAppError) as refusal:
        pywa.send_message(to=ANA, text="Te laat")

    assert refusal.value.code == 131047
