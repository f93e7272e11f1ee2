"""Marks the work of giving conversations out and taking them back, in the transaction that made it necessary.

``assign``  somebody waits and nobody holds the conversation, or a hand has become free
``duty``    somebody may have gone away or fallen silent, or the cover may have changed
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from tenants import wake, work
from tenants.context import current_schema
from tenants.models import WorkMark

ASSIGN, DUTY = "assign", "duty"
# One statement over the conversations that changed: no row where nothing has to be done, so that it costs no task.
AFTER_CHANGE = """
WITH changed AS (
    SELECT c.status, c.hold, c.assignee_id, c.waiting_since IS NOT NULL AND c.status <> 'closed' AS waits,
           CASE WHEN holder.staff_id IS NULL THEN holder.presence_since ELSE staff.since END AS since,
           CASE WHEN holder.staff_id IS NULL THEN holder.presence ELSE staff.presence END AS presence,
           CASE WHEN holder.staff_id IS NULL THEN holder.seen_at ELSE staff.seen_at END AS seen_at
    FROM conversations_conversation AS c
    LEFT JOIN accounts_user AS holder ON holder.id = c.assignee_id
    LEFT JOIN public.desk_staffpresence AS staff ON staff.staff_id = holder.staff_id
    WHERE c.id = ANY(%(ids)s::uuid[])
), wanted AS (
    SELECT 'assign' AS key
    WHERE (EXISTS (SELECT 1 FROM conversations_inboxsettings WHERE auto_assign)
           OR EXISTS (SELECT 1 FROM conversations_team WHERE auto_assign))
      AND EXISTS (SELECT 1 FROM changed
                  WHERE status = 'closed' OR hold <> '' OR (assignee_id IS NULL AND waits))
    UNION ALL
    SELECT 'duty' WHERE EXISTS (
        SELECT 1 FROM changed WHERE waits AND hold = '' AND assignee_id IS NOT NULL
        AND ((presence = 'away' AND since IS NOT NULL) OR seen_at < now() - interval '5 minutes'))
)
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT %(schema)s, 'housekeeping', key, now() FROM wanted RETURNING schema_name, key
"""
# A hand that became free here may be wanted at another client of hers.
ELSEWHERE = """
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT DISTINCT company.schema_name, 'housekeeping', wanted.key, now()
FROM public.tenants_staffgrant AS given
JOIN public.tenants_clientcompany AS company ON company.id = given.company_id
CROSS JOIN unnest(%(keys)s::text[]) AS wanted (key)
WHERE given.staff_id = ANY(%(staff)s::uuid[]) AND given.starts_at <= clock_timestamp()
  AND (given.ends_at IS NULL OR given.ends_at > clock_timestamp()) AND company.schema_name <> %(but)s
  AND (wanted.key <> 'assign' OR EXISTS (
      SELECT 1 FROM public.desk_deskentry AS entry
      WHERE entry.company_id = given.company_id AND NOT entry.taken AND entry.waiting_since IS NOT NULL))
RETURNING schema_name, key
"""


def here(*keys: str, due_at: datetime | None = None) -> None:
    """In the entered company."""
    for key in keys:
        work.mark(work.Kind.HOUSEKEEPING, key=key, due_at=due_at)


def after_change(ids: Sequence[UUID], *, freed: Iterable[UUID] = ()) -> None:
    """These conversations of the entered company changed.

    freed  staff of the agency who hold one less by it
    """
    _write(AFTER_CHANGE, {"ids": list(ids), "schema": current_schema()})
    if staff := list(freed):
        of_staff(staff, ASSIGN, but=current_schema())


def of_staff(staff_ids: Sequence[UUID], *keys: str, but: str = "") -> None:
    """At every client where these people of the agency may work now."""
    _write(ELSEWHERE, {"staff": list(staff_ids), "keys": list(keys), "but": but})


def by(moment: datetime) -> None:
    """Look at presence and cover again by then, unless that stands already."""
    ahead = WorkMark.objects.filter(
        schema_name=current_schema(),
        kind=work.Kind.HOUSEKEEPING,
        key=DUTY,
        due_at__gt=timezone.now(),
        due_at__lte=moment,
    )
    if not ahead.exists():
        here(DUTY, due_at=moment)


def _write(statement: str, parameters: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for schema_name, key in cursor.fetchall():
            transaction.on_commit(partial(wake.worker, schema_name, work.Kind.HOUSEKEEPING, key))
