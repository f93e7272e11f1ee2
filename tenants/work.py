"""The work index as services: mark work, see what is due, take and finish it.

A mark is a row, so it commits with the work. Waking a worker over Valkey is a hint on top (``tenants.wake``);
what the hint misses, the sweep finds within seconds. Whether a mark is due says the database's clock alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from tenants import wake
from tenants.context import current_schema
from tenants.models import WorkMark


class Kind(StrEnum):
    INBOUND = "inbound"  # the journal has changes to apply
    OUTBOUND = "outbound"  # the outbox of one number has messages; key = PhoneNumber.id
    MEDIA = "media"  # files to fetch or to transcode
    RECEIPTS = "receipts"  # read receipts and typing to the platform
    METERING = "metering"  # status facts to bill
    HOUSEKEEPING = "housekeeping"  # idle conversations to close, windows to note
    RETENTION = "retention"  # data whose time is up
    SEARCH = "search"  # words that are not in the search index yet
    AGREEMENT = "agreement"  # a real number waits to hear whether processing is agreed


@dataclass(frozen=True, slots=True)
class Due:
    schema_name: str
    kind: str
    key: str


SOON = timedelta(seconds=30)
AFTER_FAILURE = timedelta(minutes=1)


def mark(kind: Kind, *, key: str = "", due_at: datetime | None = None) -> None:
    """Note in this transaction that the entered company has work; wake a worker after commit when it is due soon."""
    schema_name = current_schema()
    WorkMark.objects.create(schema_name=schema_name, kind=kind, key=key, due_at=due_at or Now())
    wait = due_at - timezone.now() if due_at else timedelta()
    if wait < SOON:
        transaction.on_commit(lambda: wake.later(schema_name, kind, key, seconds=wait.total_seconds()))


def waits(kind: Kind, *, key: str = "") -> bool:
    """Whether the entered company has work of this kind that is due now."""
    marks = WorkMark.objects.filter(schema_name=current_schema(), kind=kind, key=key)
    return marks.filter(due_at__lte=Now() + SOON).exists()


def take(kind: Kind, *, key: str = "") -> list[int]:
    """Ids of the marks that are due for the entered company; pass them to ``done`` when their work is finished."""
    marks = WorkMark.objects.filter(schema_name=current_schema(), kind=kind, key=key, due_at__lte=Now())
    return list(marks.values_list("id", flat=True))


def done(ids: list[int]) -> None:
    WorkMark.objects.filter(id__in=ids).delete()


@contextmanager
def put_off_when_failing(ids: list[int]) -> Iterator[None]:
    """Around the work of these marks: when it fails they stay, and come again after a minute.

    At once would be every two seconds for ever, and before everybody else's, since the oldest come first.
    """
    try:
        yield
    except Exception:
        with suppress(DatabaseError):  # the database itself may be what failed
            WorkMark.objects.filter(id__in=ids).update(due_at=Now() + AFTER_FAILURE)
        raise


def due(*, limit: int = 5000) -> list[Due]:
    """Everything that is due, one row per company, kind and key, however many marks it has; oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schema_name, kind, key FROM public.tenants_workmark WHERE due_at <= clock_timestamp()"
            " GROUP BY schema_name, kind, key ORDER BY min(due_at) LIMIT %s",
            [limit],
        )
        return [Due(*row) for row in cursor.fetchall()]
