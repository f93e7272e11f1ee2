"""Takes the journal of the entered company in order, in batches, under a lock; sets aside what cannot be applied."""

import logging
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from conversations.models import PhoneNumber
from conversations.services.inbound import applying
from conversations.whatsapp import json_text, payloads
from tenants import wake, work
from tenants.context import current_schema

logger = logging.getLogger(__name__)

BATCH = 1000
SECONDS = 20.0  # then other companies get their turn
TRIES = 3
LOCK_WAIT = "800ms"  # below PostgreSQL's deadlock time-out: of two that wait for each other, the drain steps back
TRANSIENT = (OperationalError, InterfaceError)

LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
COLUMNS = "id, phone_number_id, waba_id, field, entry_id, entry_time, body, received_at"
MAX_BYTES = (
    4_000_000  # as stored: a phone's history comes in changes of megabytes, which may not stand in memory at once
)
NEXT = (
    f"SELECT {COLUMNS} FROM (SELECT *, sum(pg_column_size(body)) OVER (ORDER BY id) - pg_column_size(body) AS before"  # noqa: S608
    f" FROM (SELECT {COLUMNS} FROM conversations_webhookcall WHERE applied_at IS NULL"
    " AND phone_number_id <> ALL(%s::text[]) ORDER BY id LIMIT %s) AS first) AS sized"
    f" WHERE before < {MAX_BYTES} ORDER BY id"
)
CHOSEN = f"SELECT {COLUMNS} FROM conversations_webhookcall WHERE applied_at IS NULL AND id = ANY(%s) ORDER BY id"  # noqa: S608
APPLIED = "UPDATE conversations_webhookcall SET applied_at = clock_timestamp(), error = %s WHERE id = ANY(%s)"


class Busy(Exception):
    """Another drain of this company is at work; it will see the marks of this one."""


@dataclass(frozen=True, slots=True)
class Call:
    """A journal row that waits to be applied."""

    id: int
    phone_number_id: str
    waba_id: str
    field: str
    entry_id: str
    entry_time: int | None
    body: str
    received_at: datetime

    def parsed(self) -> payloads.Parsed:
        return payloads.parse(
            payloads.Change(
                entry_id=self.entry_id or None,
                entry_time=datetime.fromtimestamp(self.entry_time, UTC) if self.entry_time is not None else None,
                field=self.field,
                value=json_text.read(self.body.encode()),
                phone_number_id=self.phone_number_id or None,
                waba_id=self.waba_id or None,
            )
        )


def drain(*, seconds: float = SECONDS) -> None:
    """Apply everything that waits in the entered company's journal.

    The marks that were seen before the journal was found empty are deleted afterwards, so that none is lost to a drain
    that is just finishing. A drain that runs out of time leaves its marks and wakes the next.
    """
    schema_name = current_schema()
    wake.started(schema_name, work.Kind.INBOUND)
    until = time.monotonic() + seconds
    try:
        while marks := work.take(work.Kind.INBOUND):
            while next_batch():
                if time.monotonic() > until:
                    wake.worker(schema_name, work.Kind.INBOUND)
                    return
            work.done(marks)
    except Busy:
        return


def next_batch(*, limit: int = BATCH) -> int:
    """Apply the next batch; tells how many changes it took from the journal.

    Raises  Busy, OperationalError
    """
    for last in (False,) * (TRIES - 1) + (True,):
        ids: list[int] = []
        try:
            with transaction.atomic():
                _lock()
                calls = _read(NEXT, [_held_back(), limit])
                ids = [call.id for call in calls]
                _apply(calls)
                return len(ids)
        except (*TRANSIENT, IntegrityError) as error:
            # a person changed the same rows at the same moment: once more from the start
            if last and isinstance(error, IntegrityError):
                break
            if last or connection.in_atomic_block or not connection.is_usable():
                raise
        except Busy:
            raise
        except Exception:
            logger.warning("a batch of %d changes failed; its parts are tried alone", len(ids))
            break
    _apply_parts(ids)
    return len(ids)


def _apply_parts(ids: Sequence[int]) -> None:
    """Apply a failed batch in halves, in order, until the change that spoils it stands alone and is set aside."""
    if not ids:
        return
    if len(ids) > 1:
        middle = len(ids) // 2
        for part in (ids[:middle], ids[middle:]):
            try:
                _apply_chosen(part)
            except (*TRANSIENT, Busy):
                raise
            except Exception:
                _apply_parts(part)
        return
    try:
        _apply_chosen(ids)
    except (*TRANSIENT, Busy):
        raise
    except Exception as error:
        _set_aside(ids[0], error)


def _apply_chosen(ids: Sequence[int]) -> None:
    with transaction.atomic():
        _lock()
        _apply(_read(CHOSEN, [list(ids)]))


def _apply(calls: list[Call]) -> None:
    if not calls:
        return
    outcome = applying.apply(calls)
    with connection.cursor() as cursor:
        cursor.execute(APPLIED, ["", [call.id for call in calls if call.id not in outcome.waits]])
        for call_id, awaited in outcome.waits.items():
            if awaited not in outcome.arrived:  # else it came later in this batch, and the next one takes the change
                cursor.execute(APPLIED, [awaited, [call_id]])


def _set_aside(call_id: int, error: Exception) -> None:
    """Keep the change with the place where it failed. The error's text is left out: it may hold what a person wrote."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    told = f"{type(error).__name__} in {place.name}, line {place.lineno}"
    logger.error("change %d of %s was set aside: %s", call_id, current_schema(), told)
    with connection.cursor() as cursor:
        cursor.execute(APPLIED, [told, [call_id]])


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
        cursor.execute(LOCK, [f"inbound:{current_schema()}"])
        row = cursor.fetchone()
    if not row or not row[0]:
        raise Busy


def _read(sql: str, parameters: list[Any]) -> list[Call]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [Call(*row) for row in cursor.fetchall()]


def _held_back() -> list[str]:
    """Numbers without an agreement in force: their changes stay in the journal until they go live."""
    waiting = PhoneNumber.objects.filter(state=PhoneNumber.State.SETUP, sandbox=False)
    return list(waiting.values_list("phone_number_id", flat=True))
