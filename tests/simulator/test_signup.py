"""Embedded Signup: its endings, the code that is exchanged once, and what the token then opens."""

from typing import Any

import pytest

from tests.simulator.driving import OTHER_WABA, SECRET, TOKEN, WABA, Receiver, Simulator, code_of, wait_for

NEW = {"app_id": "700", "name": "Bakkerij Smit", "phone": "+31 20 765 43 99"}


def end(simulator: Simulator, event: str, **given: Any) -> dict[str, Any]:
    answer: dict[str, Any] = simulator.sim("signup", {**NEW, "event": event, **given})
    return answer


def exchange(simulator: Simulator, code: str, secret: str = SECRET) -> Any:
    query = f"client_id=700&client_secret={secret}&code={code}"
    return simulator.graph("GET", f"oauth/access_token?{query}", token=None)


def test_a_finished_signup_makes_an_account_whose_number_can_be_registered(
    simulator: Simulator, receiver: Receiver
) -> None:
    ending = end(simulator, "FINISH")
    data = ending["session"]["data"]
    assert (ending["session"]["type"], ending["session"]["event"]) == ("WA_EMBEDDED_SIGNUP", "FINISH")

    token = exchange(simulator, ending["code"]).json()["access_token"]

    scopes = simulator.graph("GET", f"debug_token?input_token={token}&access_token=700|{SECRET}", token=None).json()
    assert {"scope": "whatsapp_business_management", "target_ids": [data["waba_id"]]} in scopes["data"][
        "granular_scopes"
    ]
    number = simulator.graph("GET", f"{data['phone_number_id']}?fields=status,display_phone_number", token=token).json()
    assert (number["status"], number["display_phone_number"]) == ("PENDING", "+31207654399")
    assert simulator.graph("GET", f"{data['waba_id']}/subscribed_apps", token=token).json() == {"data": []}
    assert simulator.graph("POST", f"{data['waba_id']}/subscribed_apps", token=token).json() == {"success": True}
    wish = {"messaging_product": "whatsapp", "pin": "123456"}
    assert simulator.graph("POST", f"{data['phone_number_id']}/register", token=token, json=wish).ok
    text = {"type": "text", "text": {"body": "Dag"}}
    assert code_of(simulator.post(text, number=data["phone_number_id"], token=token)) == 131047
    wait_for(lambda: len(receiver.changes("account_update")) == 2)
    added, installed = receiver.changes("account_update")
    assert (added["event"], installed["event"]) == ("PARTNER_ADDED", "PARTNER_APP_INSTALLED")
    assert added["waba_info"] == {"waba_id": data["waba_id"], "owner_business_id": data["business_id"]}


def test_events_of_a_new_account_flow_only_after_subscribing(simulator: Simulator, receiver: Receiver) -> None:
    ending = end(simulator, "FINISH_OBO_MIGRATION")
    data = ending["session"]["data"]
    token = exchange(simulator, ending["code"]).json()["access_token"]

    simulator.sim("people/ana/send", {"number": data["phone_number_id"], "text": "Te vroeg"})
    simulator.graph("POST", f"{data['waba_id']}/subscribed_apps", token=token)
    simulator.write(number=data["phone_number_id"], text="Nu wel")

    assert [message["text"]["body"] for message in receiver.messages()] == ["Nu wel"]


def test_a_code_is_exchanged_once_in_time_and_with_the_right_secret(simulator: Simulator) -> None:
    code = end(simulator, "FINISH")["code"]
    assert code_of(exchange(simulator, "nonsense")) == 100
    assert code_of(exchange(simulator, code, secret="wrong")) == 1
    assert exchange(simulator, code).ok
    assert exchange(simulator, code).json()["error"]["error_subcode"] == 36009

    simulator.sim("options", {"code_seconds": 0})
    late = simulator.sim("codes", {"wabas": [WABA]})["code"]
    assert exchange(simulator, late).json()["error"]["message"] == "This authorization code has expired."


def test_a_number_that_stays_on_the_phone_is_not_named_and_cannot_be_registered(simulator: Simulator) -> None:
    ending = end(simulator, "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING")
    data = ending["session"]["data"]
    assert set(data) == {"waba_id"}
    token = exchange(simulator, ending["code"]).json()["access_token"]

    fields = "fields=is_on_biz_app,status,throughput"
    [number] = simulator.graph("GET", f"{data['waba_id']}/phone_numbers?{fields}", token=token).json()["data"]

    assert (number["is_on_biz_app"], number["status"]) == (True, "CONNECTED")
    wish = {"messaging_product": "whatsapp", "pin": "123456"}
    assert code_of(simulator.graph("POST", f"{number['id']}/register", token=token, json=wish)) == 131055


def test_an_account_that_exists_is_given_again_under_a_new_token(simulator: Simulator) -> None:
    ending = end(simulator, "FINISH_GRANT_ONLY_API_ACCESS", waba=WABA)
    assert ending["session"]["data"]["waba_id"] == WABA

    token = exchange(simulator, ending["code"]).json()["access_token"]

    assert simulator.graph("GET", WABA, token=token).ok
    assert code_of(simulator.graph("GET", WABA, token=TOKEN)) == 190
    assert code_of(simulator.graph("GET", OTHER_WABA, token=token)) == 100


@pytest.mark.parametrize(
    ("event", "names"),
    [("CANCEL", {"current_step"}), ("ERROR", {"error_message", "error_id", "session_id", "timestamp"})],
)
def test_an_ending_without_consent_gives_no_code(simulator: Simulator, event: str, names: set[str]) -> None:
    ending = end(simulator, event)

    assert ending["code"] is None
    assert set(ending["session"]["data"]) == names


def test_only_an_account_can_be_connected_and_a_number_added_later(simulator: Simulator) -> None:
    ending = end(simulator, "FINISH_ONLY_WABA")
    waba = ending["session"]["data"]["waba_id"]
    token = exchange(simulator, ending["code"]).json()["access_token"]
    assert simulator.graph("GET", f"{waba}/phone_numbers", token=token).json()["data"] == []

    added = simulator.graph(
        "POST",
        f"{waba}/phone_numbers",
        token=token,
        json={"cc": "31", "phone_number": "207654398", "verified_name": "Smit"},
    ).json()

    wish = {"messaging_product": "whatsapp", "pin": "123456"}
    assert code_of(simulator.graph("POST", f"{added['id']}/register", token=token, json=wish)) == 133006
    ask = {"code_method": "SMS", "language": "nl"}
    assert simulator.graph("POST", f"{added['id']}/request_code", token=token, json=ask).ok
    [number] = [each for each in simulator.sim("world")["numbers"] if each["id"] == added["id"]]
    assert (
        code_of(simulator.graph("POST", f"{added['id']}/verify_code", token=token, json={"code": "000000"})) == 2388093
    )
    code = number["state"]["code"]["code"]
    assert simulator.graph("POST", f"{added['id']}/verify_code", token=token, json={"code": code}).ok
    assert simulator.graph("POST", f"{added['id']}/register", token=token, json=wish).ok
