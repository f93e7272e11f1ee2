"""A simulator in its own process, and a tiny app that receives its webhooks."""

import contextlib
import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

SECRET = "app-secret-of-the-tests"
TOKEN = "EAAfietsland"
NUMBER, OTHER_NUMBER = "106500000000001", "106500000000002"
WABA, OTHER_WABA = "90010000000001", "90010000000002"
ANA, ANA_BSUID = "31612345678", "NL.13491208655302741918"
BO_BSUID = "DE.55500011122233344455"


def world() -> dict[str, Any]:
    """Two businesses of two apps, a person with a phone number and one without."""
    return {
        "apps": [
            {"id": "700", "secret": SECRET, "verify_token": "verify-me"},
            {"id": "701", "secret": "other-secret", "verify_token": "verify-other"},
        ],
        "wabas": [
            {"id": WABA, "name": "Fietsland", "app_id": "700", "token": TOKEN, "currency": "EUR"},
            {"id": OTHER_WABA, "name": "Zorgvast", "app_id": "701", "token": "EAAzorgvast"},
        ],
        "numbers": [
            {
                "id": NUMBER,
                "waba_id": WABA,
                "display_phone_number": "+31 20 123 45 67",
                "verified_name": "Fietsland",
            },
            {
                "id": OTHER_NUMBER,
                "waba_id": OTHER_WABA,
                "display_phone_number": "+31 30 765 43 21",
                "verified_name": "Zorgvast",
            },
        ],
        "people": [
            {"key": "ana", "name": "Ana de Vries", "phone": ANA, "bsuid": ANA_BSUID},
            {"key": "bo", "name": "Bo", "phone": None, "bsuid": BO_BSUID, "username": "bo.berlin"},
        ],
        "templates": templates(),
    }


def templates() -> list[dict[str, Any]]:
    """One template of each shape that a send has to fill."""
    order = {
        "waba_id": WABA,
        "name": "order_update",
        "language": "nl",
        "category": "UTILITY",
        "parameter_format": "NAMED",
        "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Bestelling {{number}}"},
            {"type": "BODY", "text": "Hoi {{first_name}}, je fiets is klaar."},
            {"type": "FOOTER", "text": "Fietsland"},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "URL", "text": "Volgen", "url": "https://fietsland.example/t/{{1}}"},
                    {"type": "QUICK_REPLY", "text": "Bel mij"},
                ],
            },
        ],
    }
    plain = {"waba_id": WABA, "language": "nl", "category": "MARKETING"}
    body = [{"type": "BODY", "text": "Dag {{1}}, {{2}} korting vandaag."}]
    picture = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Kijk eens."}]
    return [
        order,
        {**plain, "name": "sale", "components": body},
        {**plain, "name": "paused_sale", "status": "PAUSED", "components": body},
        {**plain, "name": "pending_sale", "status": "PENDING", "components": body},
        {**plain, "name": "picture", "category": "UTILITY", "components": picture},
    ]


class Receiver:
    """An app's callback: keeps every body, answers what it is told to."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.signatures: list[str] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                good = query.get("hub.verify_token") == ["verify-me"]
                self._answer(200 if good else 403, query["hub.challenge"][0].encode() if good else b"")

            def do_POST(self) -> None:
                receiver.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.signatures.append(self.headers["X-Hub-Signature-256"])
                self._answer(receiver.answers.pop(0) if receiver.answers else 200, b"ok")

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError):  # a simulator that was reset does not wait for answers
                    self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhooks/whatsapp"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def clear(self) -> None:
        """Forget what came."""
        self.bodies, self.signatures, self.answers = [], [], []

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def changes(self, field: str = "messages") -> list[dict[str, Any]]:
        """The values of every change of a field, in the order they came."""
        calls = [json.loads(body) for body in list(self.bodies)]
        all_changes = [change for call in calls for entry in call["entry"] for change in entry["changes"]]
        return [change["value"] for change in all_changes if change["field"] == field]

    def messages(self) -> list[dict[str, Any]]:
        """Inbound messages."""
        return [message for value in self.changes() for message in value.get("messages", [])]

    def statuses(self, wamid: str | None = None) -> list[dict[str, Any]]:
        """Statuses, perhaps of one message."""
        found = [status for value in self.changes() for status in value.get("statuses", [])]
        return [status for status in found if wamid in (None, status["id"])]

    def all_signed_with(self, secret: str) -> bool:
        """Every body carries the right signature over its raw bytes."""
        wanted = [hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for body in self.bodies]
        return self.signatures == [f"sha256={digest}" for digest in wanted]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Simulator:
    """The process under test, with the calls that tests make most."""

    def __init__(self, *, webhook_url: str, data: Path | None = None, seed: int = 7) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **os.environ,
            "SIMULATOR_PORT": str(self.port),
            "SIMULATOR_WEBHOOK_URL": webhook_url,
            "SIMULATOR_SEED": str(seed),
            "SIMULATOR_DATA": str(data or ""),
        }
        self.session = requests.Session()
        self.start()

    def start(self) -> None:
        """Start and wait until it answers."""
        command = [sys.executable, "-m", "simulator"]
        root = Path(__file__).resolve().parents[2]
        # Not a pipe: one that nobody reads fills up and stops the process.
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed in stop()
        self.process = subprocess.Popen(command, env=self._environment, cwd=root, stdout=self._log)
        wait_for(self._alive, seconds=60)

    def _alive(self) -> bool:
        assert self.process.poll() is None, "the simulator ended before it answered"
        try:
            return requests.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def stop(self) -> tuple[float, str]:
        """Ask it to end; returns the seconds it took and what it logged."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        seconds = time.monotonic() - began
        self.session.close()
        self._log.seek(0)
        output = self._log.read()
        self._log.close()
        return seconds, output

    def sim(self, path: str, body: dict[str, Any] | None = None, *, method: str | None = None) -> Any:
        """A call of the control API that must succeed."""
        verb = method or ("GET" if body is None else "POST")
        response = self.session.request(verb, f"{self.url}/_sim/{path}", json=body, timeout=20)
        assert response.ok, response.text
        return response.json()

    def graph(self, method: str, path: str, *, token: str | None = TOKEN, **rest: Any) -> requests.Response:
        """A call of the Graph API."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.session.request(method, f"{self.url}/v25.0/{path}", headers=headers, timeout=20, **rest)

    def post(self, body: dict[str, Any], *, number: str = NUMBER, token: str = TOKEN) -> requests.Response:
        """Send a message as a business; `messaging_product` and `to` are filled in."""
        full = {"messaging_product": "whatsapp", **({} if "recipient" in body else {"to": f"+{ANA}"}), **body}
        return self.graph("POST", f"{number}/messages", token=token, json=full)

    def post_text(self, text: str = "Dag", **rest: Any) -> str:
        """Send a text that must be accepted; returns the wamid."""
        response = self.post({"type": "text", "text": {"body": text}, **rest})
        assert response.status_code == 200, response.text
        return str(response.json()["messages"][0]["id"])

    def write(self, person: str = "ana", *, number: str = NUMBER, **given: Any) -> str:
        """A person writes and the app has acknowledged it; returns the wamid."""
        body = {"number": number, "wait": True, **(given or {"text": "Hallo"})}
        return str(self.sim(f"people/{person}/send", body)["wamid"])

    def received(self, **query: str) -> list[dict[str, Any]]:
        """What businesses sent."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return list(self.sim(f"received?{asked}")["items"])


def wait_for(condition: Callable[[], Any], *, seconds: float = 60) -> Any:
    """The first true value of a condition; fails when there is none in time. What is looked at may not be there yet."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(IndexError):
            if value := condition():
                return value
        time.sleep(0.02)
    raise AssertionError("waited in vain")


def code_of(response: requests.Response) -> int:
    """The platform's code of a refusal."""
    assert response.status_code >= 400, response.text
    return int(response.json()["error"]["code"])
