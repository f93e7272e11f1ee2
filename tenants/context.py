"""The only way into a company's schema (and back out of it)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection as _connection

from tenants.errors import WrongSchema

connection: Any = _connection  # django-tenants adds schema_name and set_schema, which Django's types do not know
PUBLIC = "public"
SCHEMA_NAME = re.compile(r"c_[0-9a-f]{32}")


def schema_of(company_id: UUID) -> str:
    """The schema's name comes from the company's id, never from its subdomain."""
    return f"c_{company_id.hex}"


def company_id_of(schema_name: str) -> UUID:
    if not SCHEMA_NAME.fullmatch(schema_name):
        raise WrongSchema(f"{schema_name!r} is not a company's schema")
    return UUID(hex=schema_name[2:])


def current_schema() -> str:
    """The company's schema that this thread's connection is in; raises WrongSchema in public."""
    name = str(connection.schema_name)
    if not SCHEMA_NAME.fullmatch(name):
        raise WrongSchema("no company is entered")
    return name


def in_company() -> bool:
    return bool(SCHEMA_NAME.fullmatch(str(connection.schema_name)))


def schema_exists(schema_name: str) -> bool:
    """Whether the schema still stands; entering one that was dropped shows public tables of the same name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_namespace WHERE nspname = %s", [schema_name])
        return bool(cursor.rowcount)


@contextmanager
def inside(schema_name: str) -> Iterator[None]:
    """Run the block in one company's schema; whatever was entered before is restored, also after an error."""
    company_id_of(schema_name)
    with _entered(schema_name):
        yield


@contextmanager
def in_public() -> Iterator[None]:
    """Run the block on the agency's side."""
    with _entered(PUBLIC):
        yield


@contextmanager
def _entered(schema_name: str) -> Iterator[None]:
    before = connection.schema_name
    connection.set_schema(schema_name)
    try:
        yield
    finally:
        connection.set_schema(before)
