"""People say whether they take conversations; what the gone hold comes back, and nobody loses a place in the order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.desk.models import DeskEntry, StaffPresence
from conversations.models import Conversation
from conversations.presence_rules import Stand
from conversations.services import summary
from conversations.services.people import agency_access, duty, leaving, presence
from tenants.accounts.models import Presence, User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants, house_rules
from tenants.models import StaffGrant, StaffMembership, WorkMark
from tests.conversations.duty.conftest import Floor
from tests.fixtures.people import browser_of

HX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("database")


def choose(browser: Client, chosen: str, reason: str = "") -> Any:
    return browser.post("/presence/", {"presence": chosen, "reason": reason}, headers=HX)


def test_the_switch_stands_in_the_menu_of_every_page(floor: Floor, as_agent: Client, agent: User) -> None:
    page = as_agent.get("/accounts/profile/").content.decode()

    assert 'id="presence" data-presence="away"' in page
    answer = choose(as_agent, "available")
    assert 'data-presence="available"' in answer.content.decode()
    floor.again(agent)
    assert (agent.presence, agent.pause_reason) == ("available", "")


def test_a_pause_has_a_reason_and_forgets_it_afterwards(floor: Floor, as_agent: Client, agent: User) -> None:
    assert choose(as_agent, "paused", "  ").status_code == 422

    choose(as_agent, "paused", "lunch")
    floor.again(agent)
    assert (agent.presence, agent.pause_reason) == ("paused", "lunch")
    assert "Paused: Lunch" in as_agent.get("/accounts/profile/").content.decode()

    choose(as_agent, "available")
    floor.again(agent)
    assert agent.pause_reason == ""


def test_an_odd_choice_changes_nothing(floor: Floor, as_agent: Client, agent: User) -> None:
    assert choose(as_agent, "asleep").status_code == 422
    floor.again(agent)
    assert agent.presence_since is None


def test_a_form_without_script_leads_back_to_its_page_and_nowhere_else(as_agent: Client) -> None:
    data = {"presence": "available"}

    back = as_agent.post("/presence/", data, headers={"Referer": "http://fietsland.test/contacts/?q=a"})
    away = as_agent.post("/presence/", data, headers={"Referer": "http://evil.test/contacts/"})

    around = as_agent.post("/presence/", data, headers={"Referer": "http://fietsland.test//evil.test/x"})
    assert (back["Location"], away["Location"], around["Location"]) == ("/contacts/", "/", "/evil.test/x")


def test_signs_of_life_are_written_once_a_minute(floor: Floor, as_agent: Client, agent: User) -> None:
    as_agent.post("/presence/beat/")
    floor.again(agent)
    first = agent.seen_at
    assert first is not None

    as_agent.post("/presence/beat/")
    floor.again(agent)
    assert agent.seen_at == first

    with floor.inside():
        User.objects.filter(pk=agent.pk).update(seen_at=first - timedelta(minutes=2))
    assert as_agent.post("/presence/beat/").json() == {"presence": "away"}
    floor.again(agent)
    assert agent.seen_at is not None and agent.seen_at > first


def test_who_falls_silent_counts_as_away_until_a_page_is_open_again() -> None:
    now = timezone.now()
    stand = Stand("available", now - timedelta(hours=1), "", now - timedelta(minutes=4))

    assert stand.effective(at=now) == Presence.AVAILABLE
    assert stand.effective(at=now + timedelta(minutes=2)) == Presence.AWAY
    assert Stand("available", now, "", None).effective(at=now) == Presence.AWAY


def test_going_away_gives_back_where_somebody_waits_and_keeps_the_rest(
    floor: Floor, agent: User, second_agent: User, as_agent: Client
) -> None:
    floor.person(agent)
    waits = floor.waits(assignee=agent, minutes_ago=40)
    answered = floor.waits(assignee=agent, waiting_since=None)
    on_hold = floor.waits(assignee=agent, hold="client")
    of_another = floor.waits(assignee=second_agent)
    since = waits.waiting_since

    told = choose(as_agent, "away").content.decode()

    assert "1 conversation in which somebody waits went back to the queue." in told
    holders = [floor.holder(row) for row in (waits, answered, on_hold, of_another)]
    assert holders == [None, agent, agent, second_agent]
    assert waits.waiting_since == since
    assert floor.events(waits) == [("returned", {"why": "away", "from": agent.name})]
    with floor.inside():
        assert DeskEntry.objects.get(conversation_id=waits.pk).taken is False


def test_what_is_on_hold_comes_back_when_its_hold_ends_and_she_is_away(
    floor: Floor, agent: User, look: Callable[[], None]
) -> None:
    now = timezone.now()
    row = floor.waits(assignee=agent, hold="snoozed", assigned_at=now - timedelta(hours=2))
    taken_later = floor.waits(assignee=agent, assigned_at=now + timedelta(seconds=1))
    floor.person(agent, presence="away", presence_since=now)
    look()
    assert floor.holder(row) == agent

    row.hold = ""
    with floor.inside():
        row.save()
    look()

    assert floor.holder(row) is None
    assert floor.holder(taken_later) == agent


def test_what_woke_up_for_somebody_who_is_gone_comes_back_after_an_hour(
    floor: Floor, agent: User, second_agent: User, look: Callable[[], None]
) -> None:
    floor.person(agent, seen_minutes_ago=600)
    floor.person(second_agent)
    long_ago, just_now, seen = (floor.waits(assignee=agent, waiting_since=None) for _number in range(3))
    present = floor.waits(assignee=second_agent, waiting_since=None)
    with floor.inside():
        for row, minutes in ((long_ago, 61), (just_now, 5), (seen, 61), (present, 61)):
            at = None if row == seen else timezone.now() - timedelta(minutes=minutes)
            Conversation.objects.filter(pk=row.pk).update(woke_at=at)

    look()

    holders = [floor.holder(row) for row in (long_ago, just_now, seen, present)]
    assert holders == [None, agent, agent, second_agent]
    assert floor.events(long_ago)[-1] == ("returned", {"why": "silent", "from": agent.name})


def test_a_message_for_somebody_who_is_away_asks_for_a_look(floor: Floor, agent: User, second_agent: User) -> None:
    floor.person(agent, presence="away")
    floor.person(second_agent)
    for holder, asks in ((second_agent, False), (agent, True)):
        row = floor.waits(assignee=holder)
        with floor.inside():
            WorkMark.objects.all().delete()
            summary.refresh([row.pk])
            assert WorkMark.objects.filter(key="duty").exists() is asks


def test_the_silent_give_back_after_the_companys_minutes(
    floor: Floor, agent: User, second_agent: User, supervisor: User, look: Callable[[], None]
) -> None:
    floor.settings(silent_minutes=10)
    floor.person(agent, seen_minutes_ago=11)
    floor.person(second_agent, seen_minutes_ago=9)
    rows = [floor.waits(assignee=holder) for holder in (agent, second_agent, supervisor)]

    look()

    assert [floor.holder(row) for row in rows] == [None, second_agent, supervisor]
    assert floor.events(rows[0]) == [("returned", {"why": "silent", "from": agent.name})]


def test_who_signs_out_is_away_at_once_unless_another_page_is_open(floor: Floor, as_agent: Client, agent: User) -> None:
    floor.person(agent)

    as_agent.post("/accounts/logout/")

    floor.again(agent)
    stand = Stand(agent.presence, agent.presence_since, "", agent.seen_at)
    assert (agent.presence, stand.effective(at=timezone.now())) == ("available", "away")
    assert WorkMark.objects.filter(key="duty").exists()
    with floor.inside():
        presence.beat(agent)
    floor.again(agent)
    assert Stand("available", None, "", agent.seen_at).available(at=timezone.now())


def test_what_only_time_changes_is_given_out_after_a_look(floor: Floor, agent: User, look: Callable[[], None]) -> None:
    floor.waits()
    look()
    assert not WorkMark.objects.filter(key="assign").exists()
    floor.settings(auto_assign=True)

    look()

    assert WorkMark.objects.filter(key="assign").exists()


def test_with_zero_minutes_nobody_is_too_silent(floor: Floor, agent: User, look: Callable[[], None]) -> None:
    floor.settings(silent_minutes=0)
    floor.person(agent, seen_minutes_ago=600)
    row = floor.waits(assignee=agent)

    look()

    assert floor.holder(row) == agent


def test_the_next_look_stands_for_when_the_first_would_be_too_silent(
    floor: Floor, agent: User, look: Callable[[], None]
) -> None:
    floor.person(agent)
    look()
    look()

    [mark] = WorkMark.objects.filter(key="duty")
    ahead = mark.due_at - timezone.now()
    assert timedelta(minutes=4) < ahead <= timedelta(minutes=5)


def test_what_became_sensitive_comes_back_from_whoever_may_not_see_it(
    floor: Floor, agent: User, second_agent: User, look: Callable[[], None]
) -> None:
    floor.person(agent)
    floor.person(second_agent, cleared_on=timezone.localdate())
    waits, rests = floor.waits(assignee=agent, sensitive=True), floor.waits(assignee=agent, hold="client")
    answered = floor.waits(assignee=agent, sensitive=True, waiting_since=None)
    hers = floor.waits(assignee=second_agent, sensitive=True)

    look()

    assert [floor.holder(row) for row in (waits, answered, rests, hers)] == [None, None, agent, second_agent]
    assert floor.events(waits) == [("returned", {"why": "uncleared", "from": agent.name})]
    floor.person(second_agent, cleared_until=timezone.localdate() - timedelta(days=1))
    look()
    assert floor.holder(hers) is None


def test_who_leaves_gives_everything_back_at_once(floor: Floor, agent: User, admin: User) -> None:
    rows = [floor.waits(assignee=agent), floor.waits(assignee=agent, hold="client")]
    rows.append(floor.waits(assignee=agent, waiting_since=None))

    with floor.inside():
        assert leaving.switch_off(agent, by=admin) == 3

    assert [floor.holder(row) for row in rows] == [None, None, None]
    assert rows[1].hold == "client"
    assert floor.events(rows[0]) == [("returned", {"why": "left", "from": agent.name})]


class TestStaffOfTheAgency:
    @pytest.fixture
    def staff_inside(self, floor: Floor, staff_person: User) -> User:
        membership = StaffMembership.objects.get(user=staff_person)
        grants.give(membership, company=floor.company, role=Role.AGENT, given_by="Owner <o@agency.test>")
        with floor.inside():
            return User.objects.get(staff_id=staff_person.pk)

    def test_her_presence_is_one_for_all_her_clients(
        self, floor: Floor, other_floor: Floor, staff_person: User, staff_inside: User, as_staff: Client
    ) -> None:
        membership = StaffMembership.objects.get(user=staff_person)
        grants.give(membership, company=other_floor.company, role=Role.AGENT, given_by="Owner <o@agency.test>")
        there = other_floor
        with there.inside():
            holder = User.objects.get(staff_id=staff_person.pk)
        row = there.waits(assignee=holder)
        browser = browser_of(staff_inside, company=floor.company)
        as_staff.post("/presence/", {"presence": "available"}, headers=HX)
        assert 'id="presence" data-presence="available"' in browser.get("/accounts/profile/").content.decode()
        WorkMark.objects.all().delete()

        browser.post("/presence/", {"presence": "away"}, headers=HX)

        assert StaffPresence.objects.get(staff=staff_person).presence == "away"
        assert WorkMark.objects.filter(key="duty", schema_name=there.company.schema_name).exists()
        with there.inside():
            duty.look()
        assert there.holder(row) is None

    def test_signing_out_at_the_agency_counts_at_every_client(
        self, floor: Floor, staff_person: User, staff_inside: User, as_staff: Client
    ) -> None:
        as_staff.post("/presence/", {"presence": "available"}, headers=HX)
        with floor.inside():
            assert [one.available for one in presence.everybody(only=[staff_inside.pk])] == [True]

        as_staff.post("/accounts/logout/")

        with floor.inside():
            assert [one.available for one in presence.everybody(only=[staff_inside.pk])] == [False]

    def test_what_she_types_as_a_reason_no_client_reads(
        self, floor: Floor, staff_person: User, staff_inside: User, as_staff: Client, as_supervisor: Client
    ) -> None:
        as_staff.post("/presence/", {"presence": "paused", "reason": "Meeting at another client"}, headers=HX)

        told = as_supervisor.get("/floor/", headers=HX).content.decode()

        assert "Paused" in told and "another client" not in told

    def test_a_beat_on_the_agencys_pages_counts(self, as_staff: Client, staff_person: User) -> None:
        as_staff.post("/presence/beat/")

        assert StaffPresence.objects.get(staff=staff_person).seen_at is not None

    def test_the_end_of_a_grant_gives_everything_back(self, floor: Floor, staff_inside: User) -> None:
        row = floor.waits(assignee=staff_inside, waiting_since=None)
        grant = StaffGrant.objects.get()

        assert agency_access.end_grant(grant, ended_by="Owner <o@agency.test>") == 1

        assert floor.holder(row) is None

    def test_new_house_rules_give_back_at_once_what_waits_and_leave_her_the_rest(
        self, floor: Floor, staff_inside: User, staff_person: User, as_admin: Client
    ) -> None:
        as_admin.post("/settings/briefing/", {"house_rules": "Geen namen."})
        StaffGrant.objects.update(conditions={"house_rules": True})
        house_rules.accept(staff_person, company=floor.company)
        waiting, answered = (floor.waits(assignee=staff_inside, **more) for more in ({}, {"waiting_since": None}))

        as_admin.post("/settings/briefing/", {"house_rules": "Geen namen, geen foto's."})

        assert floor.holder(waiting) is None
        assert floor.holder(answered) == staff_inside
        assert floor.events(waiting) == [("returned", {"why": "rules_unread", "from": staff_inside.name})]
        with floor.inside():
            assert not any(person.user == staff_inside for person in presence.everybody())
        house_rules.accept(staff_person, company=floor.company)
        with floor.inside():
            assert any(person.user == staff_inside for person in presence.everybody())

    @pytest.mark.parametrize(
        "closed",
        [
            {"conditions": {"clearance": True}},
            {"conditions": {"countries": ["BE"]}},
            {"ends_at": timezone.now() - timedelta(minutes=1)},
        ],
        ids=lambda closed: next(iter(closed.get("conditions", closed))),
    )
    def test_a_condition_that_is_not_met_any_more_gives_everything_back(
        self, floor: Floor, staff_inside: User, closed: dict[str, Any], look: Callable[[], None]
    ) -> None:
        rows = [floor.waits(assignee=staff_inside, **more) for more in ({}, {"waiting_since": None, "hold": "client"})]
        StaffGrant.objects.update(**closed)

        look()

        assert [floor.holder(row) for row in rows] == [None, None]
        assert floor.events(rows[1]) == [("returned", {"why": "shut_out", "from": staff_inside.name})]
        assert rows[1].hold == "client"

    def test_a_withdrawn_clearance_asks_every_client_to_look(
        self, floor: Floor, staff_inside: User, staff_person: User
    ) -> None:
        membership = StaffMembership.objects.get(user=staff_person)
        WorkMark.objects.all().delete()

        agency_access.settle(membership, because="Owner <o@agency.test>")

        assert WorkMark.objects.filter(key="duty", schema_name=floor.company.schema_name).exists()


def test_everybody_is_read_in_a_fixed_number_of_queries(
    floor: Floor, agent: User, staff_person: User, django_assert_num_queries: Any
) -> None:
    membership = StaffMembership.objects.get(user=staff_person)
    grants.give(membership, company=floor.company, role=Role.AGENT, given_by="Owner <o@agency.test>")
    for many in (2, 30):
        with floor.inside():
            for number in range(many):
                person = User.objects.create_user(f"p{many}.{number}@fietsland.test", name=f"P {number}")
                floor.waits(assignee=person)
            with django_assert_num_queries(8):  # one of them enters the schema
                people = presence.everybody()
        assert len(people) > many


def test_the_other_company_has_its_own_people(floor: Floor, other_floor: Floor, agent: User) -> None:
    floor.person(agent)

    with other_floor.inside():
        assert not any(person.available for person in presence.everybody())
