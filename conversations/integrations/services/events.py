"""Writes and reads the facts that integrators and billing follow."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from conversations.integrations.models import Event
from tenants import bulk
from tenants.context import current_schema

MAX_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Fact:
    """``kind``: message.received, message.status, conversation.opened, conversation.closed, contact.changed …"""

    kind: str
    object_id: UUID
    at: datetime
    conversation_id: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)


def record(facts: Iterable[Fact]) -> None:
    """Append facts in the caller's transaction."""
    bulk.insert(
        Event,
        [
            {
                "kind": fact.kind,
                "object_id": fact.object_id,
                "conversation_id": fact.conversation_id,
                "data": fact.data,
                "at": fact.at,
            }
            for fact in facts
        ],
    )


def after(cursor: int, *, limit: int = 200, kinds: list[str] | None = None) -> list[Event]:
    """Facts after a cursor (the id of the last one seen), oldest first; none that a running transaction may precede.

    While nobody writes facts in this company, everything there is. Else only what is older than every running
    transaction of the whole server: a fact that commits late may carry an earlier id than one that was quick.
    """
    rows = Event.objects.filter(id__gt=cursor)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    with transaction.atomic():
        if not _nobody_writes():
            rows = rows.extra(where=["transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"])
        found = list(rows.order_by("id")[: min(limit, MAX_PAGE)])
        transaction.set_rollback(True)  # gives the lock back at once, also inside a longer transaction
    return found


def _nobody_writes() -> bool:
    """Whether no transaction with facts of this company is open; none can begin before ours lets go. Never waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"{current_schema()}.integrations_event"]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def newest() -> int:
    """A cursor that starts at now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM integrations_event")
        row = cursor.fetchone()
    return int(row[0])
