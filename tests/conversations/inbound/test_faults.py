"""Real workers on a real broker, killed in the middle: nothing is lost, nothing stands twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from conversations.models import Message, WebhookCall
from tenants import wake
from tenants.models import WorkMark
from tests.conversations.inbound.snapshots import set_aside
from tests.fixtures.webhooks import change, envelope, text_message

ROOT = Path(__file__).resolve().parents[3]
MESSAGES = 4000
POSTS = 40
SECONDS = 180  # for anything that should happen; a busy machine is slow

pytestmark = pytest.mark.fault


@pytest.fixture
def worker():
    """Starts inbound workers; whatever still runs at the end is ended."""
    running = []

    def start() -> subprocess.Popen[bytes]:
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
        environment = {**os.environ, "DATABASE_URL": address.geturl(), "INSTALLATION": settings.INSTALLATION}
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-n", f"fault{len(running)}@test"]
        options = ["-Q", "inbound", "--pool", "threads", "-c", "2", "--without-gossip", "--without-mingle"]
        process = subprocess.Popen(
            [*command, *options, "--loglevel", "ERROR"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()


def test_a_worker_killed_between_batches_loses_nothing(
    worker, deliver, committed, company, other_company, number, enter
):
    per_post = MESSAGES // POSTS
    for post in range(POSTS):
        serials = range(post * per_post, (post + 1) * per_post)
        changes = [
            change(number, messages=[text_message(f"{n}", phone=f"316{n % 300:08d}", wamid=f"wamid.F{n}")])
            for n in serials
        ]
        assert deliver(envelope(number.waba_id, *changes)).status_code == 200

    for share in (0.05, 0.2):
        process = worker()
        _wait_until(lambda share=share: _applied(company, enter) >= share * MESSAGES, schema_name=company.schema_name)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert _applied(company, enter) < MESSAGES, "the worker was quicker than the test: nothing was interrupted"
    assert WorkMark.objects.filter(kind="inbound", schema_name=company.schema_name).exists()

    worker()
    _wait_until(lambda: _applied(company, enter) == MESSAGES, schema_name=company.schema_name)
    _wait_until(lambda: not WorkMark.objects.filter(kind="inbound").exists(), schema_name=company.schema_name)

    with enter(company):
        assert Message.objects.count() == MESSAGES
        assert Message.objects.values("wamid").distinct().count() == MESSAGES
        assert not WebhookCall.objects.filter(applied_at=None).exists()
    assert set_aside(company) == []
    with enter(other_company):
        assert not Message.objects.exists()


def test_the_door_survives_a_database_that_ended_its_connection(deliver, committed, company, number, enter):
    body = envelope(number.waba_id, change(number, messages=[text_message("Vooraf")]))
    assert deliver(body).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])

    assert deliver(body).status_code == 200
    with enter(company):
        assert WebhookCall.objects.count() == 2


def _applied(company, enter) -> int:
    with enter(company):
        return Message.objects.count()


def _wait_until(true, *, schema_name: str) -> None:
    """Wait; knock as the sweep does, since no scheduler runs here."""
    end, knock = time.monotonic() + SECONDS, 0.0
    while not true():
        assert time.monotonic() < end, "the workers did not get there in time"
        if time.monotonic() > knock:
            knock = time.monotonic() + 1.0
            wake.send(schema_name, "inbound")
        time.sleep(0.01)
