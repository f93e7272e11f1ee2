"""The ground that other tests stand on: two companies, their people, and a way back to the first state."""

from uuid import uuid4

from django.db import connection
from django.test import Client

from conversations.models import PhoneNumber
from tenants import provisioning, work
from tenants.accounts.models import User
from tenants.context import schema_of
from tenants.models import ClientCompany, MetaApp, WorkMark
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser
from tests.fixtures.simulator import Simulator


def test_each_company_has_its_own_people_and_number(
    company: ClientCompany, other_company: ClientCompany, enter: Enter, number: PhoneNumber, other_number: PhoneNumber
) -> None:
    with enter(company):
        ours = set(User.objects.values_list("email", flat=True))
    with enter(other_company):
        theirs = set(User.objects.values_list("email", flat=True))

    assert len(ours) == 4
    assert not ours & theirs
    assert number.phone_number_id != other_number.phone_number_id
    assert company.country != other_company.country


def test_an_agent_is_signed_in_on_the_own_host_only(as_agent: Client, as_staff: Client) -> None:
    elsewhere = browser("zorgvast.test")
    elsewhere.cookies.load({name: morsel.value for name, morsel in as_agent.cookies.items()})

    assert as_agent.get("/accounts/password/change/").status_code == 200
    assert elsewhere.get("/accounts/password/change/").status_code == 302
    assert as_staff.get("/accounts/password/change/").status_code == 200


class TestAfterACommittedTest:
    """Both run on the same database, in whatever order."""

    def leave_traces(self, company: ClientCompany, enter: Enter) -> None:
        assert User.objects.count() == 2
        with enter(company):
            assert User.objects.count() == 4
            assert PhoneNumber.objects.get().verified_name == "Fietsland"
            User.objects.all().delete()
            User.objects.create_user("trace@example.test", name="Trace")
            PhoneNumber.objects.update(verified_name="Trace")
            work.mark(work.Kind.INBOUND)
        assert WorkMark.objects.count() == 1
        User.objects.create_user("trace@example.test", name="Trace")
        provisioning.create_schema(schema_of(uuid4()))

    def test_nothing_of_the_first_is_left(self, committed: None, company: ClientCompany, enter: Enter) -> None:
        self.leave_traces(company, enter)

    def test_nothing_of_the_second_is_left(self, committed: None, company: ClientCompany, enter: Enter) -> None:
        self.leave_traces(company, enter)

    def test_no_schema_is_left(self, committed: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^c_'")
            assert cursor.fetchone() == (2,)


def test_the_simulator_knows_both_companies_and_forgets_the_last_test(
    simulator: Simulator, meta_app: MetaApp, number: PhoneNumber
) -> None:
    world = simulator.get("world")

    assert meta_app.graph_url == simulator.url
    assert {app["id"] for app in world["apps"]} == set(MetaApp.objects.values_list("app_id", flat=True))
    assert number.phone_number_id in {one["id"] for one in world["numbers"]}
    assert simulator.received == []
