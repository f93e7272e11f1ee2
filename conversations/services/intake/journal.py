"""Writes the changes of one POST in one statement: journals, work marks, quarantine, and the check of the routes."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from tenants import work
from tenants.context import company_id_of
from tenants.secrets import encrypt


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal row to be; ``body`` is JSON text."""

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


def together(plans: list[Plan]) -> Plan:
    """Several plans as one."""
    whole = Plan()
    for plan in plans:
        for schema_name, entries in plan.by_schema.items():
            whole.by_schema.setdefault(schema_name, []).extend(entries)
        whole.unrouted += plan.unrouted
        whole.numbers |= plan.numbers
        whole.accounts |= plan.accounts
    return whole


COLUMNS = "phone_number_id, waba_id, field, entry_id, entry_time, body"
ONE = "(%s::text, %s::text, %s::text, %s::text, %s::bigint, %s::text)"
ARRAYS = "unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[])"
PREPARED_FROM = 5  # uses of a statement on a connection; spares planning for the companies that write most
FEW = 20  # the usual posts; plain values cost PostgreSQL and us half of what arrays cost
NUMBER_HOLDS = (
    "EXISTS (SELECT FROM public.tenants_numberroute"
    " WHERE phone_number_id = %s AND company_id = %s::uuid AND app_id = %s::uuid)"
)
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
    """``held`` has a row only if the routes hold; everything else is written from it, and nothing without it."""
    held, parameters = _held(plan, app_id)
    parts = [f"held AS MATERIALIZED (SELECT {held})"]
    for number, (schema_name, entries) in enumerate(plan.by_schema.items()):
        source, values = _source(entries)
        parts.append(_of_company(number, schema_name, source))
        parameters += [received_at, *values, schema_name, work.Kind.INBOUND.value, received_at]
    if plan.unrouted:
        source, values = _source([replace(entry, body=encrypt(entry.body)) for entry in plan.unrouted])
        parts.append(
            f"quarantine AS (INSERT INTO public.tenants_quarantinedcall ({COLUMNS}, app_id, received_at)"  # noqa: S608
            f" SELECT {COLUMNS}, %s, %s FROM held, {source} AS entry ({COLUMNS}))"
        )
        parameters += [app_id, received_at, *values]
    return f"WITH {', '.join(parts)} SELECT true FROM held", parameters  # noqa: S608


@lru_cache(maxsize=10_000)
def _of_company(number: int, schema_name: str, source: str) -> str:
    """The journal rows and the work mark of one company of the POST."""
    company_id_of(schema_name)  # refuses whatever is no company's schema, since a name cannot be a parameter
    return (
        f"journal_{number} AS (INSERT INTO {schema_name}.conversations_webhookcall"  # noqa: S608  checked above
        f" ({COLUMNS}, received_at, error) SELECT {COLUMNS}, %s, '' FROM held, {source} AS entry ({COLUMNS})),"
        f" mark_{number} AS (INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)"
        " SELECT %s, %s, '', %s FROM held)"
    )


def _held(plan: Plan, app_id: UUID) -> tuple[str, list[Any]]:
    conditions: list[str] = []
    parameters: list[Any] = []
    if len(plan.numbers) > FEW:
        numbers, companies = zip(*plan.numbers, strict=True)
        conditions.append(NUMBERS_HOLD)
        parameters += [list(numbers), list(companies), app_id, len(plan.numbers)]
    else:
        for number, company_id in plan.numbers:
            conditions.append(NUMBER_HOLDS)
            parameters += [number, company_id, app_id]
    if plan.accounts:
        accounts, companies = zip(*plan.accounts, strict=True)
        conditions.append(ACCOUNTS_HOLD)
        parameters += [list(set(accounts)), app_id, list(accounts), [str(company) for company in companies]]
    return f"WHERE {' AND '.join(conditions)}" if conditions else "", parameters


def _source(entries: list[Entry]) -> tuple[str, list[Any]]:
    """The entries as a table in SQL, with its parameters."""
    columns = [(e.phone_number_id, e.waba_id, e.field, e.entry_id, e.entry_time, e.body) for e in entries]
    if len(entries) > FEW:
        return ARRAYS, [list(column) for column in zip(*columns, strict=True)]
    return f"(VALUES {', '.join([ONE] * len(entries))})", [value for row in columns for value in row]


def _execute(sql: str, parameters: list[Any]) -> bool:
    """Run the statement on this thread's connection, past Django's cursor, whose health check costs a round trip.

    A connection that turns out to be dead is opened again once: should the lost statement have committed, the rows
    stand twice, and applying a change twice is harmless.
    """
    for again in (True, False):
        connection.ensure_connection()
        raw: psycopg.Connection[Any] = connection.connection
        raw.prepare_threshold = PREPARED_FROM
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
