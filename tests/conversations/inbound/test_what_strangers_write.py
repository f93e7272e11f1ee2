"""Markup, signs of every script, bytes that are none: whatever strangers write, pages stand and show it as text."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client

from conversations.models import Conversation, MediaFile, PhoneNumber
from tenants.models import ClientCompany, MetaApp
from tests.conversations.inbound.snapshots import NAMES, payload, set_aside
from tests.fixtures.companies import Enter
from tests.fixtures.webhooks import Deliver, change, envelope, text_message
from tests.fixtures.work import RunDue

HX = {"HX-Request": "true"}
ODD = [
    "message_script_in_every_field",
    "message_right_to_left",
    "message_emoji",
    "message_nul_characters",
    "message_lone_surrogates",
    "message_very_long_name",
    "message_order_with_nul_characters",
]
MEGABYTE = 1024 * 1024


def opened(browser: Client, conversation: Conversation) -> str:
    """The thread and the card beside it, as a browser gets them."""
    parts = [browser.get(f"/inbox/{conversation.pk}/{part}", headers=HX) for part in ("", "contact/")]
    assert [part.status_code for part in parts] == [200, 200]
    return "".join(part.content.decode() for part in parts)


@pytest.mark.parametrize("name", ODD)
def test_it_is_shown_as_text_in_queue_thread_and_card(
    name: str, deliver: Deliver, run_due: RunDue, company: ClientCompany, number: PhoneNumber, enter: Enter,
    as_agent: Client, as_other_agent: Client,
) -> None:  # fmt: skip
    deliver(payload(name, number))
    run_due("inbound")
    with enter(company):
        conversation = Conversation.objects.get()

    queue, thread = as_agent.get("/inbox/").content.decode(), opened(as_agent, conversation)

    for shown in (queue, thread):
        assert "\x00" not in shown
        assert "<script>alert" not in shown and "<img src=x" not in shown
    assert as_other_agent.get(f"/inbox/{conversation.pk}/", headers=HX).status_code == 404


def test_after_every_body_there_is_each_thread_opens(
    deliver: Deliver, run_due: RunDue, company: ClientCompany, number: PhoneNumber, enter: Enter, as_agent: Client
) -> None:
    for name in NAMES:
        assert deliver(payload(name, number)).status_code == 200, name
    run_due("inbound")

    assert set_aside(company) == []
    with enter(company):
        conversations = list(Conversation.objects.all())
        assert len(conversations) > 3
    for conversation in conversations:
        opened(as_agent, conversation)


@pytest.fixture
def platform(committed: None, meta_app: MetaApp) -> Iterator[dict[str, Any]]:
    """A platform that has one file, of which it says what the test wants: ``{"size": …}``."""
    told: dict[str, Any] = {}

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            file = {"id": "77", "mime_type": "image/jpeg", "sha256": "", "file_size": told["size"]}
            file["url"] = f"http://{self.headers['Host']}/bytes"
            body = b"" if self.path.startswith("/bytes") else json.dumps(file).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json" if body else "image/jpeg")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        MetaApp.objects.filter(pk=meta_app.pk).update(graph_url=f"http://127.0.0.1:{server.server_address[1]}")
        yield told
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("size", "problem"), [(0, "empty"), (101 * MEGABYTE, "too_big")])
def test_a_file_that_is_empty_or_too_big_is_not_kept_and_the_thread_stands(
    size: int, problem: str, platform: dict[str, Any], deliver: Deliver, run_due: RunDue, company: ClientCompany,
    number: PhoneNumber, enter: Enter, as_agent: Client,
) -> None:  # fmt: skip
    platform["size"] = size
    message = text_message(type="image", image={"id": "77", "mime_type": "image/jpeg"})

    deliver(envelope(number.waba_id, change(number, messages=[message])))
    run_due("inbound", "media")

    with enter(company):
        media = MediaFile.objects.get()
        assert (media.state, media.problem, media.storage_key) == (MediaFile.State.REFUSED, problem, "")
        conversation = Conversation.objects.get()
    assert "not kept" in opened(as_agent, conversation)
