"""The process itself: it keeps what it was told over a restart, stops at once, and says nothing of content."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.driving import ANA, NUMBER, OTHER_NUMBER, TOKEN, Receiver, Simulator, wait_for, world


@pytest.fixture
def lasting(tmp_path: Path, receiver: Receiver) -> Iterator[Simulator]:
    simulator = Simulator(webhook_url=receiver.url, data=tmp_path / "record")
    simulator.sim("world", world())
    simulator.sim("options", {"status_delay_ms": 10, "latency_ms": 0, "webhook_retry_ms": 50})
    yield simulator
    if simulator.process.poll() is None:
        simulator.stop()


def test_a_restart_keeps_world_chats_files_and_options(lasting: Simulator) -> None:
    inbound = lasting.write(type="document", data="YWJj", filename="a.txt", mime_type="text/plain")
    outbound = lasting.post_text("Dag", biz_opaque_callback_data="msg:1")
    wait_for(lambda: lasting.received()[0]["delivered"])
    before = lasting.received()

    lasting.stop()
    lasting.start()

    assert lasting.received() == before
    chat = lasting.session.get(f"{lasting.url}/phone/ana/chat?number={NUMBER}", timeout=5).json()
    assert [message["id"] for message in chat["messages"]] == [inbound, outbound]
    file = lasting.session.get(f"{lasting.url}{chat['messages'][0]['file']['url']}", timeout=5)
    assert file.content == b"abc"
    assert lasting.sim("options")["status_delay_ms"] == 10
    assert lasting.post_text("Nog open") not in (inbound, outbound)


def test_what_was_under_way_goes_on_after_a_restart(lasting: Simulator, receiver: Receiver) -> None:
    lasting.write()
    receiver.clear()
    receiver.answers = [500] * 3
    lasting.sim("options", {"status_delay_ms": 400, "webhook_retry_ms": 60_000})
    wamid = lasting.post_text()
    lasting.sim("people/ana/send", {"number": NUMBER, "text": "Niet aangekomen"})
    wait_for(lambda: receiver.bodies)
    lasting.stop()
    receiver.clear()

    lasting.start()

    wait_for(lambda: [message["text"]["body"] for message in receiver.messages()] == ["Niet aangekomen"])
    wait_for(lambda: [status["status"] for status in receiver.statuses(wamid)] == ["sent", "delivered"])


def test_it_stops_promptly_even_with_an_open_page(lasting: Simulator) -> None:
    stream = lasting.session.get(f"{lasting.url}/phone/ana/events?number={NUMBER}", stream=True, timeout=5)
    assert next(stream.iter_content(8))
    lasting.sim("people/ana/send", {"number": NUMBER, "text": "geheim woord"})
    seconds, output = lasting.stop()
    stream.close()

    assert seconds < 15  # one that waits for its open pages never ends
    assert lasting.process.returncode == 0
    assert "inbound number=" in output
    for secret in ("geheim", ANA, TOKEN):
        assert secret not in output


def test_the_same_seed_gives_the_same_ids(receiver: Receiver) -> None:
    def first_id() -> str:
        simulator = Simulator(webhook_url=receiver.url, seed=42)
        simulator.sim("world", world())
        wamid = str(simulator.sim("people/ana/send", {"number": NUMBER, "text": "Hallo"})["wamid"])
        simulator.stop()
        return wamid

    assert first_id() == first_id()


def test_the_world_can_come_from_a_file_and_later_files_add_to_it(tmp_path: Path, receiver: Receiver) -> None:
    file = tmp_path / "world.json"
    file.write_text(json.dumps(world()))
    os.environ["SIMULATOR_WORLD"] = str(file)
    try:
        simulator = Simulator(webhook_url=receiver.url, data=tmp_path / "record")
        simulator.sim("people", {"key": "chris", "name": "Chris"})
        changed = world()
        changed["numbers"][0]["verified_name"] = "Fietsland Dam"
        file.write_text(json.dumps(changed))
        simulator.stop()
        simulator.start()
    finally:
        del os.environ["SIMULATOR_WORLD"]

    kept = simulator.sim("world")
    simulator.stop()
    assert {person["key"] for person in kept["people"]} == {"ana", "bo", "chris"}
    assert kept["numbers"][0]["verified_name"] == "Fietsland Dam"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [("SIMULATOR_PORT", "http", "SIMULATOR_PORT must be"), ("SIMULATOR_WORLD", "/nowhere.json", "cannot start")],
)
def test_an_odd_setting_ends_the_start_with_its_name(variable: str, value: str, words: str) -> None:
    environment = {**os.environ, variable: value}
    command = [sys.executable, "-m", "simulator"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20, check=False)

    assert ended.returncode == 1
    assert words in ended.stderr


def test_an_odd_world_is_refused_whole(simulator: Simulator) -> None:
    number = {"id": "5", "waba_id": "nobody", "display_phone_number": "+31 10 1", "verified_name": "Nobody"}
    response = simulator.session.post(
        f"{simulator.url}/_sim/world", json={"people": [{"name": "Eve"}], "numbers": [number]}, timeout=5
    )

    assert response.status_code == 400
    assert response.json()["error"] == "number 5 names the unknown account nobody"
    kept = simulator.sim("world")
    assert [number["id"] for number in kept["numbers"]] == [NUMBER, OTHER_NUMBER]
    assert [person["key"] for person in kept["people"]] == ["ana", "bo"]
