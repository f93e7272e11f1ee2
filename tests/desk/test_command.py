"""The command bar of the desk: finds people and conversations of the clients one serves, and of no other."""

import pytest
from django.test import Client

from tenants.accounts.models import AuditEntry, User
from tenants.accounts.services import grants
from tenants.context import inside
from tenants.models import ClientCompany, StaffGrant
from tests.desk.conftest import Waits, counted, row_at

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.usefixtures("granted_both")
def test_people_of_every_client_are_found_with_the_clients_name(
    as_staff: Client, company: ClientCompany, other_company: ClientCompany, waits: Waits
) -> None:
    here, there = waits(company, "Marieke"), waits(other_company, "Marijke")
    waits(company, "Gerda")

    told = as_staff.get("/desk/command/?q=mari").content.decode()

    for client, row in ((company, here), (other_company, there)):
        assert f"/desk/{client.pk}/inbox/{row.pk}/" in told
        assert client.name in told
    assert "Gerda" not in told
    assert "command-part" not in told
    assert as_staff.get("/desk/command/?q=").content.decode().strip() == ""


def test_without_a_grant_nobody_is_found(
    as_staff: Client, granted: StaffGrant, company: ClientCompany, waits: Waits
) -> None:
    waits(company, "Marieke")
    assert "Marieke" in as_staff.get("/desk/command/?q=mari").content.decode()

    grants.end(granted, ended_by="Admin <a@client.test>")

    assert "Marieke" not in as_staff.get("/desk/command/?q=mari").content.decode()


def test_what_is_set_apart_is_not_offered_to_who_may_not_see_it(
    as_staff: Client, granted: StaffGrant, company: ClientCompany, waits: Waits
) -> None:
    apart = waits(company, "Marieke", sensitive=True)

    assert str(apart.pk) not in as_staff.get("/desk/command/?q=mari").content.decode()


@pytest.mark.usefixtures("granted_both")
def test_the_client_that_is_open_stands_first_and_each_costs_a_few_queries(
    as_staff: Client, company: ClientCompany, other_company: ClientCompany, waits: Waits
) -> None:
    waits(company, "Marieke")
    waits(other_company, "Marijke")

    for first, second in ((company, other_company), (other_company, company)):
        told = as_staff.get(f"/desk/command/?q=mari&client={first.pk}").content.decode()
        assert told.index(first.name) < told.index(second.name)
    with counted() as queries:
        as_staff.get("/desk/command/?q=mari")
    assert len(queries) <= 24


def test_that_people_were_looked_for_stands_in_the_clients_trail_once_and_never_for_whom(
    as_staff: Client, granted: StaffGrant, company: ClientCompany, waits: Waits, staff_person: User
) -> None:
    waits(company, "Marieke")

    for query in ("ma", "mari", "gerda"):
        as_staff.get(f"/desk/command/?q={query}")

    with inside(company.schema_name):
        [entry] = AuditEntry.objects.filter(action="search.run")
        assert entry.actor_id == row_at(company, staff_person).pk
        assert "mari" not in str(entry.details)
