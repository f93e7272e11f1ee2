"""Conversations are given out by themselves: to whoever can and may answer, never twice, never more than fit."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.desk.models import DeskEntry, StaffPresence
from conversations.models import Conversation, TeamMember
from conversations.services import summary
from conversations.services.handling import conversations, transfers
from conversations.services.people import assignment, presence
from tenants import work
from tenants.accounts.models import Presence, User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants
from tenants.models import StaffGrant, StaffMembership, WorkMark
from tests.conversations.duty.conftest import Floor


def given(floor: Floor) -> int:
    with floor.inside():
        return assignment.assign()


@pytest.fixture
def automatic(database: None, floor: Floor) -> Floor:
    """The company gives conversations out; at most two each."""
    floor.settings(auto_assign=True, capacity=2)
    return floor


def test_nothing_is_given_out_unless_the_company_wants_it(database: None, floor: Floor, agent: User) -> None:
    floor.person(agent)
    row = floor.waits()

    assert given(floor) == 0
    assert floor.holder(row) is None


def test_the_most_urgent_go_first_and_the_rest_waits_for_a_free_hand(automatic: Floor, agent: User) -> None:
    automatic.person(agent)
    now = timezone.now()
    oldest = automatic.waits(minutes_ago=90, due_at=now + timedelta(hours=3))
    breaks_soon = automatic.waits(minutes_ago=20, due_at=now + timedelta(minutes=5))
    danger = automatic.waits(minutes_ago=1, danger_at=now)

    assert given(automatic) == 2

    assert [automatic.holder(row) for row in (danger, breaks_soon, oldest)] == [agent, agent, None]
    assert ("assigned", {"to": agent.name}) in automatic.events(danger)


def test_whoever_has_fewest_gets_the_next_and_then_whoever_waited_longest(
    automatic: Floor, agent: User, second_agent: User
) -> None:
    now = timezone.now()
    automatic.person(agent, given_at=now - timedelta(minutes=1))
    automatic.person(second_agent, given_at=now - timedelta(minutes=9))
    first, second, third = (automatic.waits(minutes_ago=minutes) for minutes in (30, 20, 10))

    given(automatic)

    assert [automatic.holder(row) for row in (first, second, third)] == [second_agent, agent, second_agent]


@pytest.mark.parametrize(
    "fields",
    [
        {"presence": "paused", "pause_reason": "lunch"},
        {"presence": "away"},
        {"seen_minutes_ago": 6},
        {"is_active": False},
        {"languages": ["nl"]},
        {"capacity": 1},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_who_is_not_there_or_cannot_take_it_gets_nothing(automatic: Floor, agent: User, fields: dict[str, Any]) -> None:
    automatic.person(agent, **fields)
    automatic.waits(assignee=agent, waiting_since=None)
    row = automatic.waits(language="de")

    assert given(automatic) == 0
    assert automatic.holder(row) is None


def test_what_is_on_hold_counts_for_nobodys_capacity(automatic: Floor, agent: User) -> None:
    automatic.person(agent, capacity=1)
    automatic.waits(assignee=agent, hold="snoozed")
    row = automatic.waits()

    given(automatic)

    assert automatic.holder(row) == agent


def test_who_speaks_the_language_comes_before_who_may_not(automatic: Floor, agent: User, second_agent: User) -> None:
    automatic.person(agent)
    automatic.person(second_agent, languages=["de"])
    automatic.waits(assignee=second_agent, waiting_since=None)
    row = automatic.waits(language="de_AT")

    given(automatic)

    assert automatic.holder(row) == second_agent


def test_sensitive_conversations_go_to_cleared_people_only(automatic: Floor, agent: User, second_agent: User) -> None:
    automatic.person(agent)
    row = automatic.waits(sensitive=True)
    assert given(automatic) == 0

    automatic.person(second_agent, cleared_on=timezone.localdate())
    given(automatic)

    assert automatic.holder(row) == second_agent


def test_a_team_gets_what_it_knows_and_speaks_and_one_of_it_answers(
    automatic: Floor, agent: User, second_agent: User
) -> None:
    automatic.person(agent)
    automatic.person(second_agent, presence="away")
    returns = automatic.team("Returns", second_agent, skills=["returns"])
    german = automatic.team("German", second_agent, languages=["de"])
    general = automatic.team("General", agent)
    knows, speaks, plain = automatic.waits(skill="returns"), automatic.waits(language="de"), automatic.waits()

    given(automatic)

    assert [automatic.holder(row) for row in (knows, speaks, plain)] == [None, None, agent]
    assert [row.team_id for row in (knows, speaks, plain)] == [returns.pk, german.pk, general.pk]
    automatic.person(second_agent)
    given(automatic)
    assert [automatic.holder(row) for row in (knows, speaks)] == [second_agent, second_agent]


def test_a_skill_is_asked_of_the_person_where_no_team_has_it(automatic: Floor, agent: User, second_agent: User) -> None:
    automatic.person(agent)
    automatic.person(second_agent, skills=["billing"])
    row = automatic.waits(skill="billing")

    given(automatic)

    assert automatic.holder(row) == second_agent


def test_only_the_team_that_wants_it_gives_out(database: None, floor: Floor, agent: User, second_agent: User) -> None:
    floor.person(agent)
    floor.person(second_agent)
    floor.team("Sales", agent, skills=["sales"], auto_assign=True)
    by_hand = floor.team("Service", second_agent)
    sale, other, in_service = floor.waits(skill="sales"), floor.waits(), floor.waits(team=by_hand)

    given(floor)

    assert [floor.holder(row) for row in (sale, other, in_service)] == [agent, None, None]


def test_whoever_gave_it_back_does_not_get_it_again(automatic: Floor, agent: User, second_agent: User) -> None:
    automatic.person(agent)
    row = automatic.waits()
    given(automatic)
    with automatic.inside():
        conversations.release(row, by=agent)

    assert given(automatic) == 0
    automatic.person(second_agent)
    given(automatic)
    assert automatic.holder(row) == second_agent


def test_what_a_supervisor_takes_from_somebody_or_a_team_gets_does_not_come_back_to_her(
    automatic: Floor, agent: User, second_agent: User, supervisor: User
) -> None:
    team = automatic.team("Service", agent)
    automatic.person(agent)
    put_back, given_away = automatic.waits(team=team), automatic.waits(team=team)
    given(automatic)
    assert {automatic.holder(row) for row in (put_back, given_away)} == {agent}
    with automatic.inside():
        conversations.release(put_back, by=supervisor)
        transfers.transfer(given_away, by=agent, to=transfers.Transfer(team=team))

    assert given(automatic) == 0
    automatic.person(second_agent)
    with automatic.inside():
        TeamMember.objects.create(team=team, user=second_agent)
    given(automatic)
    assert {automatic.holder(row) for row in (put_back, given_away)} == {second_agent}


def test_what_was_promised_nothing_stands_where_the_queue_shows_it(automatic: Floor, agent: User) -> None:
    automatic.person(agent, capacity=1)
    long_there = automatic.waits(minutes_ago=90)
    fresh = automatic.waits(minutes_ago=1, due_at=timezone.now() + timedelta(hours=3))

    given(automatic)

    assert [automatic.holder(row) for row in (long_there, fresh)] == [agent, None]


def test_more_than_anybody_can_look_at_never_hides_what_somebody_can_answer(
    automatic: Floor, agent: User, second_agent: User
) -> None:
    automatic.person(agent, languages=["nl"])
    automatic.person(second_agent, languages=["de"])
    dutch, german = automatic.team("Dutch", agent), automatic.team("German", second_agent)
    nobody_speaks_it = automatic.waits(minutes_ago=90, team=dutch, language="de")
    automatic.many_like(nobody_speaks_it, assignment.BATCH)
    answerable = automatic.waits(minutes_ago=1, team=german, language="de")

    assert given(automatic) == 1

    assert automatic.holder(answerable) == second_agent


def test_a_team_in_which_nobody_works_keeps_nothing(automatic: Floor, agent: User, second_agent: User) -> None:
    automatic.person(agent)
    automatic.person(second_agent, is_active=False)
    automatic.team("Nobody yet")
    left = automatic.team("All of them left", second_agent)
    row, stuck = automatic.waits(), automatic.waits(team=left)

    given(automatic)

    assert [automatic.holder(one) for one in (row, stuck)] == [agent, agent]


def test_what_is_sensitive_goes_to_a_team_in_which_somebody_is_cleared(
    automatic: Floor, agent: User, second_agent: User
) -> None:
    automatic.person(agent)
    automatic.person(second_agent, presence="away", cleared_on=timezone.localdate())
    first, cleared = automatic.team("First", agent), automatic.team("Cleared", second_agent)
    plain, sensitive = automatic.waits(), automatic.waits(sensitive=True)
    became_so = automatic.waits(sensitive=True, team=first)

    given(automatic)

    rows = (plain, sensitive, became_so)
    assert [automatic.holder(row) for row in rows] == [agent, None, None]
    assert [row.team_id for row in rows] == [first.pk, cleared.pk, cleared.pk]


def test_whoever_is_going_away_at_this_moment_gets_nothing(committed: None, automatic: Floor, agent: User) -> None:
    automatic.person(agent)
    row = automatic.waits()
    with automatic.inside(), transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=agent.pk)  # as the switch does
        gave = threading.Thread(target=lambda: (given(automatic), connections.close_all()))
        gave.start()
        gave.join(60)

    assert automatic.holder(row) is None
    assert WorkMark.objects.filter(key="assign").exists()
    given(automatic)
    assert automatic.holder(row) == agent


def test_what_changes_asks_for_giving_out_only_where_there_is_something_to_give(
    database: None, floor: Floor, agent: User
) -> None:
    def asked() -> bool:
        with floor.inside():
            return WorkMark.objects.filter(key="assign").exists()

    row = floor.waits()
    with floor.inside():
        summary.refresh([row.pk])
    assert not asked()

    floor.settings(auto_assign=True)
    with floor.inside():
        summary.refresh([row.pk])
    assert asked()

    with floor.inside():
        WorkMark.objects.all().delete()
        conversations.take(row, by=agent, from_holder=None)
    assert not asked()
    with floor.inside():
        conversations.close(row, by=agent)
    assert asked()


def test_a_message_that_comes_in_is_given_to_who_is_free(
    committed: None, automatic: Floor, agent: User, run_due: Any
) -> None:
    automatic.person(agent)
    row = automatic.waits()
    with automatic.inside():
        conversations.add_note(row, author=agent, body="anything that changes it")

    run_due("housekeeping")

    assert automatic.holder(row) == agent


def test_two_who_give_out_at_once_neither_double_nor_overfill(
    committed: None, automatic: Floor, agent: User, second_agent: User, run_due: Any
) -> None:
    automatic.person(agent)
    automatic.person(second_agent)
    rows = [automatic.waits(minutes_ago=minutes) for minutes in range(2, 9)]
    start = threading.Barrier(3)

    def give_out() -> None:
        start.wait(60)
        try:
            given(automatic)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=give_out) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    holders = [automatic.holder(row) for row in rows]
    assert holders.count(agent) == holders.count(second_agent) == 2
    assert holders.count(None) == 3
    for row in rows:
        assert len([event for event in automatic.events(row) if event[0] == "assigned"]) <= 1


class TestStaffOfTheAgency:
    """Somebody of the agency answers for two clients; what she holds counts over both."""

    @pytest.fixture
    def inside_both(self, database: None, automatic: Floor, other_floor: Floor, staff_person: User) -> list[User]:
        membership = StaffMembership.objects.get(user=staff_person)
        other_floor.settings(auto_assign=True, capacity=2)
        users = []
        for floor in (automatic, other_floor):
            grants.give(membership, company=floor.company, role=Role.AGENT, given_by="Owner <o@agency.test>")
            with floor.inside():
                users.append(User.objects.get(staff_id=staff_person.pk))
        StaffPresence.objects.create(
            staff=staff_person, presence="available", since=timezone.now(), seen_at=timezone.now(), capacity=3
        )
        return users

    def test_her_capacity_counts_over_all_clients(
        self, automatic: Floor, other_floor: Floor, inside_both: list[User]
    ) -> None:
        here, there = inside_both
        rows = [automatic.waits(minutes_ago=minutes) for minutes in (9, 8)]
        elsewhere = [other_floor.waits(minutes_ago=minutes) for minutes in (9, 8)]

        given(automatic)
        given(other_floor)

        assert [automatic.holder(row) for row in rows] == [here, here]
        assert [other_floor.holder(row) for row in elsewhere] == [there, None]
        assert DeskEntry.objects.filter(staff_id=here.staff_id).count() == 3

    def test_nothing_is_given_to_whoever_the_client_keeps_outside_at_this_moment(
        self, automatic: Floor, inside_both: list[User]
    ) -> None:
        StaffGrant.objects.filter(company=automatic.company).update(conditions={"clearance": True})
        row = automatic.waits()

        assert given(automatic) == 0
        assert automatic.holder(row) is None

    def test_a_hand_that_gets_free_here_is_asked_for_there(
        self, automatic: Floor, other_floor: Floor, inside_both: list[User]
    ) -> None:
        here, there = inside_both
        rows = [automatic.waits() for _number in range(3)]
        with automatic.inside():
            for row in rows:
                conversations.take(row, by=here, from_holder=None)
        waits = other_floor.waits()
        with other_floor.inside():
            summary.refresh([waits.pk])
        assert given(other_floor) == 0
        WorkMark.objects.all().delete()

        with automatic.inside():
            conversations.close(rows[0], by=here)

        assert WorkMark.objects.filter(schema_name=other_floor.company.schema_name, key="assign").exists()
        given(other_floor)
        assert other_floor.holder(waits) == there

    def test_two_clients_that_give_her_work_at_once_never_overfill_her(
        self, committed: None, automatic: Floor, other_floor: Floor, inside_both: list[User], run_due: Any
    ) -> None:
        for floor in (automatic, other_floor):
            for minutes in (9, 8, 7):
                floor.waits(minutes_ago=minutes)
        start = threading.Barrier(2)

        def give_out(floor: Floor) -> None:
            start.wait(60)
            try:
                given(floor)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=give_out, args=(floor,)) for floor in (automatic, other_floor)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        held = 0
        for floor in (automatic, other_floor):
            with floor.inside():
                held += Conversation.objects.exclude(assignee=None).count()
        assert held == 3 or WorkMark.objects.filter(key="assign").exists()
        assert held <= 3


def test_giving_out_costs_a_fixed_number_of_queries(automatic: Floor, agent: User) -> None:
    automatic.settings(auto_assign=True, capacity=0)
    automatic.person(agent)
    counts = []
    for many in (3, 30):
        for _number in range(many):
            automatic.waits()
        with automatic.inside(), CaptureQueriesContext(connection) as counted:
            assert assignment.assign() == many
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_becoming_available_asks_for_giving_out(automatic: Floor, agent: User) -> None:
    row = automatic.waits()
    with automatic.inside():
        presence.choose(agent, presence=Presence.AVAILABLE)
        assert work.take(work.Kind.HOUSEKEEPING, key="assign")

    given(automatic)

    assert automatic.holder(row) == agent
