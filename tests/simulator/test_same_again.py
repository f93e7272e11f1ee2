"""With a seed, the same script gives the same ids and the same webhooks, however requests happen to be timed."""

import json
import re
from typing import Any

from tests.simulator.driving import ANA_BSUID, NUMBER, WABA, Receiver, Simulator, wait_for, world


def play(simulator: Simulator, receiver: Receiver) -> tuple[list[str], list[str]]:
    """A little of everything; returns the ids that were handed out, and the webhooks without their moments."""
    simulator.sim("reset", {"world": True, "seed": 11})
    receiver.clear()
    simulator.sim("world", world())
    simulator.sim("options", {"latency_ms": 0, "status_delay_ms": 5, "review": "auto", "review_ms": 5})
    ids = [simulator.write(text="Hallo"), simulator.post_text("Dag"), simulator.post_text("Nog iets")]
    ids.append(simulator.sim("people", {"name": "Cas", "phone": "31611111111"})["bsuid"])
    ids.append(simulator.write(type="image", data="YWJj"))
    body = {
        "name": "b",
        "language": "nl",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Dag allemaal."}],
    }
    ids.append(simulator.graph("POST", f"{WABA}/message_templates", json=body).json()["id"])
    ids.append(simulator.sim("signup", {"app_id": "700", "name": "Smit"})["code"])
    ids.append(simulator.sim("people/ana/call", {"number": NUMBER, "answer": False})["id"])
    ids.append(simulator.graph("GET", "42").json()["error"]["fbtrace_id"])
    wait_for(lambda: len(_lines(receiver)) == 11 and simulator.sim("webhooks")["pending"] == 0)
    return ids, _lines(receiver)


def _lines(receiver: Receiver) -> list[str]:
    """Every change on a line; chats run beside each other, so the order of all is not told."""
    calls: list[dict[str, Any]] = [json.loads(body) for body in list(receiver.bodies)]
    changes = [json.dumps([entry["id"], change]) for c in calls for entry in c["entry"] for change in entry["changes"]]
    moments = re.compile(r'"(timestamp|time)": "?\d+"?|ext=\d+&hash=\w+|127\.0\.0\.1:\d+')
    return sorted(moments.sub("", line) for line in changes)


def test_the_same_script_twice_gives_the_same_ids_and_webhooks(simulator: Simulator, receiver: Receiver) -> None:
    first = play(simulator, receiver)
    second = play(simulator, receiver)

    assert first == second
    assert ANA_BSUID in "".join(first[1])


def test_another_seed_gives_other_ids(simulator: Simulator) -> None:
    simulator.sim("reset", {"seed": 1})
    one = simulator.write()
    simulator.sim("reset", {"seed": 2})

    assert simulator.write() != one
