"""Calls that arrive while one is being written are written together, and none suffers for another."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, connections

from conversations.models import WebhookCall
from conversations.services.intake import grouping
from tenants.models import NumberRoute, QuarantinedCall
from tests.fixtures.webhooks import change, envelope, text_message

SECONDS = 30.0


class Crowd:
    """Posts calls from threads of their own, as a server does."""

    def __init__(self, deliver: Callable[..., object]) -> None:
        self._deliver = deliver
        self._threads: list[threading.Thread] = []
        self.statuses: list[int] = []

    def post(self, number, text: str) -> None:
        def work() -> None:
            body = envelope(number.waba_id, change(number, messages=[text_message(text)]))
            try:
                self.statuses.append(self._deliver(body).status_code)
            finally:
                connections.close_all()

        self._threads.append(threading.Thread(target=work))
        self._threads[-1].start()

    def wait(self) -> None:
        for thread in self._threads:
            thread.join(SECONDS)
            assert not thread.is_alive()


@contextmanager
def held(company) -> Iterator[None]:
    """Nobody can write into the company's journal for now."""
    with psycopg.connect(_url()) as other:
        other.execute(f"LOCK TABLE {company.schema_name}.conversations_webhookcall IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


def _url() -> str:
    parameters = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    return psycopg.conninfo.make_conninfo(**{name: parameters[name] for name in names if parameters.get(name)})


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def crowd(deliver, committed) -> Crowd:
    return Crowd(deliver)


def test_what_waits_for_one_is_written_in_one_go(crowd, deliver, company, number, enter):
    deliver(envelope(number.waba_id, change(number, messages=[text_message("Vooraf")])))
    with held(company):
        crowd.post(number, "Eerste")
        until(lambda: grouping._led)
        for serial in range(5):
            crowd.post(number, f"Samen {serial}")
        until(lambda: len(grouping._waiting) == 5)
    crowd.wait()

    assert crowd.statuses == [200] * 6
    with enter(company), connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, count(*) FROM conversations_webhookcall GROUP BY 1 ORDER BY 2")
        assert [count for _transaction, count in cursor.fetchall()] == [1, 1, 5]
    assert not grouping._led


def test_a_route_that_is_gone_does_not_cost_the_others_their_calls(
    crowd, deliver, company, other_company, number, other_number, meta_app, enter
):
    NumberRoute.objects.update(app=meta_app)
    for one in (number, other_number):
        deliver(envelope(one.waba_id, change(one, messages=[text_message("Vooraf")])))
    with held(company):
        crowd.post(number, "Eerste")
        until(lambda: grouping._led)
        crowd.post(number, "Blijft")
        crowd.post(other_number, "Niemands")
        until(lambda: len(grouping._waiting) == 2)
        NumberRoute.objects.filter(pk=other_number.phone_number_id).delete()
    crowd.wait()

    assert crowd.statuses == [200] * 3
    with enter(company):
        assert WebhookCall.objects.count() == 3
    with enter(other_company):
        assert WebhookCall.objects.count() == 1
    assert QuarantinedCall.objects.count() == 1
