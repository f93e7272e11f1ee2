"""The scheduler's lease: of any number one acts, a lost one is replaced, and nights are neither skipped nor doubled."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from celery import Celery
from celery.schedules import crontab
from django.conf import settings
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis import Redis

from config.beat import LEASE, LeasedScheduler
from config.celery import PACKAGES
from config.celery import app as product
from tenants.models import ScheduledRun

pytestmark = pytest.mark.usefixtures("committed")

Make = Callable[..., LeasedScheduler]


@pytest.fixture
def queue() -> str:
    return f"probe-{uuid4().hex}"


@pytest.fixture
def scheduler(queue: str) -> Iterator[Make]:
    """Schedulers of an application with one entry, as so many processes would have them."""
    made: list[tuple[LeasedScheduler, Celery]] = []

    def make(schedule: object, *, broker: str = "") -> LeasedScheduler:
        app = Celery("probe", set_as_current=False)
        app.conf.update(
            broker_url=broker or product.conf.broker_url,
            task_publish_retry=False,
            broker_connection_max_retries=1,
            beat_schedule={"nightly": {"task": "probe", "schedule": schedule, "options": {"queue": queue}}},
            broker_transport_options={"socket_connect_timeout": 1},
        )
        made.append((LeasedScheduler(app), app))
        return made[-1][0]

    yield make
    for one, app in made:
        one.close()
        app.close()


def sent(queue: str) -> int:
    with Redis.from_url(settings.REDIS_URL) as server:
        return int(server.llen(queue))


def night_in_progress() -> crontab:
    """A time of day that was a minute ago."""
    moment = timezone.now() - timedelta(minutes=1)
    return crontab(minute=str(moment.minute), hour=str(moment.hour))


def yesterday() -> None:
    ScheduledRun.objects.create(name="nightly", last_run_at=timezone.now() - timedelta(hours=20))


def end_connection_of_leader() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(l.pid, 5000)) FROM pg_locks l WHERE l.locktype = 'advisory'"
            " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND (l.classid::bigint << 32) | l.objid::bigint = %s AND l.granted",
            [LEASE],
        )
        assert cursor.fetchone() == (1,)


def test_of_two_schedulers_one_acts(scheduler: Make, queue: str) -> None:
    first, second = scheduler(timedelta(0)), scheduler(timedelta(0))

    first.tick(), second.tick(), first.tick(), second.tick()

    assert (first.leads(), second.leads()) == (True, False)
    assert sent(queue) == 2


def test_a_scheduler_that_ends_is_replaced(scheduler: Make) -> None:
    first, second = scheduler(timedelta(1)), scheduler(timedelta(1))
    assert (first.leads(), second.leads()) == (True, False)

    first.close()

    assert second.leads()


def test_a_scheduler_that_loses_its_connection_stops_acting(scheduler: Make) -> None:
    first, second = scheduler(timedelta(1)), scheduler(timedelta(1))
    assert first.leads()

    end_connection_of_leader()

    assert second.leads()
    assert not first.leads()
    assert not first.leads()


def test_what_was_missed_at_night_is_done_once_by_whoever_leads_next(scheduler: Make, queue: str) -> None:
    yesterday()
    first, second = scheduler(night_in_progress()), scheduler(night_in_progress())

    first.tick()
    first.tick()
    first.close()
    second.tick()
    second.tick()

    assert sent(queue) == 1
    assert ScheduledRun.objects.get().last_run_at > timezone.now() - timedelta(minutes=1)


def test_what_could_not_be_sent_stays_due(scheduler: Make, queue: str) -> None:
    yesterday()
    cut_off = scheduler(night_in_progress(), broker="redis://127.0.0.1:9/0")  # nobody listens
    with suppress(OperationalError):
        cut_off.tick()
    cut_off.close()

    assert ScheduledRun.objects.get().last_run_at < timezone.now() - timedelta(hours=1)
    scheduler(night_in_progress()).tick()
    assert sent(queue) == 1


def test_everything_in_the_plan_is_a_task_of_ours() -> None:
    product.autodiscover_tasks(PACKAGES, force=True)

    planned = {entry["task"] for entry in product.conf.beat_schedule.values()}
    assert planned - set(product.tasks) == set()
