"""Who of the agency may work inside a client: given to persons and teams under conditions, acting at once, recorded."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation
from conversations.services.people import agency_access
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.roles import Role
from tenants.accounts.services import conditions, grants, house_rules, staff_teams, team_grants
from tenants.context import inside
from tenants.models import Agency, ClientCompany, StaffGrant, StaffMembership, StaffTeam, StaffTeamMember, TeamGrant
from tests.architecture.html_rules import assert_clean
from tests.desk.conftest import HX, Waits, give, row_at
from tests.fixtures.companies import Enter

pytestmark = pytest.mark.usefixtures("db")
GIVEN = {"role": "agent", "countries": ""}


@pytest.fixture
def team(agency: Agency, staff_owner: User) -> StaffTeam:
    return staff_teams.create(agency, name="Avondploeg", by=staff_owner)


@pytest.fixture
def member(team: StaffTeam, staff_person: User, staff_owner: User) -> StaffTeamMember:
    staff_teams.join(team, membership=membership_of(staff_person), by=staff_owner)
    return StaffTeamMember.objects.select_related("team", "staff").get(team=team, staff=staff_person)


def membership_of(staff: User) -> StaffMembership:
    return StaffMembership.objects.select_related("user", "agency").get(user=staff)


def serve(team: StaffTeam, *companies: ClientCompany, **asked: Any) -> list[TeamGrant]:
    given_by = "Admin <a@client.test>"
    return [
        team_grants.give(team, company=one, role=Role.AGENT, given_by=given_by, conditions=asked)[0]
        for one in companies
    ]


def clear(staff: User, *, until_days: int = 100) -> None:
    today = timezone.localdate()
    User.objects.filter(pk=staff.pk).update(cleared_on=today, cleared_until=today + timedelta(days=until_days))


def actions_in(company: ClientCompany) -> list[str]:
    with inside(company.schema_name):
        return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))


def may_enter(client: Client, company: ClientCompany) -> bool:
    return company.name in client.get("/switcher/").content.decode()


class TestTeams:
    def test_joining_opens_every_client_of_the_team_at_once_and_leaving_shuts_them(
        self, as_staff: Client, as_owner: Client, staff_person: User, team: StaffTeam, company: ClientCompany,
        other_company: ClientCompany,
    ) -> None:  # fmt: skip
        serve(team, company, other_company)
        assert not may_enter(as_staff, company)

        joined = as_owner.post(f"/staff/teams/{team.pk}/join/", {"membership": membership_of(staff_person).pk})

        assert joined.status_code == 302
        assert may_enter(as_staff, company)
        assert may_enter(as_staff, other_company)
        assert row_at(company, staff_person).is_active
        member = StaffTeamMember.objects.get()

        as_owner.post(f"/staff/teams/{team.pk}/members/{member.pk}/leave/")

        assert not may_enter(as_staff, company)
        assert not row_at(other_company, staff_person).is_active
        for one in (company, other_company):
            assert actions_in(one)[-2:] == ["grant.given", "grant.ended"]

    def test_what_somebody_held_goes_back_to_the_queue_when_she_leaves(
        self, staff_person: User, staff_owner: User, team: StaffTeam, member: StaffTeamMember, company: ClientCompany,
        waits: Waits,
    ) -> None:  # fmt: skip
        serve(team, company)
        row = waits(company, "Marieke", assignee=row_at(company, staff_person))

        assert agency_access.leave_team(member, by=staff_owner) == 1

        with inside(company.schema_name):
            assert Conversation.objects.get(pk=row.pk).assignee_id is None

    def test_a_session_at_the_client_dies_with_the_membership(
        self, as_staff: Client, staff_owner: User, team: StaffTeam, member: StaffTeamMember, company: ClientCompany
    ) -> None:
        serve(team, company)
        path = as_staff.get(f"/clients/{company.pk}/enter/").headers["Location"].split("/enter/")[1]
        at_client = Client(headers={"host": "fietsland.test"})
        at_client.get(f"/enter/{path}")
        assert at_client.get("/switcher/").status_code == 200

        agency_access.leave_team(member, by=staff_owner)

        assert at_client.get("/switcher/").status_code == 302

    def test_a_grant_of_ones_own_outlives_the_team_and_the_role_follows_what_is_left(
        self, as_staff: Client, staff_person: User, staff_owner: User, team: StaffTeam, member: StaffTeamMember,
        company: ClientCompany,
    ) -> None:  # fmt: skip
        give(staff_person, company, role=Role.SUPERVISOR)
        serve(team, company)
        assert row_at(company, staff_person).role == Role.SUPERVISOR
        assert StaffGrant.objects.in_force().filter(staff=staff_person, company=company).count() == 2
        assert as_staff.get("/switcher/").content.decode().count(company.name) == 1

        assert agency_access.leave_team(member, by=staff_owner) == 0
        assert may_enter(as_staff, company)

        agency_access.end_grant(StaffGrant.objects.in_force().get(company=company), ended_by="x")
        assert not may_enter(as_staff, company)

    def test_of_two_teams_leaving_one_keeps_the_other(
        self, as_staff: Client, agency: Agency, staff_person: User, staff_owner: User, team: StaffTeam,
        member: StaffTeamMember, company: ClientCompany,
    ) -> None:  # fmt: skip
        second = staff_teams.create(agency, name="Dagploeg", by=staff_owner)
        staff_teams.join(second, membership=membership_of(staff_person), by=staff_owner)
        serve(team, company)
        serve(second, company)

        agency_access.leave_team(member, by=staff_owner)

        assert may_enter(as_staff, company)

    def test_ending_the_teams_grant_ends_that_of_every_member(
        self, as_staff: Client, team: StaffTeam, member: StaffTeamMember, company: ClientCompany
    ) -> None:
        (grant,) = serve(team, company)

        agency_access.end_team_grant(grant, ended_by="Admin")
        agency_access.end_team_grant(grant, ended_by="Admin")

        assert not may_enter(as_staff, company)
        assert actions_in(company).count("team_grant.ended") == 1

    def test_only_owners_change_teams_and_those_of_another_agency_are_not_there(
        self, as_staff: Client, as_owner: Client, team: StaffTeam, member: StaffTeamMember
    ) -> None:
        assert as_staff.get(f"/staff/teams/{team.pk}/").status_code == 200
        assert as_staff.post("/staff/teams/", {"name": "Eigen"}).status_code in (200, 403)
        assert not StaffTeam.objects.filter(name="Eigen").exists()
        assert as_staff.post(f"/staff/teams/{team.pk}/members/{member.pk}/leave/").status_code == 403
        StaffTeam.objects.filter(pk=team.pk).update(agency=Agency.objects.create(name="Elders", slug="elders"))

        assert as_owner.get(f"/staff/teams/{team.pk}/").status_code == 404
        assert team.name not in as_owner.get("/staff/teams/").content.decode()

    def test_a_team_that_serves_somebody_cannot_be_deleted(
        self, as_owner: Client, team: StaffTeam, company: ClientCompany
    ) -> None:
        (grant,) = serve(team, company)
        as_owner.post(f"/staff/teams/{team.pk}/delete/")
        assert StaffTeam.objects.filter(pk=team.pk).exists()

        agency_access.end_team_grant(grant, ended_by="Admin")
        as_owner.post(f"/staff/teams/{team.pk}/delete/")

        assert not StaffTeam.objects.filter(pk=team.pk).exists()


class TestConditions:
    def test_giving_somebody_without_clearance_is_refused_and_says_what_is_missing(
        self, staff_person: User, company: ClientCompany
    ) -> None:
        with pytest.raises(conditions.ConditionsUnmet) as refusal:
            give(staff_person, company, conditions={"clearance": True})

        assert refusal.value.missing == ["clearance"]
        assert "certificate of good conduct" in str(refusal.value.user_message)
        assert not StaffGrant.objects.exists()

    def test_a_member_gets_access_on_the_day_her_clearance_is_recorded_and_loses_it_when_it_is_taken_away(
        self, as_owner: Client, as_staff: Client, staff_person: User, team: StaffTeam, member: StaffTeamMember,
        company: ClientCompany,
    ) -> None:  # fmt: skip
        serve(team, company, clearance=True)
        assert not may_enter(as_staff, company)
        today = timezone.localdate()
        shown = {"cleared_on": today.isoformat(), "cleared_until": (today + timedelta(days=9)).isoformat()}

        as_owner.post(f"/staff/{staff_person.pk}/", shown)
        assert may_enter(as_staff, company)
        assert row_at(company, staff_person).cleared

        as_owner.post(f"/staff/{staff_person.pk}/", {"cleared_on": ""})
        assert not may_enter(as_staff, company)
        assert not row_at(company, staff_person).is_active

    def test_a_clearance_that_ran_out_shuts_the_door_without_anybody_pressing_anything(
        self, as_staff: Client, staff_person: User, company: ClientCompany, waits: Waits
    ) -> None:
        clear(staff_person)
        give(staff_person, company, conditions={"clearance": True})
        row = waits(company, "Marieke")
        path = as_staff.get(f"/clients/{company.pk}/enter/").headers["Location"].split("/enter/")[1]
        at_client = Client(headers={"host": "fietsland.test"})
        at_client.get(f"/enter/{path}")
        assert as_staff.get(f"/desk/{company.pk}/inbox/{row.pk}/", headers=HX).status_code == 200

        clear(staff_person, until_days=-1)

        assert as_staff.get(f"/desk/{company.pk}/inbox/{row.pk}/", headers=HX).status_code == 404
        assert at_client.get("/switcher/").status_code == 302
        refused = as_staff.get(f"/clients/{company.pk}/enter/")
        assert refused.status_code == 403
        assert "certificate of good conduct" in refused.content.decode()
        desk = as_staff.get("/desk/").content.decode()
        assert "certificate of good conduct" in desk
        assert "Marieke" not in desk

    def test_the_agency_lets_nobody_in_for_less_than_its_client_asks_of_others(
        self, as_owner: Client, staff_person: User, staff_owner: User, company: ClientCompany
    ) -> None:
        clear(staff_person)
        give(staff_person, company, conditions={"clearance": True, "countries": ["NL", "DE"]})
        page = f"/clients/{company.pk}/grants/"
        refused = as_owner.post(page, {"membership": membership_of(staff_owner).pk, "role": "admin"})
        assert refused.status_code == 422
        assert "certificate of good conduct" in refused.content.decode()

        assert as_owner.post(page, {"membership": membership_of(staff_person).pk, "role": "admin"}).status_code == 302

        grant = StaffGrant.objects.in_force().get()
        assert grant.conditions == {"clearance": True, "countries": ["NL", "DE"]}

    def test_a_country_that_the_client_does_not_allow_is_refused(
        self, as_owner: Client, staff_person: User, company: ClientCompany
    ) -> None:
        assert as_owner.post(f"/staff/{staff_person.pk}/", {"works_from": "Utopia"}).status_code == 422
        as_owner.post(f"/staff/{staff_person.pk}/", {"works_from": "US"})
        membership = membership_of(staff_person)
        assert membership.works_from == "US"
        allowed = {"countries": ["NL", "BE"]}

        with pytest.raises(conditions.ConditionsUnmet):
            grants.give(membership, company=company, role=Role.AGENT, given_by="x", conditions=allowed)
        as_owner.post(f"/staff/{staff_person.pk}/", {"works_from": ""})  # then the agency's own: NL

        assert grants.give(membership, company=company, role=Role.AGENT, given_by="x", conditions=allowed)

    def test_house_rules_are_read_and_accepted_at_the_door_and_again_after_a_change(
        self, as_staff: Client, as_admin: Client, staff_person: User, company: ClientCompany
    ) -> None:
        as_admin.post("/settings/briefing/", {"house_rules": "Geen namen buiten het gesprek."})
        give(staff_person, company, conditions={"house_rules": True})
        rules = f"/clients/{company.pk}/house-rules/"
        assert as_staff.get(f"/clients/{company.pk}/enter/").status_code == 403
        assert rules in as_staff.get("/desk/").content.decode()
        page = as_staff.get(rules).content.decode()
        assert "Geen namen buiten het gesprek." in page
        assert_clean(page)

        as_staff.post(rules, {"read": "2020-01-01T00:00:00+00:00"})  # of a text that stands there no longer
        assert as_staff.get(f"/clients/{company.pk}/enter/").status_code == 403
        read = re.search(r'name="read" value="([^"]+)"', page)
        assert read
        as_staff.post(rules, {"read": read[1]})

        assert as_staff.get(f"/clients/{company.pk}/enter/").status_code == 302
        assert "house_rules.accepted" in actions_in(company)
        as_admin.post("/settings/briefing/", {"house_rules": "Ook geen foto's."})
        assert as_staff.get(f"/clients/{company.pk}/enter/").status_code == 403

    def test_nobody_without_a_grant_reads_a_clients_house_rules(
        self, as_staff: Client, company: ClientCompany, admin: User
    ) -> None:
        with inside(company.schema_name):
            house_rules.changed(company, written=True, by=admin)

        assert as_staff.get(f"/clients/{company.pk}/house-rules/").status_code == 404


class TestTheClientsPage:
    def test_an_admin_gives_changes_and_ends_the_access_of_a_person(
        self, as_admin: Client, as_staff: Client, staff_person: User, company: ClientCompany, admin: User, enter: Enter
    ) -> None:
        given = GIVEN | {"person": str(staff_person.pk)}
        assert as_admin.post("/settings/access/people/", given).status_code == 302
        assert may_enter(as_staff, company)

        as_admin.post("/settings/access/people/", given | {"role": "supervisor", "countries": "nl, be"})
        grant = StaffGrant.objects.in_force().get()
        assert (grant.role, grant.conditions) == ("supervisor", {"countries": ["NL", "BE"]})
        page = as_admin.get("/settings/access/")
        assert "Staff Person" in page.content.decode()
        assert "NL, BE" in page.content.decode()
        assert_clean(page.content.decode())

        as_admin.post(f"/settings/access/people/{grant.pk}/end/")
        assert not may_enter(as_staff, company)
        with enter(company):
            entries = AuditEntry.objects.filter(action__startswith="grant.").order_by("sequence")
            assert [entry.action for entry in entries] == ["grant.given", "grant.changed", "grant.ended"]
            assert {entry.actor_id for entry in entries} == {admin.pk}
        trail = as_admin.get("/audit/?action=grant.changed").content.decode()
        assert "Changed the access of agency staff" in trail

    def test_an_admin_gives_a_team_access_and_sees_who_is_still_outside_and_why(
        self, as_admin: Client, as_staff: Client, team: StaffTeam, member: StaffTeamMember, staff_person: User,
        staff_owner: User, company: ClientCompany,
    ) -> None:  # fmt: skip
        staff_teams.join(team, membership=membership_of(staff_owner), by=staff_owner)
        clear(staff_owner)

        given = GIVEN | {"team": str(team.pk), "clearance": "on"}
        assert as_admin.post("/settings/access/teams/", given).status_code == 302

        page = as_admin.get("/settings/access/").content.decode()
        assert "Staff Owner" in page
        assert "a valid certificate of good conduct" in page
        assert not may_enter(as_staff, company)
        as_admin.post("/settings/access/teams/", GIVEN | {"team": str(team.pk)})
        assert may_enter(as_staff, company)
        as_admin.post("/settings/access/teams/", given)
        assert not may_enter(as_staff, company)

        as_admin.post(f"/settings/access/teams/{TeamGrant.objects.get().pk}/end/")
        assert StaffGrant.objects.in_force().count() == 0

    @pytest.mark.parametrize(
        "bad", [{"person": "x"}, {"role": "god"}, {"countries": "Nederland"}, {"house_rules": "on"}]
    )
    def test_odd_decisions_are_refused_with_a_reason(
        self, as_admin: Client, staff_person: User, company: ClientCompany, bad: dict[str, str]
    ) -> None:
        given = GIVEN | {"person": str(staff_person.pk)} | bad

        assert as_admin.post("/settings/access/people/", given).status_code == 422
        assert not StaffGrant.objects.exists()

    def test_is_for_admins_and_knows_only_its_own_grants(
        self, as_agent: Client, as_supervisor: Client, as_admin: Client, staff_person: User, company: ClientCompany,
        other_company: ClientCompany,
    ) -> None:  # fmt: skip
        grant = give(staff_person, other_company)

        assert as_agent.get("/settings/access/").status_code == 403
        assert as_supervisor.get("/settings/access/").status_code == 403
        assert as_admin.post(f"/settings/access/people/{grant.pk}/end/").status_code == 404
        assert StaffGrant.objects.in_force().filter(pk=grant.pk).exists()

    def test_the_agencys_pages_are_clean(
        self, as_owner: Client, team: StaffTeam, member: StaffTeamMember, staff_person: User, company: ClientCompany
    ) -> None:
        serve(team, company, countries=["NL"])

        for path in ("/staff/", "/staff/teams/", f"/staff/teams/{team.pk}/", f"/staff/{staff_person.pk}/"):
            page = as_owner.get(path)
            assert page.status_code == 200
            assert_clean(page.content.decode())
