"""The live process as it runs, on a Valkey of its own that a test may stop, and a browser that listens."""

import contextlib
import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import redis
import requests
from django.conf import settings

from config.services import binaries
from config.services.children import spawn
from tenants import live
from tenants.context import schema_of
from tenants.ids import uuid7

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 60.0  # for anything that should happen; a busy machine is slow


class Valkey:
    """A server on a socket of its own."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "valkey.sock"
        self.url = f"unix://{self.socket}"
        self._binary = binaries.valkey_server(folder)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            str(self._binary),
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--save",
            "",
            "--daemonize",
            "no",
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self._answers, "Valkey did not start")

    def _answers(self) -> bool:
        with (
            contextlib.suppress(redis.RedisError, OSError),
            contextlib.closing(redis.Redis.from_url(self.url)) as client,
        ):
            return bool(client.ping())
        return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(60)
            self._process = None

    def publish(self, topic: str, **hint: Any) -> None:
        with contextlib.closing(redis.Redis.from_url(self.url)) as client:
            client.publish(live.channel(topic), json.dumps(hint))


class Listener:
    """One open stream; its events come in order."""

    def __init__(self, url: str, token: str, **headers: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=SECONDS + 10)
        self._connection.connect()
        self._socket = self._connection.sock
        self._connection.request("GET", f"/stream?{urlencode({'token': token})}", headers=headers)
        self._response = self._connection.getresponse()
        self.status = self._response.status
        self.headers = {name.lower(): value for name, value in self._response.getheaders()}
        self._events: queue.Queue[tuple[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        name = ""
        with contextlib.suppress(OSError, http.client.HTTPException, AttributeError, ValueError):
            while line := self._response.readline().decode():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ").strip()
                elif line.startswith("data: "):
                    self._events.put((name, json.loads(line.removeprefix("data: "))))
        self._events.put(None)

    def next(self, name: str, *, within: float = SECONDS) -> Any:
        """The data of the next event, which has to be of this name."""
        event = self._events.get(timeout=within)
        assert event is not None, f"the stream ended before {name}"
        assert event[0] == name, event
        return event[1]

    def ended(self) -> bool:
        return self._events.get(timeout=SECONDS) is None

    def silent(self, seconds: float) -> bool:
        with contextlib.suppress(queue.Empty):
            self._events.get(timeout=seconds)
            return False
        return True

    def close(self) -> None:
        """Leave, as a browser does whose page is closed."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(5)
        self._response.close()
        self._connection.close()
        self._socket.close()


class Live:
    """The process, its address, and who listens to it."""

    def __init__(self, valkey: Valkey, port: int) -> None:
        self.valkey = valkey
        self.url = f"http://127.0.0.1:{port}"
        self.listeners: list[Listener] = []

    def listen(self, token: str, **headers: str) -> Listener:
        listener = Listener(self.url, token, **headers)
        self.listeners.append(listener)
        return listener

    def health(self) -> dict[str, Any]:
        answer: dict[str, Any] = requests.get(f"{self.url}/healthz", timeout=30).json()
        return answer


def until(true: Any, complaint: str, *, seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, complaint
        time.sleep(0.02)


OURS, THEIRS = schema_of(uuid7()), schema_of(uuid7())  # two companies; the process knows no more than their names


def mint(schema_name: str = OURS, *, user: str = "u1", origin: str = "http://fietsland.test") -> str:
    topics = [live.company_topic(schema_name), live.user_topic(schema_name, user)]
    return live.mint(side=schema_name, user_id=user, topics=topics, origin=origin)


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    with tempfile.TemporaryDirectory(prefix="balie-live-") as folder:  # a short path, as sockets need
        server = Valkey(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture
def live_process(valkey: Valkey) -> Iterator[Live]:
    """Started without a database: none stands at the address it is given."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "REDIS_URL": valkey.url,
        "DATABASE_URL": "postgresql://nobody@/nothing?host=/nowhere",
        "INSTALLATION": settings.INSTALLATION,
        "LIVE_KEY": settings.LIVE_KEY,
        "BASE_DOMAIN": "test",
    }
    command = [sys.executable, "-m", "uvicorn", "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    command += ["--no-access-log", "--timeout-graceful-shutdown", "2", "config.live:application"]
    process = spawn(command, env=environment, cwd=ROOT)
    running = Live(valkey, port)
    try:

        def answers() -> bool:
            with contextlib.suppress(requests.RequestException):
                return running.health()["valkey"] == "ok"
            assert process.poll() is None, "the live process stopped"
            return False

        until(answers, "the live process did not start")
        yield running
    finally:
        for listener in running.listeners:
            listener.close()
        process.terminate()
        process.wait(60)
