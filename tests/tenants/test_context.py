"""The only way into a company's schema: nested, after errors, and in many threads at once."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from tenants.accounts.models import User
from tenants.context import PUBLIC, current_schema, in_company, in_public, inside
from tenants.errors import WrongSchema
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter


def names() -> set[str]:
    return set(User.objects.values_list("name", flat=True))


def test_entering_shows_the_companys_rows_and_leaving_the_agencys(
    company: ClientCompany, other_company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        with enter(other_company):
            inner = names()
            with in_public():
                outside = names()
            assert current_schema() == other_company.schema_name
        outer = names()

    assert inner == {"Other Agent", "Other Admin"}
    assert outer == {"Agent", "Second Agent", "Supervisor", "Admin"}
    assert outside == {"Staff Owner", "Staff Person"}
    assert not in_company()


def test_an_error_inside_leads_back_to_where_one_was(
    company: ClientCompany, other_company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        with pytest.raises(ZeroDivisionError), enter(other_company):
            1 / 0  # noqa: B018
        assert names() == {"Agent", "Second Agent", "Supervisor", "Admin"}


def test_a_rolled_back_block_does_not_leave_the_connection_in_the_other_company(
    company: ClientCompany, other_company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        with pytest.raises(DatabaseError), transaction.atomic(), enter(other_company):
            names()
            with connection.cursor() as cursor:
                cursor.execute("SELECT no_such_column")
        assert names() == {"Agent", "Second Agent", "Supervisor", "Admin"}


@pytest.mark.parametrize("name", ["", PUBLIC, "pg_catalog", "fietsland", "c_1", "C_" + "A" * 32, "c_x; --"])
def test_nothing_but_a_companys_schema_can_be_entered(company: ClientCompany, name: str) -> None:
    with pytest.raises(WrongSchema), inside(name):
        pass


def test_code_that_needs_a_company_refuses_to_run_in_public(company: ClientCompany) -> None:
    with pytest.raises(WrongSchema):
        current_schema()


def test_threads_never_see_one_anothers_company(
    committed: None, company: ClientCompany, other_company: ClientCompany
) -> None:
    expected = {company.schema_name: 4, other_company.schema_name: 2}
    wrong: list[object] = []
    start = threading.Barrier(4)

    def go_round(order: list[str]) -> None:
        start.wait()
        try:
            for name in order * 25:
                with inside(name):
                    if User.objects.count() != expected[name] or current_schema() != name:
                        wrong.append(name)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    orders = [list(expected), list(reversed(expected))] * 2
    threads = [threading.Thread(target=go_round, args=[order]) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
