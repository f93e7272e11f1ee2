"""Stands where the product's web process would: keeps what the simulator posts until the test hands it on."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.http import HttpResponse
from django.test import Client

from conversations.webhook import PATH
from tests.fixtures.simulator import Simulator

WAIT_SECONDS = 20.0
Letter = tuple[bytes, str]


class Postbox:
    """Signed bodies in the order they came. Every one is acknowledged: what the product makes of it is the test's."""

    def __init__(self, simulator: Simulator, *, app_ids: list[str], host: str) -> None:
        self._simulator = simulator
        self._client = Client(headers={"host": host})
        self._letters: list[Letter] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{self._server.server_port}{PATH}"
        simulator.post("options", status_delay_ms=0, webhook_batch=1)
        for app in simulator.get("world")["apps"]:
            if app["id"] in app_ids:
                simulator.post("world", apps=[{**app, "webhook_url": url}])

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        letters = self._letters

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                letters.append((body, self.headers["X-Hub-Signature-256"]))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        return Handler

    def take(self, *, at_least: int = 0) -> list[Letter]:
        """What has come, once nothing is under way any more and so many are here."""
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            if not self._simulator.get("webhooks")["pending"] and len(self._letters) >= at_least:
                break
            time.sleep(0.02)
        assert len(self._letters) >= at_least, f"{len(self._letters)} webhooks came, {at_least} should have"
        taken, self._letters[:] = list(self._letters), []
        return taken

    def hand_on(self, letter: Letter) -> HttpResponse:
        """Let the product have it, through its own door."""
        body, signature = letter
        answer = self._client.post(
            PATH, body, content_type="application/json", headers={"X-Hub-Signature-256": signature}
        )
        assert answer.status_code == 200, answer.content
        return answer

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def statuses_in(letter: Letter) -> list[dict[str, Any]]:
    """The statuses of a body."""
    entries = json.loads(letter[0])["entry"]
    return [one for entry in entries for change in entry["changes"] for one in change["value"].get("statuses", [])]
