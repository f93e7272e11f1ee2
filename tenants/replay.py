"""The pending migrations of one state of a company's schema as one text of SQL, run in any number of schemas.

Django works out the statements once, from one schema. In every other schema that has exactly the same migrations they
are the same, because names of constraints and indexes come from tables and columns. Replaying takes a millisecond
where a migration run takes half a second.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.db.migrations import Migration, RunPython, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from psycopg import sql

from tenants import plans
from tenants.context import inside

State = frozenset[plans.Target]

APPLIED = "SELECT app, name FROM {}.django_migrations WHERE app = ANY(%s)"
RECORD = sql.SQL("INSERT INTO django_migrations (app, name, applied) VALUES ({}, {}, now());")
FINISHED = "UPDATE public.tenants_clientcompany SET schema_fingerprint = %s WHERE schema_name = %s"


@dataclass(frozen=True, slots=True)
class Script:
    """What brings a schema from the state ``before`` to that of the code.

    ``statements`` is None when Django's executor has to do it: Python in a third-party migration, or a migration that
    must not run in a transaction (``atomic`` is False: it waits for as long as it takes, blocking nobody meanwhile).
    """

    before: State
    migrations: tuple[str, ...]
    statements: str | None
    atomic: bool = True


class OtherState(Exception):
    """The schema has other migrations than the script begins with; nothing was done."""


def applied_in(server: "psycopg.Connection[Any]", schema_name: str) -> State:
    """The company migrations that a schema has; raises psycopg.Error when there is no such schema."""
    query = sql.SQL(APPLIED).format(sql.Identifier(schema_name))
    return frozenset(server.execute(query, [plans.company_labels()]).fetchall())


def script_from(schema_name: str, *, before: State) -> Script:
    """Work out the script for all schemas in the state that this one is in."""
    with inside(schema_name):
        executor = MigrationExecutor(connection)
        plan = [migration for migration, _ in executor.migration_plan(plans.company_targets(executor.loader))]
        names = tuple(f"{migration.app_label}.{migration.name}" for migration in plan)
        if not all(map(_is_sql, plan)):
            return Script(before, names, None, atomic=all(migration.atomic for migration in plan))
        return Script(before, names, "\n".join(_statements(executor, plan, before)))


def run(server: "psycopg.Connection[Any]", script: Script, *, schema_name: str, fingerprint: str, lock_ms: int) -> None:
    """Bring one schema up to date in one transaction. Raises OtherState, psycopg.Error"""
    with server.transaction():
        server.execute(_preamble(schema_name, lock_ms=lock_ms))
        if applied_in(server, schema_name) != script.before:
            raise OtherState
        if script.statements:
            server.execute(script.statements.encode())
        server.execute(FINISHED, [fingerprint, schema_name])


def _preamble(schema_name: str, *, lock_ms: int) -> sql.Composed:
    """One at a time in a schema, no waiting behind a long query, and no schema but this one first in the path."""
    return sql.SQL(
        "SET LOCAL lock_timeout = {lock}; SET LOCAL search_path = {schema}, public;"
        " SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))"
    ).format(lock=lock_ms, schema=sql.Identifier(schema_name), name=schema_name)


def _is_sql(migration: Migration) -> bool:
    return migration.atomic and all(map(_has_no_python, migration.operations))


def _has_no_python(operation: Operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return all(map(_has_no_python, operation.database_operations))
    if isinstance(operation, RunPython):
        return operation.code is RunPython.noop
    return bool(operation.reduces_to_sql)


def _statements(executor: MigrationExecutor, plan: Iterable[Migration], before: State) -> list[str]:
    known = [node for node in before if node in executor.loader.graph.nodes]
    state = executor.loader.project_state(known)
    lines: list[str] = []
    for migration in plan:
        with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
            state = migration.apply(state, editor, collect_sql=True)
        lines += [line for line in editor.collected_sql if not line.startswith("--")]
        lines += [_record(*target) for target in [*migration.replaces, (migration.app_label, migration.name)]]
    return lines


def _record(app: str, name: str) -> str:
    return (
        sql.SQL("INSERT INTO django_migrations (app, name, applied) VALUES ({}, {}, now());")
        .format(app, name)
        .as_string()
    )
