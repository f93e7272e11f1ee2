"""The floor shows who is there and what each has in hand, and lets a supervisor move a conversation."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.hosts import forget_sides
from conversations.models import Alarm
from conversations.services.people import floor as floors
from tenants.accounts.models import User
from tests.architecture import html_rules
from tests.conversations.duty.conftest import Floor

HX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("database")


def test_supervisors_see_the_floor_and_agents_do_not(as_supervisor: Client, as_agent: Client) -> None:
    page = as_supervisor.get("/floor/")

    assert page.status_code == 200
    assert html_rules.breaches_in(page.content.decode()) == []
    assert "No teams yet" in page.content.decode()
    assert as_agent.get("/floor/").status_code == 403


def test_it_says_who_is_free_busy_paused_and_away(
    floor: Floor, other_floor: Floor, agent: User, second_agent: User, supervisor: User, as_supervisor: Client
) -> None:
    floor.person(agent, capacity=1, languages=["nl", "de"], skills=["frames"], cleared_on=timezone.localdate())
    floor.person(second_agent, presence="paused", pause_reason="lunch")
    floor.person(supervisor, seen_minutes_ago=9)
    floor.team("Service", agent, second_agent, languages=["de"])
    floor.waits(assignee=agent, minutes_ago=40, skill="frames")
    floor.waits(language="de")
    floor.waits(language="fr", skill="Billing")
    other_floor.waits()

    with floor.inside():
        seen = floors.of_company()
    told = as_supervisor.get("/floor/").content.decode()

    assert [(one.user.name, one.effective) for one in seen.people][:3] == [
        (agent.name, "available"),
        (second_agent.name, "paused"),
        (supervisor.name, "away"),
    ]
    assert (seen.available, seen.paused, seen.free_hands, seen.unassigned) == (1, 1, 0, 2)
    assert [(one.code, one.waiting, one.available) for one in seen.languages] == [
        ("de", 1, 1),
        ("fr", 1, 0),
        ("nl", 0, 1),
    ]
    assert [(one.team.name, one.available, one.people, one.cleared) for one in seen.teams] == [("Service", 1, 2, 1)]
    assert [(one.name, one.waiting, one.available) for one in seen.skills] == [("billing", 1, 0), ("frames", 1, 1)]
    for words in ("Busy", "1 of 1", "Paused: Lunch", "Away", "German", "French", "Cleared"):
        assert words in told


def test_a_team_in_which_somebody_waits_and_nobody_is_stands_out(floor: Floor, agent: User) -> None:
    team = floor.team("Service", agent)
    floor.waits(team=team)

    with floor.inside():
        [line] = floors.of_company().teams

    assert (line.uncovered, line.waiting, line.unassigned) == (True, 1, 1)


def test_missing_cover_stands_on_top(floor: Floor, as_supervisor: Client) -> None:
    with floor.inside():
        now = timezone.now()
        Alarm.objects.create(kind="no_cover", severity="critical", opened_at=now, seen_at=now, data={"waiting": 3})

    told = as_supervisor.get("/floor/", headers=HX).content.decode()

    assert "The hours are open and nobody is available." in told
    assert "<html" not in told


def test_the_floor_costs_the_same_for_few_and_for_many(floor: Floor, as_supervisor: Client) -> None:
    counts = []
    for many in (3, 60):
        with floor.inside():
            people = [
                User.objects.create_user(f"p{many}.{number}@fietsland.test", name=f"P {many} {number}")
                for number in range(many)
            ]
        floor.team(f"Team {many}", *people)
        for person in people[:20]:
            floor.person(person)
            floor.waits(assignee=person, language="nl")
        forget_sides()
        with CaptureQueriesContext(connection) as counted:
            as_supervisor.get("/floor/", headers=HX)
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 24


def test_what_one_person_holds_costs_the_same_for_few_and_for_many(floor: Floor, agent: User, as_admin: Client) -> None:
    for address in (f"/floor/people/{agent.pk}/", f"/people/{agent.pk}/"):
        counts = []
        for many in (2, 12):
            for number in range(many):
                floor.waits(assignee=agent, language="nl")
                floor.team(f"Team {address} {many} {number}", agent)
            forget_sides()
            with CaptureQueriesContext(connection) as counted:
                assert as_admin.get(address, headers=HX).status_code == 200
            counts.append(len(counted))
        assert counts[0] == counts[1] <= 20, address


class TestMoving:
    def test_a_conversation_is_moved_to_a_person_a_team_and_the_queue(
        self, floor: Floor, agent: User, second_agent: User, as_supervisor: Client
    ) -> None:
        row, team = floor.waits(assignee=agent), floor.team("Service", second_agent)
        listed = as_supervisor.get(f"/floor/people/{agent.pk}/", headers=HX).content.decode()
        assert f"/floor/conversations/{row.pk}/move/" in listed

        as_supervisor.post(f"/floor/conversations/{row.pk}/move/", {"to": f"person:{second_agent.pk}"}, headers=HX)
        assert floor.holder(row) == second_agent
        as_supervisor.post(f"/floor/conversations/{row.pk}/move/", {"to": f"team:{team.pk}"}, headers=HX)
        assert (floor.holder(row), row.team_id) == (None, team.pk)
        as_supervisor.post(f"/floor/conversations/{row.pk}/move/", {"to": f"person:{agent.pk}"}, headers=HX)
        as_supervisor.post(f"/floor/conversations/{row.pk}/move/", {"to": "queue"}, headers=HX)
        assert floor.holder(row) is None

    def test_who_may_not_see_it_does_not_get_it(
        self, floor: Floor, agent: User, second_agent: User, supervisor: User, as_supervisor: Client
    ) -> None:
        floor.person(supervisor, cleared_on=timezone.localdate())
        row = floor.waits(assignee=agent, sensitive=True)

        answer = as_supervisor.post(
            f"/floor/conversations/{row.pk}/move/", {"to": f"person:{second_agent.pk}"}, headers=HX
        )

        assert answer.status_code == 422
        assert floor.holder(row) == agent

    def test_what_the_supervisor_may_not_see_is_not_there(
        self, floor: Floor, agent: User, as_supervisor: Client, as_agent: Client
    ) -> None:
        row = floor.waits(assignee=agent, sensitive=True)
        plain = floor.waits(assignee=agent)

        listed = as_supervisor.get(f"/floor/people/{agent.pk}/", headers=HX).content.decode()

        assert str(row.pk) not in listed and str(plain.pk) in listed
        moved = as_supervisor.post(f"/floor/conversations/{row.pk}/move/", {"to": "queue"}, headers=HX)
        assert moved.status_code == 404
        assert as_agent.post(f"/floor/conversations/{plain.pk}/move/", {"to": "queue"}).status_code == 403

    def test_an_odd_target_or_person_is_not_found(
        self, floor: Floor, agent: User, other_agent: User, as_supervisor: Client
    ) -> None:
        row = floor.waits(assignee=agent)

        assert as_supervisor.get(f"/floor/people/{other_agent.pk}/").status_code == 404
        for odd in ("", "person:1", "nobody", "person:" + "x" * 36):
            answer = as_supervisor.post(f"/floor/conversations/{row.pk}/move/", {"to": odd}, headers=HX)
            assert answer.status_code == 404
        assert floor.holder(row) == agent


class TestEndOfTheShift:
    def test_everything_is_handed_over_with_notes_and_she_is_away(
        self, floor: Floor, agent: User, second_agent: User, as_agent: Client
    ) -> None:
        floor.person(agent)
        team = floor.team("Service", second_agent)
        to_person, to_team = floor.waits(assignee=agent), floor.waits(assignee=agent, waiting_since=None)
        to_queue = floor.waits(assignee=agent, hold="client")
        page = as_agent.get("/handover/").content.decode()
        assert html_rules.breaches_in(page) == []
        assert page.count('name="conversation"') == 3

        answer = as_agent.post(
            "/handover/",
            {
                "conversation": [str(to_person.pk), str(to_team.pk), str(to_queue.pk)],
                f"{to_person.pk}-to": f"person:{second_agent.pk}",
                f"{to_person.pk}-note": "Promised a call before five",
                f"{to_team.pk}-to": f"team:{team.pk}",
                f"{to_queue.pk}-to": "queue",
            },
            follow=True,
        )

        assert "3 conversations are handed over. You are away now." in answer.content.decode()
        assert [floor.holder(row) for row in (to_person, to_team, to_queue)] == [second_agent, None, None]
        assert (to_team.team_id, to_queue.hold) == (team.pk, "client")
        assert ("handed_over", {"to": second_agent.name}) in floor.events(to_person)
        with floor.inside():
            assert [note.body for note in to_person.notes.all()] == ["Promised a call before five"]
        assert floor.again(agent).presence == "away"

    def test_a_note_that_may_not_be_kept_says_why_and_the_page_comes_again_as_it_was(
        self, floor: Floor, agent: User, second_agent: User, as_agent: Client
    ) -> None:
        floor.person(agent)
        odd, other = floor.waits(assignee=agent), floor.waits(assignee=agent)
        to = f"person:{second_agent.pk}"
        typed = {f"{odd.pk}-note": "BSN 123456782 klopt", f"{other.pk}-note": "Belt terug", f"{other.pk}-to": to}

        answer = as_agent.post("/handover/", {"conversation": [str(odd.pk), str(other.pk)]} | typed)

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "This holds sensitive data" in page
        assert "BSN 123456782 klopt</textarea>" in page and "Belt terug</textarea>" in page
        assert page.count(f'<option value="{to}" selected>') == 1
        assert [floor.holder(row) for row in (odd, other)] == [agent, agent]
        assert html_rules.breaches_in(page) == []

    def test_nothing_is_lost_whatever_is_chosen(
        self, floor: Floor, agent: User, second_agent: User, as_agent: Client
    ) -> None:
        floor.person(agent, cleared_on=timezone.localdate())
        sensitive = floor.waits(assignee=agent, sensitive=True)
        apart = floor.waits(assignee=agent, sensitive=True)
        uncleared = floor.team("Uncleared", second_agent)
        odd, taken = floor.waits(assignee=agent), floor.waits(assignee=second_agent)
        came_in_meanwhile = floor.waits(assignee=agent)

        answer = as_agent.post(
            "/handover/",
            {
                "conversation": [str(sensitive.pk), str(apart.pk), str(odd.pk), str(taken.pk), "nonsense"],
                f"{apart.pk}-to": f"team:{uncleared.pk}",
                f"{sensitive.pk}-to": f"person:{second_agent.pk}",
                f"{odd.pk}-to": "person:nobody" + "x" * 60,
                f"{odd.pk}-note": "y" * 20_001 + "\x00",
                f"{taken.pk}-to": "queue",
                f"{taken.pk}-note": "x" * 5000,
            },
            follow=True,
        )

        told = answer.content.decode()
        assert "may not have these" in told and "1 more came in meanwhile" in told
        rows = (sensitive, apart, odd, taken, came_in_meanwhile)
        assert [floor.holder(row) for row in rows] == [None, None, None, second_agent, None]
        assert apart.team_id is None
        with floor.inside():
            assert sorted(len(note.body) for note in taken.notes.all()) == [904, 4096]
            assert sum(len(note.body) for note in odd.notes.all()) == 20_002

    def test_what_is_said_for_all_counts_where_a_line_says_nothing(
        self, floor: Floor, agent: User, second_agent: User, as_agent: Client
    ) -> None:
        floor.person(agent)
        first, second, own = (floor.waits(assignee=agent) for _number in range(3))
        team = floor.team("Service", second_agent)
        assert 'name="all-to"' in as_agent.get("/handover/").content.decode()

        lines = {"conversation": [str(row.pk) for row in (first, second, own)], f"{own.pk}-to": "queue"}
        as_agent.post("/handover/", {**lines, "all-to": f"team:{team.pk}", f"{first.pk}-to": ""})

        assert [floor.holder(row) for row in (first, second, own)] == [None, None, None]
        assert [row.team_id for row in (first, second, own)] == [team.pk, team.pk, None]

    def test_with_empty_hands_it_says_so_and_one_can_go(self, floor: Floor, agent: User, as_agent: Client) -> None:
        floor.person(agent)
        assert "Nothing has to be handed over" in as_agent.get("/handover/").content.decode()

        as_agent.post("/handover/")

        assert floor.again(agent).presence == "away"

    def test_the_list_costs_the_same_for_few_and_for_many(self, floor: Floor, agent: User, as_agent: Client) -> None:
        counts = []
        for many in (3, 60):
            for _number in range(many):
                floor.waits(assignee=agent)
            forget_sides()
            with CaptureQueriesContext(connection) as counted:
                as_agent.get("/handover/")
            counts.append(len(counted))
        assert counts[0] == counts[1] <= 18

    def test_handing_over_many_costs_no_more_statements_than_few(
        self, floor: Floor, agent: User, as_agent: Client
    ) -> None:
        counts = []
        for many in (2, 40):
            rows = [floor.waits(assignee=agent) for _number in range(many)]
            with CaptureQueriesContext(connection) as counted:
                as_agent.post("/handover/", {"conversation": [str(row.pk) for row in rows]})
            counts.append(len(counted))
        assert abs(counts[0] - counts[1]) <= 4
