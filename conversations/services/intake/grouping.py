"""Calls that arrive together are written together: one statement, one commit, for all that wait at that moment.

The first thread writes its own call at once and leads; what arrives meanwhile waits, and the next leader writes all of
it. So nobody waits for company, and the busier it gets the less one call costs. Each caller returns only after the
commit that holds its rows.
"""

import logging
import threading
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
from django.db import Error as DatabaseError
from django.db import OperationalError
from django.utils import timezone

from conversations.services.intake import journal

logger = logging.getLogger(__name__)

MOST = 16  # calls in one statement
AWAY = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError)


@dataclass(slots=True, eq=False)
class _Call:
    """One caller's plan, and what became of it; ``gate`` opens when it is settled, or when it is its turn to lead."""

    plan: journal.Plan
    app_id: UUID
    gate: threading.Lock = field(default_factory=threading.Lock)
    settled: bool = False
    held: bool = False
    error: BaseException | None = None

    def settle(self, *, held: bool = False, error: BaseException | None = None) -> None:
        self.held, self.error, self.settled = held, error, True

    def answer(self) -> bool:
        if self.error is not None:
            raise self.error
        return self.held


_mutex = threading.Lock()
_waiting: list[_Call] = []
_led = False


def write(plan: journal.Plan, *, app_id: UUID) -> bool:
    """Write a plan, perhaps together with others; False when a route no longer holds (then nothing of it was written).

    Raises  DatabaseError
    """
    mine = _Call(plan, app_id)
    if not _may_lead(mine):
        mine.gate.acquire()
        if mine.settled:
            return mine.answer()
    batch = [mine, *_take_along(mine)]
    try:
        _write(batch)
    finally:
        _hand_over()
        for call in batch[1:]:
            if not call.settled:  # only when this thread is being ended
                call.settle(error=psycopg.OperationalError("the writer ended"))
            call.gate.release()
    return mine.answer()


def _may_lead(mine: _Call) -> bool:
    global _led
    with _mutex:
        if not _led:
            _led = True
            return True
        mine.gate.acquire()
        _waiting.append(mine)
        return False


def _take_along(mine: _Call) -> list[_Call]:
    """Those who wait and may be in the same statement: routes are checked against one app."""
    with _mutex:
        found = [call for call in _waiting if call.app_id == mine.app_id][: MOST - 1]
        for call in found:
            _waiting.remove(call)
    return found


def _hand_over() -> None:
    """The one who waits longest leads next."""
    global _led
    with _mutex:
        if _waiting:
            _waiting.pop(0).gate.release()
        else:
            _led = False


def _write(batch: list[_Call]) -> None:
    """Write all at once; when that does not work out, each alone, so that nobody suffers for another's call."""
    if len(batch) > 1:
        try:
            plan = journal.together([call.plan for call in batch])
            if journal.write(plan, app_id=batch[0].app_id, received_at=timezone.now()):
                for call in batch:
                    call.settle(held=True)
                return
        except AWAY as error:  # it would not be there for one alone either
            for call in batch:
                call.settle(error=error)
            return
        except (DatabaseError, psycopg.Error) as error:
            logger.warning("%d calls are written one by one: %s", len(batch), type(error).__name__)
    for call in batch:
        _write_alone(call)


def _write_alone(call: _Call) -> None:
    try:
        call.settle(held=journal.write(call.plan, app_id=call.app_id, received_at=timezone.now()))
    except (DatabaseError, psycopg.Error) as error:
        call.settle(error=error)
