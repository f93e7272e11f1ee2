"""Goes along the path: asks the platform step by step, keeps what came of each, stops where somebody has to act.

Safe to run again at any time and from any process: every step first looks whether it is done at the platform.
"""

import logging
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from conversations.models import Connecting
from conversations.services.connecting import path, problems
from conversations.services.connecting.attempt import DONE, Attempt, Result, stuck
from conversations.services.connecting.path import Step
from conversations.services.numbers import numbers
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.management import GraphRefused, GraphUnreachable
from tenants import work
from tenants.accounts import audit

logger = logging.getLogger(__name__)

KEY = "connecting:"
UNREACHABLE = "unreachable"
LEASE = timedelta(minutes=5)  # longer than the slowest run
SOON = timedelta(seconds=5)


def ask_for(connecting: Connecting) -> None:
    """Have a worker go along the path; in the caller's transaction."""
    work.mark(work.Kind.HOUSEKEEPING, key=f"{KEY}{connecting.pk}")


class Ran(StrEnum):
    """What came of a run."""

    REACHED = "reached"
    UNREACHABLE = "unreachable"
    BUSY = "busy"  # another run is under way


def run(connecting_id: UUID, *, again: tuple[str, ...] = ()) -> Ran:
    """Do what is not done yet. Outside any transaction: it waits for answers.

    again  steps to look at although they were done before
    """
    if not _begin(connecting_id):
        return Ran.BUSY
    with Attempt(connecting_id) as attempt:
        try:
            reached = _along(attempt, (*again, *attempt.data.get("again", ())))
            _finish(attempt)
        finally:
            attempt.keep(data={"again": [], "runs_until": ""})
    return Ran.REACHED if reached else Ran.UNREACHABLE


def keep_running(connecting_id: UUID) -> bool:
    """For the worker: run, and tell whether the work is done; False has it tried again later."""
    if not Connecting.objects.filter(pk=connecting_id).exclude(state=Connecting.State.ABANDONED).exists():
        return True
    ran = run(connecting_id)
    if ran is Ran.BUSY:
        work.mark(work.Kind.HOUSEKEEPING, key=f"{KEY}{connecting_id}", due_at=timezone.now() + SOON)
    return ran is not Ran.UNREACHABLE


def is_running(connecting: Connecting) -> bool:
    """Whether a run is under way or about to begin."""
    until = parse_datetime(str(connecting.data.get("runs_until") or ""))
    return (until is not None and until > timezone.now()) or work.waits(
        work.Kind.HOUSEKEEPING, key=f"{KEY}{connecting.pk}"
    )


@transaction.atomic
def _begin(connecting_id: UUID) -> bool:
    """Take the lease of this connecting; it ends by itself when a worker dies."""
    row = Connecting.objects.select_for_update(of=("self",)).get(pk=connecting_id)
    until = parse_datetime(str(row.data.get("runs_until") or ""))
    if until is not None and until > timezone.now():
        return False
    row.data = {**row.data, "runs_until": (timezone.now() + LEASE).isoformat()}
    row.save(update_fields=["data"])
    return True


def _along(attempt: Attempt, again: tuple[str, ...]) -> bool:
    for name in [step.name for step in path.of(attempt.connecting)]:
        step = path.step_of(attempt.connecting, name)  # the platform may have told that it stays on the phone
        if step is None:
            continue
        before = attempt.connecting.steps.get(name, {})
        if before.get("state") == DONE and name not in again:
            continue
        result = _checked(step, attempt)
        attempt.keep(step=name, result=result)
        if result.problem == UNREACHABLE:
            return False
        if step.needed and result.state != DONE:
            return True
    return True


def _checked(step: Step, attempt: Attempt) -> Result:
    """One step; what the platform refuses becomes a problem with words."""
    try:
        return step.check(attempt)
    except GraphUnreachable:
        return stuck(UNREACHABLE)
    except BadCredentials:
        return stuck("token_malformed")
    except GraphRefused as refused:
        logger.info("connecting: step %s was refused with code %s", step.name, refused.code)
        problem = problems.code_of(refused.code, http_status=refused.http_status)
        return stuck(problem, said=refused.details[:300], **({"code": refused.code} if refused.code else {}))


@transaction.atomic
def _finish(attempt: Attempt) -> None:
    """Every needed step is done: the number may work, and the token is the number's alone."""
    connecting = attempt.connecting
    number = attempt.number
    if number is None or not path.is_connected(connecting):
        return
    numbers.settle(number)
    if connecting.state != Connecting.State.DONE:
        attempt.keep(state=Connecting.State.DONE, token="")
        audit.record("number.connected", subject=number, method=connecting.method)
