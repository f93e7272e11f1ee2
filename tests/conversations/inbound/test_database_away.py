"""The database is away while the platform calls: it is told so, calls again, and what it brings lands once."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import psycopg
import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from conversations.models import Message, PhoneNumber, WebhookCall
from conversations.services import intake
from conversations.webhook import PATH, WebhookGate
from tenants.models import ClientCompany, MetaApp
from tests.fixtures.companies import Enter
from tests.fixtures.simulator import Simulator
from tests.fixtures.webhooks import Deliver, change, envelope, post, text_message
from tests.fixtures.work import RunDue

SECONDS = 120


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def door(committed: None) -> Iterator[str]:
    """The whole application behind a real address."""

    def serve() -> None:
        server.serve_forever(poll_interval=0.05)
        connection.close()

    server = make_server("127.0.0.1", 0, WebhookGate(get_wsgi_application()), handler_class=Silent)
    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}{PATH}"
    server.shutdown()
    thread.join(SECONDS)
    server.server_close()


@contextlib.contextmanager
def database_away() -> Iterator[None]:
    """Everybody is thrown out of the test's database, and nobody gets in until the block ends."""
    name = sql.Identifier(connection.settings_dict["NAME"])
    connection.close()
    with psycopg.connect(make_conninfo(settings.DATABASE_URL, dbname="postgres"), autocommit=True) as server:
        server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        try:
            server.execute(
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s",
                [connection.settings_dict["NAME"]],
            )
            yield
        finally:
            server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


def eventually(true: Callable[[], Any]) -> Any:
    end = time.monotonic() + SECONDS
    while not (found := true()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
    return found


def test_the_platform_hears_503_and_its_next_call_lands_once(
    door: str,
    simulator: Simulator,
    run_due: RunDue,
    number: PhoneNumber,
    meta_app: MetaApp,
    company: ClientCompany,
    other_company: ClientCompany,
    enter: Enter,
) -> None:
    simulator.post("options", webhook_retry_ms=100, webhook_attempts=1000)
    app = {"id": meta_app.app_id, "secret": meta_app.secret, "verify_token": meta_app.verify_token}
    simulator.post("world", apps=[{**app, "webhook_url": door}])
    simulator.person("ana")

    with database_away():
        wamid = simulator.say("ana", "Is daar iemand?", number=number.phone_number_id)["wamid"]
        eventually(lambda: len(_answers(simulator)) >= 2)
        assert set(_answers(simulator)) == {503}
    eventually(lambda: simulator.get("webhooks")["pending"] == 0)

    assert _answers(simulator)[-1] == 200
    run_due("inbound")
    with enter(company):
        assert WebhookCall.objects.count() == 1
        assert Message.objects.get().wamid == wamid
    with enter(other_company):
        assert not WebhookCall.objects.exists()


def _answers(simulator: Simulator) -> list[int | None]:
    return [row["status"] for row in simulator.get("webhooks")["items"]]


def test_whatever_comes_hears_503_until_the_database_is_back(
    deliver: Deliver, committed: None, company: ClientCompany, number: PhoneNumber, meta_app: MetaApp, enter: Enter
) -> None:
    body = envelope(number.waba_id, change(number, messages=[text_message()]))
    assert deliver(body).status_code == 200

    with database_away():
        refused = deliver(body)
        intake.forget()  # as a process that has just begun, and knows no app
        unread = deliver(body)
        forged = post(b"{}", secret="somebody else's")

    assert [answer.status_code for answer in (refused, unread, forged)] == [503, 503, 503]
    assert b"Try again later" in refused.content
    assert deliver(body).status_code == 200
    with enter(company):
        assert WebhookCall.objects.count() == 2
