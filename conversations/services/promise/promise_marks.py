"""Marks the work of looking after promises: when one is about to break, and anew when the hours changed."""

from datetime import datetime
from typing import Any

from django.db import connection

from tenants import work
from tenants.context import current_schema

WATCH, RECKON = "promise", "hours"

# A mark that comes before this moment and is not being worked on looks at this one too. Within a minute of being due
# it may be worked on already, and would miss what is not committed yet.
MARK = """
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT %(schema)s, %(kind)s, %(key)s, %(at)s WHERE NOT EXISTS (
    SELECT 1 FROM public.tenants_workmark
    WHERE schema_name = %(schema)s AND kind = %(kind)s AND key = %(key)s
      AND due_at > now() + interval '1 minute' AND due_at <= %(at)s
)
"""


def look_at(moment: datetime | None) -> None:
    """Look after the promises then at the latest, in this transaction. One statement."""
    if moment is None:
        return
    named: dict[str, Any] = {"schema": current_schema(), "kind": work.Kind.HOUSEKEEPING, "key": WATCH, "at": moment}
    with connection.cursor() as cursor:
        cursor.execute(MARK, named)


def reckon_anew() -> None:
    """Hours, holidays or minutes changed: everybody who waits gets the time they say now."""
    work.mark(work.Kind.HOUSEKEEPING, key=RECKON)
