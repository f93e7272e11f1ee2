"""The scheduler: any number may run, the one that holds the lease in PostgreSQL acts."""

import logging
from contextlib import suppress
from datetime import datetime
from typing import Any

import psycopg
from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import crontab
from django.conf import settings

from config import heartbeat

logger = logging.getLogger(__name__)

LEASE = 0x42414C4945  # "BALIE": the advisory lock that is the lease
IDLE_SECONDS = 2.0

# A leader that vanished without a word (power, network) loses its lease in seconds, not after the system's two hours.
LIVELINESS: dict[str, Any] = {
    "connect_timeout": "3",
    "tcp_user_timeout": "10000",
    "options": "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3",
}
LAST_RUNS = "SELECT name, last_run_at FROM public.tenants_scheduledrun"
NOTE_RUN = """
INSERT INTO public.tenants_scheduledrun (name, last_run_at) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET last_run_at = excluded.last_run_at
"""


class LeasedScheduler(Scheduler):
    """Celery's scheduler in memory, acting only while its own connection holds the advisory lock.

    A scheduler that dies loses its connection and with it the lease, so another one acts within seconds. What belongs
    to a time of day is noted in the database: the next leader goes on from there, also after a night without any.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._connection: psycopg.Connection[Any] | None = None
        self._leads = False
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if not self.leads():
            return IDLE_SECONDS
        return float(super().tick(*args, **kwargs))

    def leads(self) -> bool:
        try:
            held = self._hold()
            heartbeat.touch()  # one that stands by does its work as well
            return held
        except psycopg.Error as error:
            logger.warning("the scheduler lost its lease: %s", type(error).__name__)
            self._let_go()
            return False

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send a due entry. One of a time of day that cannot be sent stays due; the others come again anyway."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except Exception as error:
            logger.warning("%s could not be sent: %s", entry.name, type(error).__name__)
            if _has_a_time(entry):
                self._set_last_run(entry.name, entry.last_run_at)
            return
        if _has_a_time(entry) and self._connection is not None:
            self._connection.execute(NOTE_RUN, [entry.name, self.schedule[str(entry.name)].last_run_at])

    def close(self) -> None:
        self._let_go()
        super().close()

    def _hold(self) -> bool:
        if self._connection is None or self._connection.closed:
            self._leads = False
            self._connection = psycopg.connect(settings.DATABASE_URL, autocommit=True, **LIVELINESS)
        if self._leads:
            self._connection.execute("SELECT 1")
            return True
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", [LEASE]).fetchone()
        if row and row[0]:
            for name, last_run_at in self._connection.execute(LAST_RUNS).fetchall():
                self._set_last_run(name, last_run_at)
            self._leads = True
        return self._leads

    def _let_go(self) -> None:
        """Give the lease back before closing, since a server notices a closed connection only a moment later."""
        connection, self._connection = self._connection, None
        led, self._leads = self._leads, False
        if connection is None:
            return
        with suppress(psycopg.Error):
            if led and not connection.closed:
                connection.execute("SELECT pg_advisory_unlock(%s)", [LEASE])
        connection.close()

    def _set_last_run(self, name: str | None, last_run_at: datetime | None) -> None:
        if name in self.schedule and last_run_at is not None:
            self.schedule[name].last_run_at = last_run_at
            self._heap = None  # worked out anew at the next tick


def _has_a_time(entry: ScheduleEntry) -> bool:
    return isinstance(entry.schedule, crontab)
