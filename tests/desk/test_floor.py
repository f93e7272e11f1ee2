"""The agency's floor: people over all clients, and where open hours have nobody."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations.desk.models import CompanySummary, DeskEntry, StaffPresence
from conversations.models import InboxSettings, PhoneNumber
from conversations.services.people import agency_floor
from tenants.accounts.models import Presence, User
from tenants.context import inside
from tenants.models import Agency, ClientCompany, StaffGrant
from tests.architecture.html_rules import assert_clean
from tests.desk.conftest import Waits, counted, give, row_at

pytestmark = pytest.mark.usefixtures("db")


def there(staff: User, presence: str = Presence.AVAILABLE, **fields: object) -> None:
    now = timezone.now()
    given = {"presence": presence, "since": now, "seen_at": now} | fields
    StaffPresence.objects.update_or_create(staff=staff, defaults=given)


def client_line(agency: Agency, company: ClientCompany) -> agency_floor.ClientLine:
    return agency_floor.clients([company], agency_floor.people(agency))[0]


class TestPeople:
    def test_each_has_a_state_and_what_she_holds_over_all_clients(
        self, as_owner: Client, staff_person: User, company: ClientCompany, other_company: ClientCompany,
        granted_both: None, waits: Waits, agency: Agency,
    ) -> None:  # fmt: skip
        for at in (company, other_company):
            waits(at, "Marieke", assignee=row_at(at, staff_person))
        there(staff_person, capacity=2, languages=["de"])

        line = next(one for one in agency_floor.people(agency) if one.user.pk == staff_person.pk)
        page = as_owner.get("/floor/").content.decode()

        assert (line.load, line.waiting, line.clients, line.full) == (2, 2, 2, True)
        assert "2 of 2" in page
        assert "Busy" in page
        assert_clean(page)

    def test_a_pause_says_why_and_silence_is_away(
        self, as_owner: Client, staff_person: User, staff_owner: User
    ) -> None:
        there(staff_person, Presence.PAUSED, pause_reason="lunch")
        there(staff_owner, seen_at=timezone.now() - timedelta(hours=1))

        page = as_owner.get("/floor/").content.decode()

        assert "Paused: Lunch" in page
        assert "last seen" in page

    def test_when_somebody_was_last_seen_is_not_for_colleagues(self, as_staff: Client, staff_owner: User) -> None:
        there(staff_owner, seen_at=timezone.now() - timedelta(hours=1))

        assert "last seen" not in as_staff.get("/floor/").content.decode()


class TestCover:
    def test_an_open_client_with_nobody_is_an_alarm_until_somebody_of_either_side_is_there(
        self, as_owner: Client, staff_person: User, granted: StaffGrant, company: ClientCompany, agency: Agency,
        agent: User,
    ) -> None:  # fmt: skip
        assert client_line(agency, company).uncovered
        assert "is open and nobody is available" in as_owner.get("/floor/").content.decode()

        there(staff_person)
        line = client_line(agency, company)
        assert (line.uncovered, line.staff, line.own) == (False, 1, 0)

        StaffPresence.objects.all().delete()
        with inside(company.schema_name):
            User.objects.filter(pk=agent.pk).update(presence=Presence.AVAILABLE, seen_at=timezone.now())
        line = client_line(agency, company)
        assert (line.uncovered, line.staff, line.own) == (False, 0, 1)

    def test_a_client_without_a_number_needs_nobody(
        self, as_owner: Client, company: ClientCompany, agency: Agency
    ) -> None:
        with inside(company.schema_name):
            PhoneNumber.objects.all().delete()

        assert not client_line(agency, company).uncovered
        page = as_owner.get("/floor/").content.decode()
        assert f"{company.name} is open and nobody is available" not in page
        assert "no number yet" in page

    def test_a_closed_client_needs_nobody(self, company: ClientCompany, agency: Agency) -> None:
        with inside(company.schema_name):
            InboxSettings(hours={"mon": []}, closed_on_holidays=False).save()

        assert not client_line(agency, company).uncovered

    def test_somebody_who_may_not_enter_is_no_cover(
        self, staff_person: User, company: ClientCompany, agency: Agency
    ) -> None:
        today = timezone.localdate()
        User.objects.filter(pk=staff_person.pk).update(cleared_on=today)
        give(staff_person, company, conditions={"clearance": True})
        there(staff_person)
        assert client_line(agency, company).staff == 1

        User.objects.filter(pk=staff_person.pk).update(cleared_until=today - timedelta(days=1))

        assert client_line(agency, company).staff == 0

    def test_sensitive_conversations_without_anybody_cleared_and_languages_nobody_speaks_are_told(
        self, staff_person: User, granted: StaffGrant, company: ClientCompany, agency: Agency, waits: Waits
    ) -> None:
        row = waits(company, "Ewa", sensitive=True)
        DeskEntry.objects.filter(pk=row.pk).update(language="pl")
        flemish = waits(company, "Lotte")
        DeskEntry.objects.filter(pk=flemish.pk).update(language="nl_BE")
        there(staff_person, languages=["nl"])

        line = client_line(agency, company)

        assert line.uncleared
        assert list(line.unspoken) == ["pl"]

    def test_where_cover_is_missing_or_somebody_waits_stands_on_the_first_page(
        self, as_owner: Client, agency: Agency, other_company: ClientCompany, company: ClientCompany
    ) -> None:
        CompanySummary.objects.update_or_create(company=other_company, defaults={"worst_alarm": "no_cover"})
        CompanySummary.objects.update_or_create(company=company, defaults={"oldest_waiting_at": timezone.now()})
        ClientCompany.objects.filter(pk=company.pk).update(name="Aardbei")

        page = as_owner.get("/floor/").context["page"].object_list

        assert [one.pk for one in page][:2] == [other_company.pk, company.pk]

    def test_staff_see_the_cover_of_their_own_clients_only(
        self, as_staff: Client, granted: StaffGrant, company: ClientCompany, other_company: ClientCompany
    ) -> None:
        page = as_staff.get("/floor/").content.decode()

        assert company.name in page
        assert other_company.name not in page


def test_the_people_cost_the_same_however_much_they_hold(
    agency: Agency, staff_person: User, company: ClientCompany, granted: StaffGrant, waits: Waits
) -> None:
    def cost() -> int:
        with counted() as captured:
            agency_floor.people(agency)
        return len(captured)

    cost()  # the first one after another schema also says which schema it is in
    before = cost()
    for number in range(5):
        waits(company, f"Persoon {number}", assignee=row_at(company, staff_person))
    cost()

    assert cost() == before <= 5
