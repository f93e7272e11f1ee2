"""Compares what stands in the companies' schemas with what should: the catalogs, not the migrations' records."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.db import connection, transaction

from tenants import plans, provisioning
from tenants.context import in_public, schema_of
from tenants.models import ClientCompany

# One line for everything in a schema that DDL can make; names of the schema itself are taken out.
CATALOG = """
WITH schema AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = %(schema)s),
relations AS (SELECT c.* FROM pg_class c JOIN schema s ON s.oid = c.relnamespace),
lines AS (
    SELECT format('table %%s %%s %%s %%s rls=%%s', relname, relkind, relpersistence, reloptions, relrowsecurity) AS line
    FROM relations WHERE relkind IN ('r', 'p', 'v', 'm')
  UNION ALL
    SELECT format('column %%s.%%s %%s not null=%%s default=%%s identity=%%s generated=%%s', r.relname, a.attname,
                  format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
                  a.attidentity, a.attgenerated)
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
    WHERE r.relkind IN ('r', 'p', 'v', 'm')
  UNION ALL
    SELECT pg_get_indexdef(oid) FROM relations WHERE relkind IN ('i', 'I')
  UNION ALL
    SELECT format('constraint %%s.%%s %%s valid=%%s', r.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated)
    FROM relations r JOIN pg_constraint k ON k.conrelid = r.oid
  UNION ALL
    SELECT pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
    FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
  UNION ALL
    SELECT 'view ' || relname || ' ' || pg_get_viewdef(oid) FROM relations WHERE relkind IN ('v', 'm')
  UNION ALL
    SELECT format('sequence %%s %%s %%s %%s %%s', r.relname, q.seqtypid::regtype, q.seqincrement, q.seqmin, q.seqmax)
    FROM relations r JOIN pg_sequence q ON q.seqrelid = r.oid
  UNION ALL
    SELECT pg_get_functiondef(p.oid)
    FROM pg_proc p JOIN schema s ON s.oid = p.pronamespace WHERE p.prokind IN ('f', 'p')
  UNION ALL
    SELECT format('policy %%s.%%s %%s %%s', r.relname, p.polname, pg_get_expr(p.polqual, r.oid),
                  pg_get_expr(p.polwithcheck, r.oid))
    FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
  UNION ALL
    SELECT format('type %%s %%s', t.typname, array_agg(e.enumlabel ORDER BY e.enumsortorder))
    FROM pg_type t JOIN schema s ON s.oid = t.typnamespace JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname
)
SELECT DISTINCT replace(replace(line, s.nspname || '.', ''), s.nspname, '') FROM lines, schema s
"""
TEXT_CAST = re.compile(r"::(text|character varying)(\[\])?")
NEEDLESS_BRACKETS = re.compile(r"\(('[^']*'|\(ARRAY\[[^]]*\]\))\)")
SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname ~ '^c_[0-9a-f]{32}$'"


@dataclass(frozen=True, slots=True)
class Drift:
    """How one schema differs: ``missing`` should be there, ``extra`` should not."""

    schema_name: str
    missing: tuple[str, ...]
    extra: tuple[str, ...]


def catalog_of(schema_name: str) -> frozenset[str]:
    """Everything in a schema, one line each, independent of the schema's name and of the order of columns."""
    with in_public(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_catalog")  # so that every other name is written with its schema
        cursor.execute(CATALOG, {"schema": schema_name})
        return frozenset(_plain(line) for (line,) in cursor.fetchall())


def _plain(line: str) -> str:
    """Without the casts around texts and lists of texts, which PostgreSQL writes otherwise once a dump was restored."""
    line = TEXT_CAST.sub("", line)
    while (shorter := NEEDLESS_BRACKETS.sub(r"\1", line)) != line:
        line = shorter
    return line


def find_drift() -> Iterator[Drift]:
    """Compare every company at the state of the code with a fresh schema; also schemas without a company, and none."""
    expected = _catalog_of_fresh_schema()
    with in_public():
        fingerprint = plans.fingerprint()
        companies = dict(ClientCompany.objects.order_by("id").values_list("schema_name", "schema_fingerprint"))
        standing = _schemas()
    for schema_name in sorted(standing - companies.keys()):
        yield Drift(schema_name, missing=(), extra=("schema of no company",))
    for schema_name, recorded in companies.items():
        if schema_name not in standing:
            yield Drift(schema_name, missing=("the whole schema",), extra=())
        elif recorded != fingerprint:
            yield Drift(schema_name, missing=("migrations of this release",), extra=())
        elif (found := catalog_of(schema_name)) != expected:
            yield Drift(schema_name, missing=tuple(sorted(expected - found)), extra=tuple(sorted(found - expected)))


def _schemas() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(SCHEMAS)
        return {name for (name,) in cursor.fetchall()}


def _catalog_of_fresh_schema() -> frozenset[str]:
    schema_name = schema_of(uuid4())
    with in_public(), transaction.atomic():
        provisioning.create_schema(schema_name)
        try:
            return catalog_of(schema_name)
        finally:
            provisioning.drop_schema(schema_name)
