"""A team hears that something was given to it: those who are there and may see it, once, and not who gave it."""

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.models import Conversation
from conversations.services.handling import bulk_handling, transfers
from conversations.services.handling.transfers import Transfer
from conversations.services.people import handover, presence
from tenants import live
from tenants.accounts.models import Presence, User
from tests.conversations.duty.conftest import Floor
from tests.desk.conftest import give, row_at
from tests.fixtures.hints import Heard

pytestmark = pytest.mark.usefixtures("db")
Commits = Any  # django_capture_on_commit_callbacks


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Any:
    """``with commits():`` what follows a commit happens at the end of the block."""

    def committing() -> AbstractContextManager[Any]:
        return django_capture_on_commit_callbacks(execute=True)  # type: ignore[no-any-return]

    return committing


@pytest.fixture
def people(floor: Floor, agent: User, second_agent: User, supervisor: User, admin: User) -> list[User]:
    """The supervisor gives; the agent is there and the second one has all that fits; the admin is away."""
    floor.person(agent)
    floor.person(second_agent, capacity=1)
    floor.waits(assignee=second_agent)
    floor.person(supervisor)
    floor.person(admin, presence="away")
    return [agent, second_agent, supervisor, admin]


def topic(floor: Floor, user: User) -> str:
    return live.user_topic(floor.company.schema_name, user.pk)


def test_who_is_there_busy_or_not_hears_of_it_once_and_the_giver_and_who_is_away_do_not(
    floor: Floor, people: list[User], supervisor: User, heard: Heard, commits: Commits
) -> None:
    team, row = floor.team("Repairs", *people), floor.waits()

    with commits(), floor.inside():
        transfers.transfer(row, by=supervisor, to=Transfer(team=team))

    told = [{name for name, _pk in heard(topic(floor, user))} for user in people]
    assert told == [{"teamed"}, {"teamed"}, set(), set()]


def test_many_at_once_and_the_end_of_a_shift_tell_the_team_as_well(
    floor: Floor, people: list[User], agent: User, supervisor: User, heard: Heard, commits: Commits
) -> None:
    team, first, second = floor.team("Repairs", agent), floor.waits(), floor.waits(assignee=supervisor)

    with commits(), floor.inside():
        bulk_handling.carry_out(bulk_handling.Task("give", team=team), ids=[first.pk], by=supervisor)
        handover.hand_over(supervisor, [handover.Line(second.pk, to=f"team:{team.pk}")])

    assert heard(topic(floor, agent)) == {("teamed", str(first.pk)), ("teamed", str(second.pk))}


def test_what_is_sensitive_is_told_to_the_cleared_alone(
    floor: Floor, people: list[User], agent: User, second_agent: User, supervisor: User, heard: Heard,
    commits: Commits,
) -> None:  # fmt: skip
    floor.person(second_agent, cleared_on=timezone.localdate() - timedelta(days=1))
    team, row = floor.team("Repairs", agent, second_agent), floor.waits(sensitive=True)

    with commits(), floor.inside():
        transfers.transfer(row, by=supervisor, to=Transfer(team=team))

    assert heard(topic(floor, agent)) == set()
    assert heard(topic(floor, second_agent)) == {("teamed", str(row.pk))}


def test_what_is_given_out_by_itself_is_told_to_nobody_before(
    floor: Floor, people: list[User], agent: User, supervisor: User, heard: Heard, commits: Commits
) -> None:
    team, waits = floor.team("Repairs", agent, auto_assign=True), floor.waits()
    rests = floor.waits(waiting_since=None)

    with commits(), floor.inside():
        for row in (waits, rests):
            transfers.transfer(Conversation.objects.get(pk=row.pk), by=supervisor, to=Transfer(team=team))

    assert heard(topic(floor, agent)) == {("teamed", str(rests.pk))}


def test_the_agencys_people_in_the_team_hear_it_at_their_desk(
    floor: Floor, people: list[User], supervisor: User, staff_person: User, heard: Heard, commits: Commits
) -> None:
    give(staff_person, floor.company)
    team, row = floor.team("Repairs", row_at(floor.company, staff_person)), floor.waits()
    with floor.inside():
        presence.choose_as_staff(staff_person.pk, presence=Presence.AVAILABLE)

    with commits(), floor.inside():
        transfers.transfer(row, by=supervisor, to=Transfer(team=team))

    assert heard(live.staff_topic(staff_person.pk)) == {("teamed", str(row.pk))}
