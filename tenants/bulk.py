"""Writes many rows in one statement: the rows travel as one JSON text, which both ends handle in C."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection, models
from django.db.models import NOT_PROVIDED, Field

Row = dict[str, Any]


def insert(model: type[models.Model], rows: list[Row], *, conflict: str = "", returning: str = "") -> list[Any]:
    """Insert rows that all have the same columns; columns not named get the model's defaults.

    conflict   for example ``ON CONFLICT DO NOTHING``
    returning  a column; its values come back for the rows that were written
    """
    if not rows:
        return []
    sql = _insert_sql(model, tuple(rows[0])) + conflict + (f" RETURNING {returning}" if returning else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [dump(rows)])
        return [row[0] for row in cursor.fetchall()] if returning else []


def update(
    model: type[models.Model], rows: list[Row], *, changes: str, extra: str = "", returning: str = ""
) -> list[Any]:
    """Change rows by id: ``changes`` is the SET list over the old row ``old`` and the new values ``news``.

    extra      columns that the rows have beside the model's, with their types
    returning  columns of ``was`` and ``became``, the row before and after; they come back as tuples
    """
    if not rows:
        return []
    wanted = f" RETURNING WITH (OLD AS was, NEW AS became) {returning}" if returning else ""
    table, columns = model._meta.db_table, _columns(model, tuple(rows[0])) + (f", {extra}" if extra else "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS old SET {changes} FROM json_to_recordset(%s::json) AS news ({columns})"  # noqa: S608
            f" WHERE old.id = news.id{wanted}",
            [dump(rows)],
        )
        return cursor.fetchall() if returning else []


def dump(rows: Iterable[Row]) -> str:
    """JSON for PostgreSQL; ids and moments as the texts that it reads."""
    rows = list(rows)
    try:
        return orjson.dumps(rows, default=str).decode()
    except TypeError:  # numbers beyond 64 bits
        return json.dumps(rows, default=str, separators=(",", ":"))


@lru_cache(maxsize=100)
def _insert_sql(model: type[models.Model], names: tuple[str, ...]) -> str:
    fixed = dict(_defaults(model, names))
    targets = ", ".join([*names, *fixed])
    sources = ", ".join([*names, *fixed.values()])
    return (
        f"INSERT INTO {model._meta.db_table} ({targets}) SELECT {sources}"  # noqa: S608  names come from models
        f" FROM json_to_recordset(%s::json) AS news ({_columns(model, names)}) "
    )


@lru_cache(maxsize=200)
def _columns(model: type[models.Model], names: tuple[str, ...]) -> str:
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    return ", ".join(f"{name} {types[name]}" for name in names if name in types)


def _defaults(model: type[models.Model], names: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    for field in model._meta.concrete_fields:
        left_out = field.column in names or field.null or field.db_default is not NOT_PROVIDED
        if left_out or isinstance(field, models.AutoField):
            continue
        yield str(field.column), _literal(field)


def _literal(field: "Field[Any, Any]") -> str:
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return "now()"
    value = field.get_default()
    if value is None:
        raise ValueError(f"{field.model.__name__}.{field.name} has to be given")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    text = value if isinstance(value, str) else json.dumps(value)
    return "'" + text.replace("'", "''").replace("%", "%%") + "'" + ("" if isinstance(value, str) else "::jsonb")
