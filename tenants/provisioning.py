"""Makes the schema of a new company: the DDL of a migrated template, replayed in the caller's transaction.

A migration run takes more than a second per company; the dump of its result, made once per release from a scratch
database, takes a tenth. Where no dump can be had the migrations run after all, to the same result.
"""

import logging
from uuid import UUID

import psycopg
from django.db import connection, transaction
from psycopg import sql

from tenants import plans, scratch
from tenants.context import company_id_of, in_public, schema_of
from tenants.models import SchemaTemplate

logger = logging.getLogger(__name__)

PLACEHOLDER = schema_of(UUID(int=0))  # the schema in the scratch database; its name is replaced in the dump
KEPT = 5  # templates: while a release is rolled out, the one before still creates companies


def prepare_template() -> bool:
    """Have the template of the migrations on disk ready; False where this server or machine cannot make one."""
    return _template(plans.fingerprint()) is not None


def create_schema(schema_name: str) -> str:
    """Create and fill one company's schema in this transaction; returns the fingerprint of its migrations."""
    company_id_of(schema_name)
    fingerprint = plans.fingerprint()
    template = _template(fingerprint)
    if template is None:
        _create_by_migrations(schema_name)
    else:
        _replay(template, schema_name)
    return fingerprint


def drop_schema(schema_name: str) -> None:
    """Drop a company's schema with everything in it."""
    company_id_of(schema_name)
    with in_public(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema_name)))


def _template(fingerprint: str) -> str | None:
    with in_public():
        found = SchemaTemplate.objects.filter(fingerprint=fingerprint).values_list("sql", flat=True).first()
        return found or _make_template(fingerprint)


def _make_template(fingerprint: str) -> str | None:
    try:
        dump = _dump_of_fresh_schema()
    except (scratch.CannotDump, psycopg.Error, OSError) as error:
        logger.warning("companies are created by migrations, which is slower: %s", error)
        return None
    SchemaTemplate.objects.update_or_create(fingerprint=fingerprint, defaults={"sql": dump})
    kept = SchemaTemplate.objects.order_by("-created_at").values_list("fingerprint", flat=True)[:KEPT]
    SchemaTemplate.objects.exclude(fingerprint__in=list(kept)).delete()
    return dump


def _dump_of_fresh_schema() -> str:
    """Migrate one schema in a database of its own, whose public side has just what company migrations lean on."""
    with scratch.scratch_database() as database:
        with scratch.on_database(database):
            plans.run_in_public("tenants")
            _create_empty(PLACEHOLDER)
            plans.run_in(PLACEHOLDER)
        return scratch.dump_schema(PLACEHOLDER, database=database)


def _replay(template: str, schema_name: str) -> None:
    with in_public(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL check_function_bodies = off;\n" + template.replace(PLACEHOLDER, schema_name))


def _create_by_migrations(schema_name: str) -> None:
    """On a connection of its own, because some migrations refuse to run inside a transaction."""
    with scratch.on_database(connection.settings_dict["NAME"]):
        try:
            _create_empty(schema_name)
            plans.run_in(schema_name)
        except BaseException:
            drop_schema(schema_name)
            raise


def _create_empty(schema_name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema_name)))
