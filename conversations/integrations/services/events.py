"""Writes and reads the facts that integrators and billing follow."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from conversations.integrations.models import Event
from tenants import bulk

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
    """Facts after a cursor (the id of the last one seen), oldest first; none that a running transaction may precede."""
    rows = Event.objects.filter(id__gt=cursor).extra(
        where=["transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"]
    )
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return list(rows.order_by("id")[: min(limit, MAX_PAGE)])


def newest() -> int:
    """A cursor that starts at now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM integrations_event")
        row = cursor.fetchone()
    return int(row[0])
