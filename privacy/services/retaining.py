"""The nightly run: what is out of time leaves, in batches, with proof; a run that was killed goes on where it was.

Each batch deletes its files first and then, in one transaction, its rows and the count in the run's record. So whatever
moment a run dies at, the record says what left, and the next one finds the rest.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from privacy import retention
from privacy.data_fields.kinds import DataKind
from privacy.models import RetentionRun
from privacy.services import keepers, policies
from privacy.services.policies import Policy
from tenants.accounts import audit_chain
from tenants.context import current_schema
from tenants.expiry import Amount, Keeper
from tenants.models import ClientCompany

logger = logging.getLogger(__name__)

State = RetentionRun.State
BATCH = 500
MAX_STUCK = 100  # files that would not go; storage that is down fails for every one alike
UNKNOWN_POLICY = "unknown_policy"
AUDIT_BROKEN = "audit_broken"
FILE_STUCK = "file_stuck"


@dataclass(frozen=True, slots=True)
class Turn:
    """How long a run may go on before it makes room for other companies, and how it says that it is alive."""

    seconds: float
    started: float
    renew: Callable[[], None]
    batch: int = BATCH

    @property
    def over(self) -> bool:
        return time.monotonic() - self.started >= self.seconds


def carry_out(company: ClientCompany, *, turn: Turn) -> bool:
    """Run every policy of the entered company once; False when the turn was over before the end."""
    rules = {policy.data_class.kind: policy for policy in policies.of_company(company)}
    every = keepers.of_company(company)
    interrupted = {run.data_class: run for run in RetentionRun.objects.filter(state=State.RUNNING)}
    first = next((kind for kind in every if kind in interrupted), None)
    if first is None:
        for name in policies.unknown():
            _refuse(name)
    kinds = list(every)
    for kind in kinds[kinds.index(first) if first else 0 :]:
        run = interrupted.get(kind) or _begin(rules[kind], every[kind])
        if not _carry_out(run, every[kind], turn=turn):
            return False
    return True


def preview(company: ClientCompany) -> dict[DataKind, dict[str, Amount]]:
    """What the next run would let go, per class and kind of row. Changes nothing."""
    rules = {policy.data_class.kind: policy for policy in policies.of_company(company)}
    now = timezone.now()
    return {
        kind: {keeper.name: keeper.count(retention.cut_off(rules[kind].days, at=now)) for keeper in kept_by}
        for kind, kept_by in keepers.of_company(company).items()
    }


def due(company: ClientCompany, kind: DataKind, *, days: int) -> Amount:
    """What would leave tonight if this class were kept so many days."""
    cut_off = retention.cut_off(days, at=timezone.now())
    return _total(keeper.count(cut_off) for keeper in keepers.of_company(company)[kind])


def _total(amounts: Iterable[Amount]) -> Amount:
    listed = list(amounts)
    return Amount(sum(one.rows for one in listed), sum(one.bytes for one in listed))


def _begin(policy: Policy, kept_by: tuple[Keeper, ...]) -> RetentionRun:
    cut_off = retention.cut_off(policy.days, at=timezone.now())
    return RetentionRun.objects.create(
        data_class=policy.data_class.kind,
        policy_days=policy.days,
        cut_off=cut_off,
        candidates=_total(keeper.count(cut_off) for keeper in kept_by).rows,
    )


def _refuse(name: str) -> None:
    """A policy for a class that nobody knows deletes nothing, and says so every night until somebody looks."""
    now = timezone.now()
    errors = [{"code": UNKNOWN_POLICY}]
    RetentionRun.objects.create(
        data_class=name, policy_days=0, cut_off=now, state=State.FAILED, errors=errors, finished_at=now
    )
    logger.error("%s has a retention policy for an unknown class of data", current_schema())


def _carry_out(run: RetentionRun, kept_by: tuple[Keeper, ...], *, turn: Turn) -> bool:
    """False when the turn was over; the run then stays open and is taken up again."""
    try:
        if _may_not_start(run):
            return True
        for keeper in kept_by:
            if not _empty(run, keeper, turn=turn):
                return False
    except Exception as error:
        # One class that fails does not keep the others; the text of the error may hold data, its type does not.
        logger.exception("retention of %s failed in %s", run.data_class, current_schema())
        _note(run, code="failed", type=type(error).__name__)
    _finish(run)
    return True


def _may_not_start(run: RetentionRun) -> bool:
    """The trail is checked every night, and nothing is cut off one that is not whole."""
    if run.data_class != DataKind.AUDIT:
        return False
    verdict = audit_chain.verify()
    if verdict.whole:
        logger.info("trail of %s is whole up to %d %s", current_schema(), verdict.last_sequence, verdict.last_hash)
        return False
    logger.error("the audit trail of %s is broken at entry %s", current_schema(), verdict.broken_at)
    _note(run, code=AUDIT_BROKEN, sequence=verdict.broken_at)
    _finish(run)
    return True


def _empty(run: RetentionRun, keeper: Keeper, *, turn: Turn) -> bool:
    """Let everything of one keeper go, batch by batch. False when the turn was over before."""
    stuck: set[object] = set()
    while len(stuck) < MAX_STUCK:
        turn.renew()
        keys = keeper.find(run.cut_off, limit=turn.batch, without=stuck)
        if not keys:
            break
        cleared = keeper.clear_files(keys)
        stuck |= cleared.stuck
        with transaction.atomic():
            gone = keeper.let_go([key for key in keys if key not in stuck], cut_off=run.cut_off)
            RetentionRun.objects.filter(pk=run.pk).update(
                deleted=F("deleted") + gone, bytes_freed=F("bytes_freed") + cleared.bytes
            )
        if turn.over:
            return False
        if not gone and not cleared.stuck:  # somebody else holds them; the next night finds them again
            break
    if stuck:
        _note(run, code=FILE_STUCK, rows=len(stuck))
    return True


def _note(run: RetentionRun, **error: object) -> None:
    run.refresh_from_db(fields=["errors"])
    run.errors = [*run.errors, error]
    run.save(update_fields=["errors"])


def _finish(run: RetentionRun) -> None:
    run.refresh_from_db(fields=["errors", "deleted", "bytes_freed"])
    run.state = State.FAILED if run.errors else State.FINISHED
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "finished_at"])
    if run.deleted or run.errors:
        logger.info("%s in %s: %d gone, %s", run.data_class, current_schema(), run.deleted, run.state)
