"""The scheduler: any number may run, the one that holds the lease in PostgreSQL acts."""

import logging
from typing import Any

import psycopg
from celery.beat import Scheduler
from django.conf import settings

from config import heartbeat

logger = logging.getLogger(__name__)

LEASE = 0x42414C4945  # "BALIE": the advisory lock that is the lease
IDLE_SECONDS = 2.0


class LeasedScheduler(Scheduler):
    """Celery's scheduler in memory, acting only while its own connection holds the advisory lock.

    A scheduler that dies loses its connection and with it the lease, so another one acts within seconds.
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
            leads = self._hold()
            heartbeat.touch()
            return leads
        except psycopg.Error as error:
            logger.warning("the scheduler lost its lease: %s", type(error).__name__)
            self._connection, self._leads = None, False
            return False

    def _hold(self) -> bool:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(settings.DATABASE_URL, autocommit=True, connect_timeout=3)
            self._leads = False
        if self._leads:
            self._connection.execute("SELECT 1")
            return True
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", [LEASE]).fetchone()
        self._leads = bool(row and row[0])
        return self._leads

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        super().close()
