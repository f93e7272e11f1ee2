"""Writes the changes of one POST in one statement: journals, work marks, quarantine, and the check of the routes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from tenants import work
from tenants.context import company_id_of
from tenants.secrets import encrypt


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal row to be; ``body`` is ASCII JSON text."""

    phone_number_id: str
    waba_id: str
    field: str
    entry_id: str
    entry_time: int | None
    body: str


@dataclass(slots=True)
class Plan:
    """Where the changes of a POST go, and the routes that were believed when it was made.

    numbers, accounts   (phone_number_id or WABA id, company) pairs; ``accounts`` holds every company of its accounts
    """

    by_schema: dict[str, list[Entry]] = field(default_factory=dict)
    unrouted: list[Entry] = field(default_factory=list)
    numbers: set[tuple[str, UUID]] = field(default_factory=set)
    accounts: set[tuple[str, UUID]] = field(default_factory=set)


COLUMNS = "phone_number_id, waba_id, field, entry_id, entry_time, body"
ARRAYS = "%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[]"
NUMBERS_HOLD = (
    "(SELECT count(*) FROM public.tenants_numberroute AS route JOIN unnest(%s::text[], %s::uuid[])"
    " AS believed (number, company) ON route.phone_number_id = believed.number"
    " AND route.company_id = believed.company AND route.app_id = %s) = %s"
)
ACCOUNTS_HOLD = (
    "(SELECT array_agg((route.waba_id, route.company_id::text)::text ORDER BY route.waba_id, route.company_id::text)"
    " FROM public.tenants_accountroute AS route WHERE route.waba_id = ANY(%s::text[]) AND route.app_id = %s)"
    " = (SELECT array_agg((believed.account, believed.company)::text ORDER BY believed.account, believed.company)"
    " FROM unnest(%s::text[], %s::text[]) AS believed (account, company))"
)
ROUTES_CHANGED = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.ForeignKeyViolation,
)


def write(plan: Plan, *, app_id: UUID, received_at: datetime) -> bool:
    """Write the plan and return after commit; False when a route no longer holds (then nothing was written)."""
    sql, parameters = _statement(plan, app_id, received_at)
    try:
        return _execute(sql, parameters)
    except ROUTES_CHANGED:  # a company or an app is gone since its route was read
        return False


def _statement(plan: Plan, app_id: UUID, received_at: datetime) -> tuple[str, list[Any]]:
    held, parameters = _held(plan, app_id)
    parts = [f"held AS (SELECT {held} AS ok)"]
    for number, (schema_name, entries) in enumerate(plan.by_schema.items()):
        company_id_of(schema_name)  # refuses whatever is no company's schema, since a name cannot be a parameter
        parts.append(
            f"journal_{number} AS (INSERT INTO {schema_name}.conversations_webhookcall"  # noqa: S608  checked above
            f" ({COLUMNS}, received_at, error) SELECT {COLUMNS}, %s, '' FROM unnest({ARRAYS}) AS entry ({COLUMNS})"
            " WHERE (SELECT ok FROM held))"
        )
        parameters += [received_at, *_arrays(entries)]
    if plan.by_schema:
        parts.append(
            "marks AS (INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)"
            " SELECT name, %s, '', %s FROM unnest(%s::text[]) AS name WHERE (SELECT ok FROM held))"
        )
        parameters += [work.Kind.INBOUND, received_at, list(plan.by_schema)]
    if plan.unrouted:
        parts.append(
            f"quarantine AS (INSERT INTO public.tenants_quarantinedcall ({COLUMNS}, app_id, received_at)"  # noqa: S608
            f" SELECT {COLUMNS}, %s, %s FROM unnest({ARRAYS}) AS entry ({COLUMNS}) WHERE (SELECT ok FROM held))"
        )
        parameters += [app_id, received_at, *_arrays(plan.unrouted, secret=True)]
    return f"WITH {', '.join(parts)} SELECT ok FROM held", parameters  # noqa: S608


def _held(plan: Plan, app_id: UUID) -> tuple[str, list[Any]]:
    conditions, parameters = ["true"], []
    if plan.numbers:
        numbers, companies = zip(*plan.numbers, strict=True)
        conditions.append(NUMBERS_HOLD)
        parameters += [list(numbers), list(companies), app_id, len(plan.numbers)]
    if plan.accounts:
        accounts, companies = zip(*plan.accounts, strict=True)
        conditions.append(ACCOUNTS_HOLD)
        parameters += [list(set(accounts)), app_id, list(accounts), [str(company) for company in companies]]
    return f"coalesce({' AND '.join(conditions)}, false)", parameters


def _arrays(entries: list[Entry], *, secret: bool = False) -> list[list[Any]]:
    return [
        [entry.phone_number_id for entry in entries],
        [entry.waba_id for entry in entries],
        [entry.field for entry in entries],
        [entry.entry_id for entry in entries],
        [entry.entry_time for entry in entries],
        [encrypt(entry.body) if secret else entry.body for entry in entries],
    ]


def _execute(sql: str, parameters: list[Any]) -> bool:
    """Run the statement on this thread's connection, past Django's cursor, whose health check costs a round trip.

    A connection that turns out to be dead is opened again once: should the lost statement have committed, the rows
    stand twice, and applying a change twice is harmless.
    """
    for again in (True, False):
        connection.ensure_connection()
        raw: psycopg.Connection[Any] = connection.connection
        try:
            row = psycopg.Cursor(raw).execute(sql, parameters).fetchone()
            return bool(row and row[0])
        except (psycopg.OperationalError, psycopg.InterfaceError):
            if not raw.closed or connection.in_atomic_block:
                raise
            connection.close()
            if not again:
                raise
    raise AssertionError("not reached")
