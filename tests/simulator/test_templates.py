"""Templates are filled, refused, listed and reviewed."""

from typing import Any

import pytest

from tests.simulator.driving import WABA, Receiver, Simulator, code_of, wait_for


def parameter(text: str, name: str | None = None) -> dict[str, Any]:
    return {"type": "text", "text": text, **({"parameter_name": name} if name else {})}


def send(simulator: Simulator, name: str, *components: dict[str, Any], language: str = "nl") -> Any:
    template = {"name": name, "language": {"code": language}, "components": list(components)}
    return simulator.post({"type": "template", "template": template})


def body(*parameters: dict[str, Any]) -> dict[str, Any]:
    return {"type": "body", "parameters": list(parameters)}


HEADER = {"type": "header", "parameters": [parameter("A-991", "number")]}
URL = {"type": "button", "sub_type": "url", "index": "0", "parameters": [parameter("A-991")]}
CALL = {
    "type": "button",
    "sub_type": "quick_reply",
    "index": "1",
    "parameters": [{"type": "payload", "payload": "call:A-991"}],
}


def test_a_template_reaches_the_person_filled_in_outside_the_window(simulator: Simulator) -> None:
    response = send(simulator, "order_update", HEADER, body(parameter("Ana", "first_name")), URL, CALL)

    assert response.json()["messages"][0]["message_status"] == "accepted"
    [received] = simulator.received()
    assert received["content"]["template"] == {
        "name": "order_update",
        "header": {"type": "text", "text": "Bestelling A-991"},
        "body": "Hoi Ana, je fiets is klaar.",
        "footer": "Fietsland",
        "buttons": [
            {"type": "url", "text": "Volgen", "url": "https://fietsland.example/t/A-991"},
            {"type": "quick_reply", "text": "Bel mij", "payload": "call:A-991"},
        ],
    }


BAD: dict[str, tuple[str, list[dict[str, Any]], int]] = {
    "unknown name": ("nothing", [], 132001),
    "not reviewed": ("pending_sale", [], 132001),
    "paused": ("paused_sale", [], 132015),
    "too few": ("sale", [body(parameter("Ana"))], 132000),
    "too many": ("sale", [body(*[parameter("Ana")] * 3)], 132000),
    "newline": ("sale", [body(parameter("A\nB"), parameter("10%"))], 132018),
    "too long": ("sale", [body(parameter("x" * 1100), parameter("10%"))], 132005),
    "no url value": ("order_update", [HEADER, body(parameter("Ana", "first_name"))], 131008),
    "wrong name": ("order_update", [HEADER, body(parameter("Ana", "last_name")), URL], 132012),
    "no name": ("order_update", [HEADER, body(parameter("Ana")), URL], 100),
    "text for a picture": ("picture", [{"type": "header", "parameters": [parameter("x")]}], 132012),
    "no picture": ("picture", [], 132012),
}


@pytest.mark.parametrize(("name", "components", "code"), BAD.values(), ids=BAD.keys())
def test_what_does_not_fit_is_refused(
    simulator: Simulator, name: str, components: list[dict[str, Any]], code: int
) -> None:
    assert code_of(send(simulator, name, *components)) == code
    assert simulator.received() == []


def test_a_language_that_does_not_exist_is_refused(simulator: Simulator) -> None:
    assert code_of(send(simulator, "sale", body(parameter("a"), parameter("b")), language="de")) == 132001


def test_the_list_comes_in_pages(simulator: Simulator) -> None:
    names: list[str] = []
    path = f"{WABA}/message_templates?limit=2&fields=name,status"
    while True:
        page = simulator.graph("GET", path).json()
        names += [template["name"] for template in page["data"]]
        if "next" not in page["paging"]:
            break
        path = page["paging"]["next"].partition("/v25.0/")[2]

    assert names == ["order_update", "sale", "paused_sale", "pending_sale", "picture"]
    approved = simulator.graph("GET", f"{WABA}/message_templates?status=PAUSED").json()["data"]
    assert [template["name"] for template in approved] == ["paused_sale"]


def test_a_new_template_waits_for_review_and_the_app_hears_the_outcome(
    simulator: Simulator, receiver: Receiver
) -> None:
    wish = {
        "name": "welcome",
        "language": "nl",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Welkom bij ons."}],
    }
    made = simulator.graph("POST", f"{WABA}/message_templates", json=wish).json()
    assert made["status"] == "PENDING"
    assert code_of(simulator.graph("POST", f"{WABA}/message_templates", json=wish)) == 2388024
    assert code_of(send(simulator, "welcome")) == 132001

    simulator.sim(f"templates/{made['id']}", {"status": "APPROVED"})

    [value] = wait_for(lambda: receiver.changes("message_template_status_update"))
    assert (value["event"], value["message_template_name"]) == ("APPROVED", "welcome")
    assert send(simulator, "welcome").ok
    assert simulator.graph("DELETE", f"{WABA}/message_templates?name=welcome").json() == {"success": True}
    assert code_of(send(simulator, "welcome")) == 132001
