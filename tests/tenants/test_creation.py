"""Opening companies: the same schema as migrations make, all or nothing, safe to ask for twice."""

import threading
from uuid import uuid4

import pytest
from django.db import connection, transaction

from conversations.models import PhoneNumber
from tenants import drift, plans, provisioning, subdomains
from tenants.accounts import audit
from tenants.accounts.models import AuditEntry, User
from tenants.context import inside, schema_of
from tenants.errors import DomainError
from tenants.models import Agency, ClientCompany, Domain, SchemaTemplate
from tenants.services.agencies import create_agency
from tenants.services.companies import create_company
from tests.fixtures.companies import Enter


def open_one(agency: Agency, **changed: str) -> ClientCompany:
    given = {"name": "Omroep Delta", "subdomain": "omroepdelta", "language": "nl", "country": "NL"}
    return create_company(agency, **{**given, **changed})


def schemas() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^c_[0-9a-f]{32}$'")
        return int(cursor.fetchone()[0])


def test_a_new_company_has_the_schema_that_migrations_make(committed: None, agency: Agency) -> None:
    by_migrations = schema_of(uuid4())
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{by_migrations}"')
    plans.run_in(by_migrations)

    company = open_one(agency)

    expected = drift.catalog_of(by_migrations)
    assert len(expected) > 300
    assert drift.catalog_of(company.schema_name) == expected
    assert company.schema_fingerprint == plans.fingerprint()


def test_a_new_company_is_empty_and_its_triggers_work_on_its_own_rows(agency: Agency, enter: Enter) -> None:
    company = open_one(agency)

    with enter(company):
        assert not User.objects.exists()
        assert not PhoneNumber.objects.exists()
        audit.record("settings.changed")
        audit.record("settings.changed")
        assert list(AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2]


def test_where_no_dump_can_be_had_the_migrations_make_the_same_schema(
    committed: None, company: ClientCompany, agency: Agency
) -> None:
    name = schema_of(uuid4())

    provisioning._create_by_migrations(name)

    assert drift.catalog_of(name) == drift.catalog_of(company.schema_name)


def test_the_host_comes_from_the_subdomain_and_the_schema_from_the_id(agency: Agency) -> None:
    company = open_one(agency, subdomain=" OmroepDelta ")

    assert Domain.objects.get(tenant=company).domain == "omroepdelta.test"
    assert company.schema_name == f"c_{company.pk.hex}"


def test_colours_go_round(agency: Agency, company: ClientCompany, other_company: ClientCompany) -> None:
    assert [company.hue, other_company.hue, open_one(agency).hue] == [1, 2, 3]


def test_asking_twice_gives_the_same_company(agency: Agency) -> None:
    first, before = open_one(agency), schemas()
    again = open_one(agency, name="Another Name")

    assert again == first
    assert again.name == "Omroep Delta"
    assert schemas() == before


def test_asking_twice_at_once_gives_the_same_company(committed: None, agency: Agency) -> None:
    before, made = schemas(), []

    def ask() -> None:
        try:
            made.append(open_one(agency).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 3
    assert len(set(made)) == 1
    assert schemas() == before + 1


def test_a_creation_that_fails_leaves_nothing(committed: None, agency: Agency) -> None:
    before = schemas()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        open_one(agency)
        1 / 0  # noqa: B018

    assert schemas() == before
    assert not ClientCompany.objects.filter(subdomain="omroepdelta").exists()
    assert not Domain.objects.filter(domain="omroepdelta.test").exists()


def test_a_template_that_does_not_run_leaves_nothing(committed: None, agency: Agency) -> None:
    SchemaTemplate.objects.update(sql="CREATE SCHEMA " + provisioning.PLACEHOLDER + "; SELECT no_such_function()")
    before = schemas()

    with pytest.raises(Exception, match="no_such_function"):
        open_one(agency)
    SchemaTemplate.objects.all().delete()
    company = open_one(agency)

    assert schemas() == before + 1
    assert Domain.objects.filter(tenant=company).exists()


def test_another_agencys_name_is_refused_without_saying_whose(agency: Agency, company: ClientCompany) -> None:
    stranger = create_agency("Ander", slug="ander", host="ander.example.com")

    with pytest.raises(DomainError) as refused:
        open_one(stranger, subdomain="fietsland")

    assert refused.value.code == "subdomain_taken"
    assert "Balans" not in str(refused.value.user_message)
    assert stranger.companies.count() == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "  "}, "name_missing"),
        ({"name": "x" * 121}, "name_missing"),
        ({"name": "two\nlines"}, "name_missing"),
        ({"subdomain": ""}, "subdomain_invalid"),
        ({"subdomain": "a"}, "subdomain_invalid"),
        ({"subdomain": "-bike"}, "subdomain_invalid"),
        ({"subdomain": "bike-"}, "subdomain_invalid"),
        ({"subdomain": "bike shop"}, "subdomain_invalid"),
        ({"subdomain": "bike.shop"}, "subdomain_invalid"),
        ({"subdomain": "fiëts"}, "subdomain_invalid"),
        ({"subdomain": "xn--fits-0qa"}, "subdomain_invalid"),
        ({"subdomain": "12345"}, "subdomain_invalid"),
        ({"subdomain": "x" * 41}, "subdomain_invalid"),
        ({"subdomain": "bike\n"}, ""),
        ({"subdomain": "www"}, "subdomain_reserved"),
        ({"subdomain": "API"}, "subdomain_reserved"),
        ({"subdomain": "agency"}, "subdomain_reserved"),
        ({"language": "xx"}, "language_unknown"),
        ({"country": "ZZ"}, "country_unknown"),
        ({"time_zone": "Mars/Base"}, "time_zone_unknown"),
    ],
)
def test_odd_input_is_refused_with_a_sentence(agency: Agency, given: dict[str, str], code: str) -> None:
    before = ClientCompany.objects.count()
    if not code:
        assert open_one(agency, **given).subdomain == given["subdomain"].strip()
        return

    with pytest.raises(DomainError) as refused:
        open_one(agency, **given)

    assert refused.value.code == code
    assert str(refused.value.user_message).endswith(".")
    assert ClientCompany.objects.count() == before


def test_reserved_names_are_well_formed_themselves() -> None:
    assert [name for name in subdomains.RESERVED if len(name) > 1 and not subdomains.is_well_formed(name)] == []


def test_a_host_of_an_agency_cannot_become_a_companys(agency: Agency) -> None:
    create_agency("Balans", slug="balans", host="omroepdelta.test")

    with pytest.raises(DomainError) as refused:
        open_one(agency)

    assert refused.value.code == "subdomain_taken"


def test_a_schema_says_nothing_of_its_neighbours(company: ClientCompany, other_company: ClientCompany) -> None:
    with inside(company.schema_name), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class o ON"
            " o.oid = k.confrelid WHERE k.contype = 'f' AND t.relnamespace <> o.relnamespace"
        )
        assert cursor.fetchone() == (0,)
