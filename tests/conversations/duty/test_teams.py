"""Admins make teams and note what people answer; a team is cleared as a whole only while all of it are."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.hosts import forget_sides
from conversations.models import InboxSettings, Team
from conversations.services.people import presence, teams
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants
from tenants.models import StaffMembership
from tests.architecture import html_rules
from tests.conversations.duty.conftest import Floor

pytestmark = pytest.mark.usefixtures("database")
TODAY = timezone.localdate


def made(floor: Floor) -> list[dict[str, Any]]:
    with floor.inside():
        return [
            {
                "name": team.name,
                "skills": team.skills,
                "languages": team.languages,
                "cleared": team.cleared_as_a_whole,
                "members": {(member.user.name, member.leads) for member in team.members.select_related("user")},
            }
            for team in Team.objects.order_by("name")
        ]


def actions(floor: Floor) -> list[str]:
    with floor.inside():
        return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))


def test_an_admin_makes_changes_and_deletes_a_team(
    floor: Floor, other_floor: Floor, agent: User, second_agent: User, as_admin: Client, as_supervisor: Client
) -> None:
    facts = {
        "name": "Returns",
        "skills": "Returns,  billing , returns",
        "languages": ["nl", "de"],
        "members": [str(agent.pk)],
        "leads": [str(second_agent.pk)],
    }
    page = as_admin.get("/settings/teams/").content.decode()
    assert html_rules.breaches_in(page) == []
    assert "No teams yet" in page

    as_admin.post("/settings/teams/", facts)

    members = {(agent.name, False), (second_agent.name, True)}
    expected = {"name": "Returns", "skills": ["returns", "billing"], "languages": ["nl", "de"], "cleared": False}
    assert made(floor) == [expected | {"members": members}]
    assert made(other_floor) == []
    with floor.inside():
        team = Team.objects.get()
    row = floor.waits(team=team)
    assert html_rules.breaches_in(as_admin.get(f"/settings/teams/{team.pk}/").content.decode()) == []
    as_admin.post(f"/settings/teams/{team.pk}/", {**facts, "name": "Service", "leads": []})
    assert made(floor)[0]["name"] == "Service"
    assert made(floor)[0]["members"] == {(agent.name, False)}

    as_admin.post(f"/settings/teams/{team.pk}/delete/")
    assert made(floor) == []
    assert floor.holder(row) is None and row.team_id is None
    assert [one for one in actions(floor) if one.startswith("team.")] == [
        "team.created",
        "team.changed",
        "team.deleted",
    ]
    assert as_supervisor.get("/settings/teams/").status_code == 403


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "Taken"}, {"languages": ["xx"]}, {"members": ["odd"]}, {"skills": "x" * 41}],
    ids=lambda fields: next(iter(fields)),
)
def test_what_does_not_fit_is_refused_in_the_form(floor: Floor, as_admin: Client, fields: dict[str, Any]) -> None:
    floor.team("Taken")

    answer = as_admin.post("/settings/teams/", {"name": "New", **fields})

    assert answer.status_code == 422
    assert len(made(floor)) == 1


def test_nobody_of_another_company_gets_in(floor: Floor, other_agent: User, as_admin: Client) -> None:
    assert as_admin.post("/settings/teams/", {"name": "New", "members": [str(other_agent.pk)]}).status_code == 422


def test_a_team_is_cleared_as_a_whole_when_everybody_in_it_is(
    floor: Floor, agent: User, second_agent: User, as_admin: Client
) -> None:
    floor.person(agent, cleared_on=TODAY())
    both = {"name": "Care", "members": [str(agent.pk), str(second_agent.pk)], "cleared_as_a_whole": "on"}

    refused = as_admin.post("/settings/teams/", both)
    assert refused.status_code == 422
    assert f"Not cleared: {second_agent.name}" in refused.content.decode()

    floor.person(second_agent, cleared_on=TODAY(), cleared_until=TODAY() + timedelta(days=1))
    as_admin.post("/settings/teams/", both)
    assert made(floor)[0]["cleared"] is True
    floor.person(second_agent, cleared_until=TODAY() - timedelta(days=1))
    with floor.inside():
        assert teams.drop_lapsed() == 1
        assert teams.drop_lapsed() == 0
    assert made(floor)[0]["cleared"] is False
    assert actions(floor)[-1] == "team.clearance_lapsed"


def test_how_conversations_are_given_out_is_set_beside_the_teams(floor: Floor, as_admin: Client) -> None:
    given = {"auto_assign": "on", "capacity": "5", "silent_minutes": "20"}

    as_admin.post("/settings/teams/giving-out/", given)
    odd = as_admin.post("/settings/teams/giving-out/", {**given, "silent_minutes": "1"})

    with floor.inside():
        settings = InboxSettings.load()
    assert (settings.auto_assign, settings.capacity, settings.silent_minutes) == (True, 5, 20)
    assert odd.status_code == 422
    assert actions(floor) == ["settings.changed"]


def test_an_admin_notes_what_somebody_answers(floor: Floor, agent: User, as_admin: Client, as_agent: Client) -> None:
    page = as_admin.get(f"/people/{agent.pk}/").content.decode()
    assert html_rules.breaches_in(page) == []
    given = {"languages": ["nl", "fr"], "skills": "Billing", "capacity": "3"}

    as_admin.post(f"/people/{agent.pk}/answers/", given)
    as_admin.post(f"/people/{agent.pk}/answers/", given)

    floor.again(agent)
    assert (agent.languages, agent.skills, agent.capacity) == (["nl", "fr"], ["billing"], 3)
    assert actions(floor) == ["person.duty_changed"]
    assert as_admin.post(f"/people/{agent.pk}/answers/", {**given, "capacity": "-1"}).status_code == 422
    assert as_agent.get(f"/people/{agent.pk}/").status_code == 403


def test_a_clearance_is_noted_and_withdrawn_with_proof_and_no_copy(
    floor: Floor, agent: User, admin: User, as_admin: Client
) -> None:
    team = floor.team("Care", agent, cleared_as_a_whole=True)
    later = TODAY() + timedelta(days=365)
    given = {"seen_on": TODAY().isoformat(), "kind": "84, 85", "until": later.isoformat(), "nda_signed_on": ""}

    as_admin.post(f"/people/{agent.pk}/clearance/", given)
    floor.again(agent)
    assert (agent.cleared, agent.cleared_by, agent.clearance_kind, agent.cleared_until) == (
        True,
        admin.name,
        "84, 85",
        later,
    )

    as_admin.post(f"/people/{agent.pk}/clearance/", {"seen_on": ""})
    floor.again(agent)
    assert (agent.cleared, agent.cleared_by, agent.cleared_until) == (False, "", None)
    with floor.inside():
        team.refresh_from_db()
        assert team.cleared_as_a_whole is False
        entries = AuditEntry.objects.filter(action="person.clearance_changed").order_by("sequence")
        assert [entry.details["after"] for entry in entries] == [
            f"seen {TODAY()}, until {later}, kind 84, 85",
            "none",
        ]


@pytest.mark.parametrize("days", [(1, None), (0, 0), (0, -4)])
def test_odd_days_are_refused(floor: Floor, agent: User, as_admin: Client, days: tuple[int, int | None]) -> None:
    seen, until = (None if one is None else (TODAY() + timedelta(days=one)).isoformat() for one in days)

    answer = as_admin.post(f"/people/{agent.pk}/clearance/", {"seen_on": seen, "until": until or ""})

    assert answer.status_code == 422
    assert not floor.again(agent).cleared


def test_the_clearance_of_agency_staff_is_the_agencys(floor: Floor, staff_person: User, as_admin: Client) -> None:
    membership = StaffMembership.objects.get(user=staff_person)
    grants.give(membership, company=floor.company, role=Role.AGENT, given_by="Owner <o@agency.test>")
    with floor.inside():
        inside = User.objects.get(staff_id=staff_person.pk)

    answer = as_admin.post(f"/people/{inside.pk}/clearance/", {"seen_on": TODAY().isoformat()})
    as_admin.post(f"/people/{inside.pk}/answers/", {"languages": ["pl"], "skills": ""})

    assert answer.status_code == 422
    assert "keeps" in answer.content.decode() or "The agency notes" in answer.content.decode()
    assert floor.again(inside).languages == ["pl"]
    assert not inside.cleared


def test_somebody_of_another_company_is_not_found(as_admin: Client, other_agent: User) -> None:
    assert as_admin.get(f"/people/{other_agent.pk}/").status_code == 404


@pytest.mark.parametrize("path", ["/settings/teams/", "/people/"])
def test_the_lists_cost_the_same_for_few_and_for_many(floor: Floor, as_admin: Client, path: str) -> None:
    counts = []
    for many in (3, 40):
        with floor.inside():
            people = [
                User.objects.create_user(f"p{many}.{number}@fietsland.test", name=f"P {many} {number}")
                for number in range(many)
            ]
        for number in range(many):
            floor.team(f"Team {many} {number}", people[number])
        forget_sides()
        with CaptureQueriesContext(connection) as counted:
            as_admin.get(path)
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 18


def test_the_agency_says_what_its_people_answer_over_all_clients(
    floor: Floor, staff_person: User, as_owner: Client, as_staff: Client
) -> None:
    membership = StaffMembership.objects.get(user=staff_person)
    grants.give(membership, company=floor.company, role=Role.AGENT, given_by="Owner <o@agency.test>")
    path = f"/staff/{staff_person.pk}/answers/"
    assert html_rules.breaches_in(as_owner.get(path).content.decode()) == []

    as_owner.post(path, {"languages": ["fr"], "skills": "Billing", "capacity": "4"})

    with floor.inside():
        [person] = [one for one in presence.everybody() if one.user.staff_id]
    assert (person.languages, person.skills, person.capacity) == ({"fr"}, {"billing"}, 4)
    assert as_owner.post(path, {"capacity": "many"}).status_code == 422
    assert as_staff.get(path).status_code == 403
