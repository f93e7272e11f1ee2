"""The way from the platform's record of our address to the journal is walked by a test of our own, and told about."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.db import connection, connections
from django.utils import timezone

from conversations import webhook
from conversations.models import WebhookCall
from conversations.services.numbers import number_loop, number_probe, number_watch
from conversations.whatsapp import way_in
from tenants.context import in_public, inside
from tenants.models import MetaApp
from tests.conversations.numbers.conftest import Announced
from tests.fixtures.simulator import Simulator

PATH = "/webhooks/whatsapp"
Door = Callable[..., str]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Tests are read by people."""


@pytest.fixture
def door(db: None) -> Iterator[Door]:
    """``door()`` opens our webhook address on a port of its own; ``door(app)`` puts another WSGI application there."""
    shared, servers = connections["default"], []

    def ours(environ: dict[str, Any], start_response: Any) -> Any:
        connections["default"] = shared  # the test's own transaction; its thread waits meanwhile
        with in_public():
            given = webhook.answer(environ)
        return saying(f"{given.status} {webhook.REASONS[given.status]}", given.body.encode())(environ, start_response)

    def opened(application: Any = ours) -> str:
        server = make_server("127.0.0.1", 0, application, server_class=WSGIServer, handler_class=Quiet)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}{PATH}"

    connection.inc_thread_sharing()
    try:
        yield opened
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
        connection.dec_thread_sharing()


def saying(status: str, body: bytes = b"") -> Any:
    def application(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response(status, [("Content-Length", str(len(body)))])
        return [body]

    return application


@pytest.fixture
def probed(announced: Announced, simulator: Simulator, meta_app: MetaApp) -> Callable[[str], dict[str, Any]]:
    """``probed(url)``: the platform has this address on record, and the number is asked about."""

    def asked(url: str) -> dict[str, Any]:
        world = next(one for one in simulator.get("world")["apps"] if one["id"] == meta_app.app_id)
        simulator.post("world", apps=[world | {"webhook_url": url, "secret": meta_app.secret}])
        with inside(announced.company.schema_name):
            assert number_probe.probe(announced.number.phone_number_id)
        loop: dict[str, Any] = announced.fresh().figures["loop"]
        return loop

    return asked


def test_a_way_in_that_works_leaves_no_trace_but_the_proof(
    probed: Callable[[str], dict[str, Any]], door: Door, announced: Announced
) -> None:
    loop = probed(door())

    assert (loop["problem"], loop["address"][-len(PATH) :]) == ("", PATH)
    assert announced.alarms() == {}
    with inside(announced.company.schema_name):
        assert not WebhookCall.objects.exists()
    assert announced.news("webhook") == []


def test_an_address_where_nothing_answers_is_an_alarm_that_says_what_to_do(
    probed: Callable[[str], dict[str, Any]], door: Door, announced: Announced, as_admin: Any
) -> None:
    works, url = door(), "http://127.0.0.1:9/webhooks/whatsapp"
    assert probed(url)["problem"] == "address_unreachable"
    assert announced.alarms()["webhooks_unreachable"].severity == "critical"
    page = as_admin.get(f"/numbers/{announced.number.pk}/").content.decode()
    assert "Nothing answers at the address that WhatsApp has on record." in page
    assert "no firewall stands in between" in page

    probed(works)

    assert announced.alarms() == {}
    assert [after for _before, after, _source in announced.news("webhook")] == ["address_unreachable", "way_in_works"]


def test_news_of_the_platforms_own_prove_more_than_a_test_that_failed(
    probed: Callable[[str], dict[str, Any]], announced: Announced
) -> None:
    announced.set(webhook_probed_at=timezone.now())

    assert probed("http://127.0.0.1:9/webhooks/whatsapp")["problem"] == "address_unreachable"
    assert announced.alarms() == {}


@pytest.mark.parametrize(
    ("status", "problem"),
    [("404 Not Found", "address_not_ours"), ("403 Forbidden", "address_token"), ("503 Away", "address_busy")],
)
def test_what_answers_otherwise_is_told_apart(
    probed: Callable[[str], dict[str, Any]], door: Door, status: str, problem: str
) -> None:
    assert probed(door(saying(status)))["problem"] == problem


def test_an_address_that_takes_everything_and_is_not_ours_is_found_out(
    probed: Callable[[str], dict[str, Any]], door: Door
) -> None:
    def parrot(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        said = environ["QUERY_STRING"].partition("hub.challenge=")[2].partition("&")[0].encode()
        return list(saying("200 OK", said)(environ, start_response))

    assert probed(door(parrot))["problem"] == "address_elsewhere"


def test_a_secret_that_our_address_does_not_know_is_found_out(door: Door, meta_app: MetaApp) -> None:
    url = door()

    assert way_in.knock(url, verify_token=meta_app.verify_token, inner=True) == ""
    assert way_in.post(url, b"{}", secret="another", inner=True) == "address_secret"


def test_an_inner_address_is_called_for_the_stand_in_only() -> None:
    assert way_in.knock("http://127.0.0.1:9/webhooks/whatsapp", verify_token="x") == "address_inner"
    assert way_in.knock("nonsense", verify_token="x") == "address_odd"


def test_what_the_platform_says_against_an_app_comes_first() -> None:
    row = {"object": "whatsapp_business_account", "callback_url": "https://a.example/webhooks/whatsapp"}

    assert number_loop.problem_of([])[0] == "no_callback"
    assert number_loop.problem_of([row | {"active": False}])[0] == "callback_off"
    assert number_loop.problem_of([row | {"fields": [{"name": "account_update"}]}])[0] == "messages_not_chosen"
    assert number_loop.problem_of([row | {"fields": ["messages"]}])[0] == ""


def test_what_we_post_ourselves_is_no_proof_that_the_platform_speaks(announced: Announced) -> None:
    with inside(announced.company.schema_name):
        WebhookCall.objects.create(
            phone_number_id=announced.number.phone_number_id,
            field=number_loop.FIELD,
            body="{}",
            received_at=timezone.now(),
        )
        number_watch.measure(announced.number.phone_number_id)

    assert announced.fresh().webhook_probed_at is None
