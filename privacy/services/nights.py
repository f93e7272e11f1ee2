"""When retention runs: every company is marked once a night, and each run holds its mark while it lives.

A mark that is taken is replaced by one for later in the same transaction. A run that dies leaves that later mark, and
the sweep brings another worker to go on; a run that ends takes its mark away.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from privacy import retention
from privacy.data_classes import default_of
from privacy.data_fields.kinds import DataKind
from privacy.services import agreements, entered, keepers, retaining
from privacy.services.retaining import Turn
from tenants import wake, work
from tenants.accounts import audit_chain
from tenants.context import current_schema
from tenants.expiry import Keeper
from tenants.models import WorkMark

logger = logging.getLogger(__name__)

DIES_AFTER = timedelta(minutes=30)  # longer than any batch takes
TURN_SECONDS = 600.0
PLAN = """
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT company.schema_name, 'retention', '', now()
FROM public.tenants_clientcompany AS company
WHERE NOT EXISTS (
    SELECT 1 FROM public.tenants_workmark AS mark
    WHERE mark.schema_name = company.schema_name AND mark.kind = 'retention' AND mark.key = ''
)
"""


def plan() -> None:
    """Mark every company that is not at it already, in one statement, however many there are. On the agency's side."""
    with connection.cursor() as cursor:
        cursor.execute(PLAN)


def retain(*, seconds: float = TURN_SECONDS, batch: int = retaining.BATCH) -> None:
    """Do the entered company's night, or go on with it; one worker at a time."""
    wake.started(current_schema(), work.Kind.RETENTION)
    held = _take_mark()
    if held is None:
        return
    company = entered.company()
    agreements.follow_calendar(company)
    turn = Turn(seconds, time.monotonic(), renew=lambda: _renew(held), batch=batch)
    if retaining.carry_out(company, turn=turn):
        work.done([held])
    else:
        WorkMark.objects.filter(pk=held).update(due_at=Now())


def retain_now(*, batch: int = retaining.BATCH) -> None:
    """Carry out every policy of the entered company at once, without a mark and to the end."""
    company = entered.company()
    agreements.follow_calendar(company)
    retaining.carry_out(company, turn=Turn(float("inf"), time.monotonic(), renew=lambda: None, batch=batch))


def retain_agency_side(*, batch: int = retaining.BATCH) -> dict[str, int]:
    """Let go what is out of time in the public schema, by the product's defaults; tells how many rows of which kind."""
    gone: dict[str, int] = {}
    for kind, kept_by in keepers.of_agency_side().items():
        period = default_of(kind)
        if period is None or (kind == DataKind.AUDIT and not _trail_is_whole()):
            continue
        cut_off = retention.cut_off(period.days, at=timezone.now())
        for keeper in kept_by:
            gone[keeper.name] = _empty(keeper, cut_off, batch=batch)
    logger.info("agency side: %s", gone)
    return gone


def _empty(keeper: Keeper, cut_off: datetime, *, batch: int) -> int:
    total = 0
    while keys := keeper.find(cut_off, limit=batch):
        with transaction.atomic():
            gone = keeper.let_go(keys, cut_off=cut_off)
        if not gone:
            break
        total += gone
    return total


def _trail_is_whole() -> bool:
    verdict = audit_chain.verify()
    if not verdict.whole:
        logger.error("the audit trail of the agency side is broken at entry %s", verdict.broken_at)
    return verdict.whole


@transaction.atomic
def _take_mark() -> int | None:
    """The id of the mark that this run holds; None when nothing is due or another worker was first."""
    due = WorkMark.objects.filter(schema_name=current_schema(), kind=work.Kind.RETENTION, key="", due_at__lte=Now())
    taken, _by_model = WorkMark.objects.filter(pk__in=list(due.values_list("pk", flat=True))).delete()
    if not taken:
        return None
    later = WorkMark.objects.create(schema_name=current_schema(), kind=work.Kind.RETENTION, due_at=Now() + DIES_AFTER)
    return int(later.pk)


def _renew(mark: int) -> None:
    WorkMark.objects.filter(pk=mark).update(due_at=Now() + DIES_AFTER)
