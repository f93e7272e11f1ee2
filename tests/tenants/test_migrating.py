"""The next release reaches every company's schema: quickly, one by one, and from where it stopped."""

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import connect

from tenants import drift, plans, provisioning, scratch
from tenants.context import inside, schema_of
from tenants.migrating import migrate_companies
from tenants.models import Agency, ClientCompany
from tenants.services.companies import create_company
from tests.tenants.conftest import NextRelease

pytestmark = pytest.mark.usefixtures("own_database")

ADD_FIELD = """
migrations.AddField("event", "probe", models.CharField(max_length=20, db_default="100%", null=True)),
migrations.AddIndex("event", models.Index(fields=["probe"], name="event_probe")),
"""
WITH_PYTHON = """
migrations.RunSQL("CREATE TABLE probe (schema_name text)"),
migrations.RunPython(
    lambda apps, editor: editor.execute("INSERT INTO probe VALUES (%s)", [editor.connection.schema_name])
),
"""
WRONG_FOR_PEOPLE = """
migrations.RunSQL("SELECT 1 / (CASE WHEN EXISTS (SELECT FROM accounts_user) THEN 0 ELSE 1 END)"),
"""
CONCURRENTLY = """
migrations.RunSQL("CREATE INDEX CONCURRENTLY event_probe ON integrations_event (id)"),
"""


def some_companies(agency: Agency, *, count: int) -> list[ClientCompany]:
    return [
        create_company(agency, name=f"Company {n}", subdomain=f"company-{n}", language="nl", country="NL")
        for n in range(count)
    ]


def query(schema_name: str, statement: str) -> list[tuple[object, ...]]:
    with inside(schema_name), connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def schema_names() -> list[str]:
    return list(ClientCompany.objects.order_by("id").values_list("schema_name", flat=True))


def fingerprints() -> set[str]:
    return set(ClientCompany.objects.values_list("schema_fingerprint", flat=True))


def test_a_field_reaches_twenty_companies_and_new_ones_are_born_with_it(
    agency: Agency, next_release: NextRelease
) -> None:
    some_companies(agency, count=18)
    next_release(ADD_FIELD)

    report = migrate_companies()

    assert report.complete
    assert report.migrated == 20
    assert report.migrations == ["integrations.9001_next"]
    assert fingerprints() == {plans.fingerprint()}
    newborn = create_company(agency, name="Newborn", subdomain="newborn", language="nl", country="NL")
    expected = drift.catalog_of(newborn.schema_name)
    assert any("event_probe" in line for line in expected)
    assert all(drift.catalog_of(name) == expected for name in schema_names())


def test_replaying_gives_what_djangos_executor_gives(
    agency: Agency, company: ClientCompany, other_company: ClientCompany, next_release: NextRelease
) -> None:
    next_release(ADD_FIELD)
    plans.run_in(other_company.schema_name)

    report = migrate_companies()

    assert report.complete
    assert drift.catalog_of(company.schema_name) == drift.catalog_of(other_company.schema_name)
    records = "SELECT app, name FROM django_migrations ORDER BY app, name"
    assert query(company.schema_name, records) == query(other_company.schema_name, records)


def test_companies_at_different_releases_all_arrive(
    company: ClientCompany, other_company: ClientCompany, next_release: NextRelease
) -> None:
    next_release(ADD_FIELD)
    plans.run_in(company.schema_name)
    next_release('migrations.RemoveField("event", "probe")')

    assert migrate_companies().migrated == 2
    assert drift.catalog_of(company.schema_name) == drift.catalog_of(other_company.schema_name)


def test_a_company_that_fails_leaves_the_others_done_and_is_tried_again(
    agency: Agency, next_release: NextRelease
) -> None:
    unlucky = some_companies(agency, count=4)[1].schema_name
    with inside(unlucky), connection.cursor() as cursor:
        cursor.execute("CREATE INDEX event_probe ON integrations_event (id)")
    next_release(ADD_FIELD)

    first = migrate_companies()
    columns = query(unlucky, "SELECT attname FROM pg_attribute WHERE attrelid = 'integrations_event'::regclass")
    with inside(unlucky), connection.cursor() as cursor:
        cursor.execute("DROP INDEX event_probe")
    second = migrate_companies()

    assert first.migrated == 5
    assert list(first.failed) == [unlucky]
    assert "event_probe" in first.failed[unlucky]
    assert ("probe",) not in columns
    assert (second.migrated, second.complete) == (1, True)


def test_a_release_that_fails_everywhere_stops_early(agency: Agency, next_release: NextRelease) -> None:
    some_companies(agency, count=8)
    next_release('migrations.RunSQL("SELECT no_such_function()")')

    report = migrate_companies(max_failures=3, workers=1)

    assert (report.migrated, len(report.failed), report.left) == (0, 3, 7)
    assert plans.fingerprint() not in fingerprints()


def test_nothing_to_do_looks_at_no_schema(next_release: NextRelease, company: ClientCompany) -> None:
    with connect(**scratch.server_parameters()) as writer:
        writer.execute(f'LOCK TABLE "{company.schema_name}".django_migrations')
        report = migrate_companies()

    assert (report.migrated, report.complete) == (0, True)


def test_pythons_wait_for_a_lock_is_bounded_too(company: ClientCompany, next_release: NextRelease) -> None:
    next_release(WITH_PYTHON.replace("CREATE TABLE probe", "LOCK TABLE accounts_user; CREATE TABLE probe"))
    with connect(**scratch.server_parameters()) as reader:
        reader.execute(f'LOCK TABLE "{company.schema_name}".accounts_user IN ACCESS SHARE MODE')
        busy = migrate_companies(lock_ms=50, workers=1)

    assert (busy.migrated, list(busy.failed)) == (1, [company.schema_name])


@pytest.mark.parametrize(("operations", "atomic"), [(WITH_PYTHON, True), (CONCURRENTLY, False)])
def test_what_cannot_be_replayed_goes_through_djangos_executor(
    company: ClientCompany, other_company: ClientCompany, next_release: NextRelease, operations: str, atomic: bool
) -> None:
    next_release(operations, atomic=atomic)

    report = migrate_companies()

    assert (report.migrated, report.complete) == (2, True)
    if atomic:
        for one in (company, other_company):
            assert query(one.schema_name, "SELECT * FROM probe") == [(one.schema_name,)]
    assert drift.catalog_of(company.schema_name) == drift.catalog_of(other_company.schema_name)


def test_a_busy_schema_is_put_off_and_the_others_do_not_wait(
    company: ClientCompany, other_company: ClientCompany, next_release: NextRelease
) -> None:
    next_release(ADD_FIELD)
    with connect(**scratch.server_parameters()) as reader:
        reader.execute(f'LOCK TABLE "{company.schema_name}".integrations_event IN ACCESS SHARE MODE')
        busy = migrate_companies(lock_ms=50, workers=1)
        reader.rollback()
    calm = migrate_companies()

    assert (busy.migrated, list(busy.failed)) == (1, [company.schema_name])
    assert "lock" in busy.failed[company.schema_name].lower()
    assert (calm.migrated, calm.complete) == (1, True)


def test_a_lost_schema_is_reported_and_hurts_nobody(
    company: ClientCompany, other_company: ClientCompany, next_release: NextRelease
) -> None:
    provisioning.drop_schema(company.schema_name)
    next_release(ADD_FIELD)

    report = migrate_companies()

    assert report.migrated == 1
    assert list(report.failed) == [company.schema_name]


def test_the_command_answers_in_json_and_fails_when_not_all_are_done(
    agency: Agency, company: ClientCompany, next_release: NextRelease
) -> None:
    next_release(ADD_FIELD)
    answer = StringIO()
    call_command("migrate_companies", "--json", stdout=answer)
    assert json.loads(answer.getvalue())["migrated"] == 2

    next_release(WRONG_FOR_PEOPLE)
    answer = StringIO()
    with pytest.raises(CommandError):
        call_command("migrate_companies", "--json", stdout=answer)
    assert len(json.loads(answer.getvalue())["failed"]) == 2


def test_set_up_brings_companies_along(next_release: NextRelease, company: ClientCompany) -> None:
    next_release(ADD_FIELD)

    call_command("setup_database", verbosity=0)

    assert fingerprints() == {plans.fingerprint()}


@pytest.mark.parametrize(
    ("statement", "missing", "extra"),
    [
        ("ALTER TABLE accounts_user ADD odd text", 0, 1),
        ("ALTER TABLE accounts_user ALTER name DROP NOT NULL", 2, 1),
        ("DROP TRIGGER accounts_auditentry_refuse ON accounts_auditentry", 1, 0),
        ("ALTER TABLE accounts_user RENAME CONSTRAINT user_email_in_lower_case TO odd", 1, 1),
        ("ALTER FUNCTION accounts_auditentry_refuse() SECURITY DEFINER", 1, 1),
    ],
)
def test_drift_is_found_where_it_is(
    company: ClientCompany, other_company: ClientCompany, statement: str, missing: int, extra: int
) -> None:
    assert list(drift.find_drift()) == []
    with inside(company.schema_name), connection.cursor() as cursor:
        cursor.execute(statement)

    (found,) = drift.find_drift()
    answer = StringIO()
    with pytest.raises(CommandError):
        call_command("migrate_companies", "--drift", stdout=answer)

    assert found.schema_name == company.schema_name
    assert (len(found.missing), len(found.extra)) == (missing, extra)
    assert other_company.schema_name not in answer.getvalue()


def test_drift_names_schemas_without_a_company_and_companies_without_a_schema(company: ClientCompany) -> None:
    stray = schema_of(uuid4())
    provisioning.create_schema(stray)
    provisioning.drop_schema(company.schema_name)

    assert {one.schema_name for one in drift.find_drift()} == {stray, company.schema_name}
