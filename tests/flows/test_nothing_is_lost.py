"""Whatever dies while people write: what was acknowledged is there, once, and in order."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.config.checkout import eventually

pytestmark = pytest.mark.fault

COUNT = 40
SECONDS = 120
KILLED = ("postgresql", "valkey", "worker-inbound", "web")


class Installation:
    """The running product from outside: its simulator, its API, its processes."""

    def __init__(self, product: dict[str, Any]) -> None:
        self.product = product
        self.folder = Path(product["folder"])
        self.simulator = product["addresses"]["Simulated phones"].replace("localhost", "127.0.0.1") + "_sim/"
        self.key = self.manage("create_api_key", "fietsland", "fault test")

    def manage(self, *arguments: str) -> str:
        keys = json.loads((self.folder / "var" / "keys.json").read_text())
        environment = os.environ | keys | {name: self.product[name] for name in ("DATABASE_URL", "REDIS_URL")}
        command = [sys.executable, "manage.py", *arguments]
        ran = subprocess.run(
            command, cwd=self.folder, env=environment, check=True, capture_output=True, text=True, timeout=60
        )
        return ran.stdout.strip()

    def ask(self, path: str) -> Any:
        port = urlsplit(self.product["addresses"]["Agency"]).port
        host = f"fietsland.localhost:{port}"
        answer = requests.get(
            f"http://127.0.0.1:{port}{path}", headers={"Host": host, "Authorization": f"Bearer {self.key}"}, timeout=10
        )
        answer.raise_for_status()
        return answer.json()

    def send(self, text: str, *, to: str, key: str) -> None:
        """Ask the API to send, again and again with the same key until it says that it will."""
        port = urlsplit(self.product["addresses"]["Agency"]).port
        headers = {"Host": f"fietsland.localhost:{port}", "Authorization": f"Bearer {self.key}", "Idempotency-Key": key}
        body = {"to": f"+{to}", "text": {"body": text}}
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                answer = requests.post(
                    f"http://127.0.0.1:{port}/api/v1/messages", json=body, headers=headers, timeout=10
                )
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code < 300:
                return
            assert answer is None or answer.status_code >= 409, answer.text
            time.sleep(0.2)
        raise AssertionError(f"the API did not take {text}")

    def received_by(self, person: str) -> list[str]:
        """The answers that the platform took for somebody, in order; not that the shop is closed now."""
        items = requests.get(self.simulator + "received", params={"person": person}, timeout=10).json()["items"]
        texts = [item["content"]["text"]["body"] for item in items]
        return [text for text in texts if text.startswith("Antwoord")]

    def order(self, path: str, **body: Any) -> Any:
        answer = requests.post(self.simulator + path, json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def under_way(self) -> int:
        return int(requests.get(self.simulator + "webhooks", timeout=10).json()["pending"])

    def kill(self, name: str) -> None:
        """Kill the process; one that ended by itself a moment ago is waited for."""
        eventually(lambda: self._killed(name), what=f"a {name} to kill")

    def _killed(self, name: str) -> bool:
        pids = json.loads((self.folder / "var" / "started.json").read_text())["pids"]
        try:
            os.kill(pids[name], signal.SIGKILL)
        except (KeyError, ProcessLookupError):
            return False
        return True

    def messages_of(self, phone: str) -> list[dict[str, Any]]:
        """Everything in the person's thread, oldest first."""
        contacts = self.ask("/api/v1/contacts?limit=200")["results"]
        mine = [one["id"] for one in contacts if one["wa_id"] == phone]
        found: list[dict[str, Any]] = []
        for conversation in self.ask("/api/v1/conversations?limit=200")["results"]:
            if conversation["contact_id"] in mine:
                found += self.ask(f"/api/v1/conversations/{conversation['id']}/messages?limit=200")["results"]
        return found[::-1]


def test_messages_survive_the_death_of_every_process_they_pass(product: dict[str, Any]) -> None:
    shop = Installation(product)
    number = shop.ask("/api/v1/conversations?limit=1")["results"][0]["phone_number_id"]
    person = shop.order("people", key="onrust", name="Onrust", phone="31697001122")
    for kind in ({"kind": "double", "copies": 3}, {"kind": "reorder", "ms": 400}):
        shop.order("faults", where="webhook", number=number, count=COUNT, **kind)

    sent = []
    for index in range(COUNT):
        sent.append(shop.order("people/onrust/send", number=number, text=f"Bericht {index:02d}")["wamid"])
        if index % 10 == 5:
            shop.kill(KILLED[index // 10])
        time.sleep(0.1)

    end = time.monotonic() + SECONDS
    arrived: list[dict[str, Any]] = []
    while time.monotonic() < end and (len(arrived) < COUNT or shop.under_way()):
        time.sleep(1)
        try:
            arrived = [one for one in shop.messages_of("31697001122") if one["direction"] == "in"]
        except requests.RequestException:
            continue  # the web process was killed a moment ago

    assert person
    assert sorted(message["wamid"] for message in arrived) == sorted(sent)
    assert [message["at"] for message in arrived] == sorted(message["at"] for message in arrived)
    conversations = {message["conversation_id"] for message in arrived}
    assert len(conversations) == 1


def test_what_is_being_sent_survives_the_death_of_the_database(product: dict[str, Any]) -> None:
    shop = Installation(product)
    number = shop.ask("/api/v1/conversations?limit=1")["results"][0]["phone_number_id"]
    shop.order("people", key="geduld", name="Geduld", phone="31697001133")
    shop.order("people/geduld/send", number=number, text="Hoort u mij?")
    _until(lambda: shop.messages_of("31697001133"), what="the first message did not arrive")
    shop.order("options", latency_ms=300)

    texts = [f"Antwoord {index:02d}" for index in range(12)]
    for index, text in enumerate(texts):
        shop.send(text, to="31697001133", key=f"database-{index}")
        if index in (3, 8):
            _until(lambda seen=index: len(shop.received_by("geduld")) >= seen - 1, what="it stopped")
            shop.kill("postgresql")

    # What was leaving at that moment holds the next ones up until a status settles it, or for a minute.
    _until(lambda: len(shop.received_by("geduld")) >= len(texts) and not shop.under_way(), what="not all of it left")
    shop.order("options", latency_ms=30)
    assert shop.received_by("geduld") == texts
    _until(
        lambda: (
            {one["status"] for one in shop.messages_of("31697001133") if one["direction"] == "out"} == {"delivered"}
        ),
        what="a status is missing",
    )


def _until(condition: Callable[[], Any], *, what: str) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with suppress(requests.RequestException):  # a process was killed a moment ago
            if condition():
                return
        time.sleep(0.3)
    raise AssertionError(what)
