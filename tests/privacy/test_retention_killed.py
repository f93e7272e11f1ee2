"""A worker that is killed in the middle of its night: what left is counted, and the next worker goes on."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files import storage
from django.db import connection
from django.utils import timezone

from conversations.models import MediaFile, WebhookCall
from privacy.models import RetentionRun
from tenants import work
from tenants.models import ClientCompany, WorkMark
from tests.fixtures.companies import Enter
from tests.fixtures.work import RunDue
from tests.privacy import aging
from tests.privacy.aging import ago

pytestmark = pytest.mark.fault

ROOT = Path(__file__).resolve().parents[2]
ROWS = 3000
WAIT_SECONDS = 180
WORKER = """
import django
django.setup()
from privacy.services import nights
from tenants.context import inside
with inside({schema!r}):
    nights.retain(batch=1)
"""


def worker(company: ClientCompany) -> "subprocess.Popen[bytes]":
    """A process of its own that does the company's night, row by row."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {"DATABASE_URL": address.geturl(), "MEDIA_ROOT": settings.MEDIA_ROOT}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    script = WORKER.format(schema=company.schema_name)
    return subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment)


def wait_for_progress(process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + WAIT_SECONDS
    while not RetentionRun.objects.filter(data_class="journal", deleted__gt=20).exists():
        assert process.poll() is None, "the worker was done before it could be killed"
        assert time.monotonic() < until, "the worker did not begin"
        time.sleep(0.02)


def wait_for_its_connections_to_end(before: set[int]) -> None:
    """A server process finishes the statement of a client that died."""
    until = time.monotonic() + WAIT_SECONDS
    while connected() - before:
        assert time.monotonic() < until, "the dead worker is still connected"
        time.sleep(0.02)


def connected() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usesysid IS NOT NULL")
        return {pid for (pid,) in cursor.fetchall()}


def test_a_killed_worker_loses_nothing_and_the_next_one_goes_on(
    company: ClientCompany, other_company: ClientCompany, enter: Enter, run_due: RunDue
) -> None:
    with enter(other_company):
        aging.journal(received=20, number=3)
    with enter(company):
        aging.journal(received=20, number=ROWS)
        picture = aging.file(ago(91))
        work.mark(work.Kind.RETENTION)
        before = connected()
        process = worker(company)
        try:
            wait_for_progress(process)
        finally:
            process.kill()
            process.wait()
        wait_for_its_connections_to_end(before)

        run = RetentionRun.objects.get(data_class="journal")
        left = WebhookCall.objects.count()
        assert 0 < left < ROWS
        assert (run.state, run.deleted) == (RetentionRun.State.RUNNING, ROWS - left)
    assert run_due("retention") == 0, "the dead worker's mark is held for a while"

    WorkMark.objects.filter(kind="retention").update(due_at=timezone.now() - timedelta(seconds=1))
    run_due("retention")

    with enter(company):
        assert not WebhookCall.objects.exists()
        assert not MediaFile.objects.exists()
        assert not storage.default_storage.exists(picture.storage_key)
        run.refresh_from_db()
        assert (run.state, run.candidates, run.deleted) == (RetentionRun.State.FINISHED, ROWS, ROWS)
        assert RetentionRun.objects.filter(data_class="media").count() == 1
    assert not WorkMark.objects.filter(kind="retention").exists()
    with enter(other_company):
        assert WebhookCall.objects.count() == 3
