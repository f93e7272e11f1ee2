"""From a verified document to rows on disk: split, route, one statement, wake."""

import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from conversations.services.intake import apps, grouping, journal, routes, waking
from conversations.whatsapp import json_text, payloads

logger = logging.getLogger(__name__)

ATTEMPTS = 4
MAX_FIELD_CHARS = 60
MAX_ID_CHARS = 40


class RoutesKeepChanging(RuntimeError):
    """The routes of a document changed each time it was written. The platform calls again."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One change with its text for the journal."""

    entry: journal.Entry
    phone_number_id: str
    waba_id: str


def prepare(document: dict[str, Any]) -> list[Prepared]:
    """The changes of a document, ready to be routed and written.

    Raises  ValueError, RecursionError for numbers and nesting that JSON can carry and we cannot
    """
    return [_prepared(change) for change in payloads.split(document)]


def accept(changes: list[Prepared], *, app_id: UUID) -> None:
    """Keep every change for good: in the journals of its companies, or in the quarantine. Returns after commit.

    Only routes of the app whose secret verified count, so that one client's own app cannot speak for another.
    Raises  DatabaseError, RoutesKeepChanging
    """
    if not changes:
        return
    for _ in range(ATTEMPTS):
        plan = routes.plan(changes, app_id=app_id)
        if grouping.write(plan, app_id=app_id):
            break
        forget()
    else:
        raise RoutesKeepChanging
    if plan.unrouted:
        routes.drive_again_if_known(plan.unrouted, app_id=app_id)
    waking.soon(plan.by_schema)


def forget() -> None:
    """Forget what this process remembers of apps and routes; the next call reads it again."""
    apps.forget()
    routes.forget()


def _prepared(change: payloads.Change) -> Prepared:
    phone_number_id, waba_id = change.phone_number_id or "", change.waba_id or ""
    entry_id = change.entry_id or ""
    entry = journal.Entry(
        phone_number_id=phone_number_id if len(phone_number_id) <= MAX_ID_CHARS else "",
        waba_id=waba_id if len(waba_id) <= MAX_ID_CHARS else "",
        field=change.field[:MAX_FIELD_CHARS],
        entry_id=entry_id if len(entry_id) <= MAX_ID_CHARS else "",
        entry_time=int(change.entry_time.timestamp()) if change.entry_time else None,
        body=json_text.write(change.value),
    )
    return Prepared(entry, phone_number_id, waba_id)
