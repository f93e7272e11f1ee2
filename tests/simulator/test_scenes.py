"""Scenes are played as written, troubles end when they should, and the portfolio's limit is really counted."""

from typing import Any

import pytest

from tests.simulator.driving import ANA, NUMBER, OTHER_NUMBER, WABA, Receiver, Simulator, code_of, wait_for

TEMPLATE = {
    "type": "template",
    "template": {
        "name": "sale",
        "language": {"code": "nl"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "10 %"}]}
        ],
    },
}
TEXT = {"type": "text", "text": {"body": "Dag"}}


def play(simulator: Simulator, **order: Any) -> dict[str, Any]:
    """Play a scene to its end."""
    run = simulator.sim("scenes", {"number": NUMBER, "speed": 100, **order})
    played: dict[str, Any] = wait_for(lambda: _over(simulator, run["id"]))
    return played


def _over(simulator: Simulator, run_id: str) -> Any:
    run = simulator.sim(f"scenes/{run_id}")
    return run if run["state"] != "playing" else None


def test_every_ready_scene_plays_to_its_end_and_each_step_does_what_it_says(simulator: Simulator) -> None:
    for name in simulator.sim("scenes")["ready"]:
        run = play(simulator, scene=name)

        assert run["done"] == run["steps"]
        assert not [line for line in run["told"] if line["said"].startswith("could not")], name
    assert simulator.sim("world")["wabas"][0]["revoked"] is False


def test_a_scene_with_steps_of_ones_own_is_played_in_order_of_time(simulator: Simulator, receiver: Receiver) -> None:
    steps = [
        {"at": 4, "do": "write", "person": "ana", "text": "second"},
        {"at": 1, "do": "write", "person": "ana", "text": "first"},
        {"at": 6, "do": "quality", "rating": "RED"},
    ]
    play(simulator, steps=steps)

    wait_for(lambda: len(receiver.messages()) == 2)
    assert [message["text"]["body"] for message in receiver.messages()] == ["first", "second"]
    wait_for(lambda: [one for one in receiver.changes("phone_number_quality_update") if one["event"] == "FLAGGED"])


def test_a_banned_account_refuses_and_is_heard_of(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write()
    play(simulator, steps=[{"do": "account", "event": "DISABLED_UPDATE", "state": "DISABLE"}])

    assert code_of(simulator.post(TEXT)) == 131031
    wait_for(lambda: [one for one in receiver.changes("account_update") if one["event"] == "DISABLED_UPDATE"])


def test_a_token_dies_and_lives_again(simulator: Simulator) -> None:
    simulator.write()
    play(simulator, steps=[{"do": "token", "alive": False}])
    assert code_of(simulator.post(TEXT)) == 190

    play(simulator, steps=[{"do": "token", "alive": True}])
    assert simulator.post(TEXT).status_code == 200


def test_a_phone_answers_beside(simulator: Simulator, receiver: Receiver) -> None:
    play(simulator, steps=[{"do": "phone_app", "person": "ana", "text": "On my way"}])

    [echo] = wait_for(
        lambda: [one for value in receiver.changes("smb_message_echoes") for one in value["message_echoes"]]
    )
    assert (echo["to"], echo["text"]["body"]) == (ANA, "On my way")


@pytest.mark.parametrize(
    "order",
    [
        {"scene": "no-such-scene"},
        {"steps": []},
        {"steps": [{"at": 1}]},
        {"steps": [{"do": "explode"}]},
        {"steps": [{"do": "write", "at": -1}]},
        {"steps": [{"do": "write", "at": "soon"}]},
        {"scene": "ban", "speed": "fast"},
        {"scene": "ban", "speed": 0},
    ],
)
def test_what_cannot_be_played_is_refused_with_a_reason(simulator: Simulator, order: dict[str, Any]) -> None:
    answer = simulator.session.post(f"{simulator.url}/_sim/scenes", json={"number": NUMBER, **order}, timeout=20)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_step_that_fails_does_not_end_the_scene(simulator: Simulator, receiver: Receiver) -> None:
    run = play(simulator, steps=[{"do": "template", "name": "nowhere"}, {"do": "write", "person": "ana"}])

    assert run["told"][0]["said"].startswith("could not")
    assert run["state"] == "over"


def test_a_scene_can_be_stopped(simulator: Simulator) -> None:
    run = simulator.sim("scenes", {"number": NUMBER, "steps": [{"at": 3600, "do": "lift"}]})

    simulator.sim(f"scenes/{run['id']}", method="DELETE")

    assert simulator.sim(f"scenes/{run['id']}")["state"] == "stopped"


def test_the_same_seed_plays_the_same_scene(simulator: Simulator, receiver: Receiver) -> None:
    world = simulator.sim("world")
    played = []
    for _ in range(2):
        simulator.sim("reset", {"world": True, "seed": 42})
        receiver.clear()
        simulator.sim("world", world)
        play(simulator, steps=[{"do": "flood", "people": 3, "messages": 9, "a_second": 1000}])
        wait_for(lambda: len(receiver.messages()) == 9)
        played.append(sorted((message["id"], message["from"]) for message in receiver.messages()))

    assert played[0] == played[1]


def test_a_trouble_lifts_itself_when_its_time_is_over(simulator: Simulator) -> None:
    simulator.write()
    simulator.sim("faults", {"where": "send", "kind": "refuse", "code": 131057, "for_ms": 150})
    assert code_of(simulator.post(TEXT)) == 131057

    wait_for(lambda: simulator.post(TEXT).status_code == 200)
    assert simulator.sim("faults")["items"] == []


def test_only_one_kind_of_status_can_go_missing(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write()
    simulator.sim("faults", {"where": "status", "kind": "drop", "status": "sent"})

    wamid = simulator.post_text()

    wait_for(lambda: receiver.statuses(wamid))
    assert [one["status"] for one in receiver.statuses(wamid)] == ["delivered"]


def test_after_an_outage_everything_comes_at_once_and_in_order(simulator: Simulator, receiver: Receiver) -> None:
    simulator.sim("faults", {"where": "webhook", "kind": "outage", "ms": 300, "for_ms": 250})
    for turn in range(5):
        simulator.sim("people/ana/send", {"number": NUMBER, "text": f"{turn}"})
    assert receiver.messages() == []

    wait_for(lambda: len(receiver.messages()) == 5)
    assert [message["text"]["body"] for message in receiver.messages()] == ["0", "1", "2", "3", "4"]


def test_the_limit_of_a_portfolio_counts_people_and_not_messages(simulator: Simulator) -> None:
    simulator.sim("scenes", {"number": NUMBER, "steps": [{"do": "limit", "limit": "2"}]})
    simulator.sim("people", {"count": 3})

    def send(to: str, number: str = NUMBER) -> Any:
        return simulator.post({**TEMPLATE, "to": f"+{to}"}, number=number)

    wait_for(lambda: simulator.sim("world")["numbers"][0]["extra"])
    assert [send(f"3197000000{n}").status_code for n in (1, 1, 2)] == [200] * 3
    assert code_of(send("31970000003")) == 131048
    assert send("31970000001").status_code == 200, "whoever was written to counts already"

    simulator.write()
    assert send(ANA).status_code == 200, "inside the window nothing counts"
    assert simulator.sim("world")["wabas"][0]["id"] == WABA


def test_the_page_plays_stops_sets_and_lifts(simulator: Simulator) -> None:
    page = f"{simulator.url}/scenes"
    session = simulator.session
    assert "A bad morning" in session.get(page, timeout=20).text

    played = session.post(page, data={"scene": "ban", "number": NUMBER, "speed": "1"}, timeout=20)
    assert "playing" in played.text
    assert 'http-equiv="refresh"' in played.text
    [run] = simulator.sim("scenes")["runs"]
    assert "stopped" in session.post(f"{page}/{run['id']}/stop", timeout=20).text

    refused = session.post(page, data={"steps": "[{", "number": NUMBER}, timeout=20)
    assert "This cannot be played" in refused.text

    order = {"kind": "refuse", "where": "send", "code": "131026", "probability": "50", "number": OTHER_NUMBER}
    assert "50% of the time" in session.post(f"{simulator.url}/faults", data=order, timeout=20).text
    [fault] = simulator.sim("faults")["items"]
    assert (fault["code"], fault["probability"], fault["number"]) == (131026, 0.5, OTHER_NUMBER)
    assert "Everything works" in session.post(f"{simulator.url}/faults/{fault['id']}/lift", timeout=20).text
    odd = session.post(f"{simulator.url}/faults", data={"kind": "refuse", "where": "send"}, timeout=20)
    assert "This trouble cannot be set" in odd.text
