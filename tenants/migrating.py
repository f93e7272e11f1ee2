"""Brings every company's schema to the state of the code: in waves, side by side, and from where it stopped.

Schemas whose recorded fingerprint is that of the code are not looked at. What fails stays as it was, is reported and is
tried again by the next run; when too many fail the rest is left alone, since the fault is then hardly theirs.
"""

import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connections

from tenants import plans, replay, scratch
from tenants.context import in_public
from tenants.models import ClientCompany

FIRST_WAVE = 10  # a migration that is wrong for everybody meets few
WAVE = 200
MAX_ROUNDS = 100
LOCK_TRIES = 3


@dataclass(slots=True)
class Report:
    """What a run did. ``failed`` holds each schema with the reason; ``left`` counts those that were not tried."""

    migrated: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    left: int = 0
    migrations: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        return not self.failed and not self.left


def migrate_companies(*, workers: int = 2, lock_ms: int = 2000, max_failures: int = 5, wave: int = WAVE) -> Report:
    """Migrate all companies that are behind.

    lock_ms       how long one schema may wait for a lock before it is put off and tried again
    max_failures  as many may fail before the run stops
    """
    began = time.monotonic()
    report = Report()
    fingerprint = plans.fingerprint()
    size = min(FIRST_WAVE, wave)
    for _round in range(MAX_ROUNDS + ClientCompany.objects.count()):
        behind = _behind(fingerprint, without=report.failed)
        if not behind or len(report.failed) >= max_failures:
            break
        script = _script(behind[0], report)
        if script is not None:
            run = _Wave(script, fingerprint=fingerprint, lock_ms=lock_ms, max_failures=max_failures, report=report)
            run.over(behind[:size], workers=workers)
        size = wave
    report.left = len(_behind(fingerprint, without=report.failed))
    report.seconds = time.monotonic() - began
    return report


def _behind(fingerprint: str, *, without: dict[str, str]) -> list[str]:
    with in_public():
        rows = ClientCompany.objects.exclude(schema_fingerprint=fingerprint).exclude(schema_name__in=list(without))
        return list(rows.order_by("id").values_list("schema_name", flat=True))


def _script(schema_name: str, report: Report) -> replay.Script | None:
    """The script for the state of this schema; None when it cannot be had, which is the schema's failure."""
    try:
        with psycopg.connect(**scratch.server_parameters(), autocommit=True) as server:
            before = replay.applied_in(server, schema_name)
        script = replay.script_from(schema_name, before=before)
    except Exception as error:
        report.failed[schema_name] = _reason(error)
        return None
    report.migrations += [name for name in script.migrations if name not in report.migrations]
    return script


class _Wave:
    """Some schemas, one script, a few threads with a connection each."""

    def __init__(
        self, script: replay.Script, *, fingerprint: str, lock_ms: int, max_failures: int, report: Report
    ) -> None:
        self.script = script
        self.fingerprint = fingerprint
        self.lock_ms = lock_ms
        self.max_failures = max_failures
        self.report = report
        self.todo: deque[tuple[str, int]] = deque()
        self.lock = threading.Lock()

    def over(self, schema_names: list[str], *, workers: int) -> None:
        self.todo.extend((name, 1) for name in schema_names)
        with ThreadPoolExecutor(workers) as threads:
            for ended in [threads.submit(self._work) for _ in range(min(workers, len(schema_names)))]:
                ended.result()

    def _work(self) -> None:
        try:
            with psycopg.connect(**scratch.server_parameters(), autocommit=True) as server:
                while (task := self._next()) is not None:
                    self._one(server, *task)
        finally:
            connections.close_all()

    def _next(self) -> tuple[str, int] | None:
        with self.lock:
            if len(self.report.failed) >= self.max_failures or not self.todo:
                return None
            return self.todo.popleft()

    def _one(self, server: "psycopg.Connection[Any]", schema_name: str, attempt: int) -> None:
        try:
            self._migrate(server, schema_name)
        except replay.OtherState:
            return  # a later round takes it with a script for its own state
        except Exception as error:
            with self.lock:
                if _is_lock(error) and attempt < LOCK_TRIES:
                    self.todo.append((schema_name, attempt + 1))
                else:
                    self.report.failed[schema_name] = _reason(error)
        else:
            with self.lock:
                self.report.migrated += 1

    def _migrate(self, server: "psycopg.Connection[Any]", schema_name: str) -> None:
        if self.script.statements is None:
            plans.run_in(schema_name, lock_ms=self.lock_ms if self.script.atomic else 0)
            server.execute(replay.FINISHED, [self.fingerprint, schema_name])
        else:
            replay.run(server, self.script, schema_name=schema_name, fingerprint=self.fingerprint, lock_ms=self.lock_ms)


def _is_lock(error: Exception) -> bool:
    """Whether the wait for a lock took too long; Django wraps what psycopg raises."""
    return isinstance(error.__cause__ or error, psycopg.errors.LockNotAvailable)


def _reason(error: Exception) -> str:
    first_line = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {first_line}"
