"""Giving a conversation away, following one, closing with what the company asks for, and what comes next."""

import threading
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, ConversationFollower, InboxSettings, Intent, Note, Team, TeamMember
from tenants.accounts.models import AuditEntry, User
from tests.conversations.inbox.conftest import HX, Inbox


@pytest.fixture
def team(inbox: Inbox, second_agent: User) -> Team:
    with inbox.inside():
        team = Team.objects.create(name="Repairs")
        TeamMember.objects.create(team=team, user=second_agent)
    return team


def test_a_colleague_gets_it_with_a_note_that_stands_in_the_thread(
    as_agent: Client, second_agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation()
    data = {"to": f"person:{second_agent.pk}", "note": "Knows her bicycle", "follow": "1"}

    told = as_agent.post(f"/inbox/{row.pk}/transfer/", data, headers=HX)

    page = as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()
    assert told.status_code == 200
    assert inbox.fresh(row).assignee_id == second_agent.pk
    assert "Agent gave the conversation to Second Agent" in page
    assert "Knows her bicycle" in page
    with inbox.inside():
        assert ConversationFollower.objects.filter(conversation=row).count() == 1


def test_a_team_gets_it_unassigned_and_what_was_snoozed_wakes_up(as_agent: Client, team: Team, inbox: Inbox) -> None:
    row = inbox.conversation()
    as_agent.post(f"/inbox/{row.pk}/take/", {"holder": ""}, headers=HX)
    as_agent.post(f"/inbox/{row.pk}/snooze/", {"preset": "hour"}, headers=HX)

    as_agent.post(f"/inbox/{row.pk}/transfer/", {"to": f"team:{team.pk}"}, headers=HX)

    fresh = inbox.fresh(row)
    assert (fresh.team_id, fresh.assignee_id, fresh.hold) == (team.pk, None, "")


def test_the_dialog_offers_those_who_may_answer_and_how_busy_they_are(
    as_agent: Client, as_second_agent: Client, agent: User, team: Team, inbox: Inbox
) -> None:
    row = inbox.conversation()
    as_second_agent.post(f"/inbox/{inbox.conversation('Other').pk}/take/", {"holder": ""}, headers=HX)

    page = as_agent.get(f"/inbox/{row.pk}/transfer/", headers=HX).content.decode()

    assert "Second Agent" in page and "1 open" in page and "Repairs" in page
    assert f"person:{agent.pk}" not in page


def test_nobody_gets_what_she_may_not_see(
    as_admin: Client, admin: User, second_agent: User, team: Team, inbox: Inbox
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(sensitive=True)
        User.objects.filter(pk=admin.pk).update(cleared_on="2026-01-01")

    page = as_admin.get(f"/inbox/{row.pk}/transfer/", headers=HX).content.decode()
    to_person = as_admin.post(f"/inbox/{row.pk}/transfer/", {"to": f"person:{second_agent.pk}"}, headers=HX)
    to_team = as_admin.post(f"/inbox/{row.pk}/transfer/", {"to": f"team:{team.pk}"}, headers=HX)

    assert "nobody else" in page
    assert (to_person.status_code, to_team.status_code) == (422, 422)
    assert inbox.fresh(row).assignee_id is None


def test_somebody_elses_is_given_away_by_her_and_by_those_who_may_assign(
    as_agent: Client, as_second_agent: Client, as_supervisor: Client, agent: User, second_agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation()
    as_agent.post(f"/inbox/{row.pk}/take/", {"holder": ""}, headers=HX)
    data = {"to": f"person:{second_agent.pk}"}

    refused = as_second_agent.post(f"/inbox/{row.pk}/transfer/", data, headers=HX)
    assert refused.status_code == 422
    assert inbox.fresh(row).assignee_id == agent.pk

    as_supervisor.post(f"/inbox/{row.pk}/transfer/", data, headers=HX)
    assert inbox.fresh(row).assignee_id == second_agent.pk


@pytest.mark.parametrize("to", ["", "person:", "person:7", "team:x", "odd"])
def test_an_odd_place_is_refused_with_words(as_agent: Client, inbox: Inbox, to: str) -> None:
    row = inbox.conversation()

    assert as_agent.post(f"/inbox/{row.pk}/transfer/", {"to": to}, headers=HX).status_code == 422


def test_following_is_once_and_ends(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    as_agent.post(f"/inbox/{row.pk}/follow/", headers=HX)
    shown = as_agent.post(f"/inbox/{row.pk}/follow/", headers=HX).content.decode()
    assert "Stop following" in shown

    as_agent.post(f"/inbox/{row.pk}/unfollow/", headers=HX)
    with inbox.inside():
        assert not ConversationFollower.objects.exists()


def test_one_press_closes_unless_the_company_asks_for_more(as_agent: Client, inbox: Inbox) -> None:
    row, other = inbox.conversation(), inbox.conversation("Other")
    assert as_agent.post(f"/inbox/{row.pk}/close/", headers=HX).status_code == 200
    with inbox.inside():
        intent = Intent.objects.create(name="Repair")
        InboxSettings.objects.create(close_reasons=["Solved", "No answer"], close_needs_intent=True)

    asked = as_agent.post(f"/inbox/{other.pk}/close/", headers=HX)
    assert (asked.status_code, asked["X-Ask"]) == (422, "close")
    assert "Solved" in asked.content.decode() and "Repair" in asked.content.decode()
    odd = as_agent.post(f"/inbox/{other.pk}/close/", {"asked": "1", "reason": "Tired", "intent": intent.pk}, headers=HX)
    assert odd.status_code == 422 and "This company asks for it" in odd.content.decode()

    data = {"asked": "1", "reason": "Solved", "intent": str(intent.pk)}
    closed = as_agent.post(f"/inbox/{other.pk}/close/", data, headers=HX)

    fresh = inbox.fresh(other)
    assert closed.status_code == 200
    assert (fresh.status, fresh.close_reason, fresh.intent_id) == ("closed", "Solved", intent.pk)


def test_reopening_says_who_had_closed_and_why(as_agent: Client, as_second_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    with inbox.inside():
        InboxSettings.objects.create(close_reasons=["Solved"])
    as_agent.post(f"/inbox/{row.pk}/close/", {"reason": "Solved"}, headers=HX)

    as_second_agent.post(f"/inbox/{row.pk}/reopen/", headers=HX)

    page = as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()
    assert "Second Agent reopened the conversation · Agent had closed it: Solved" in page


def test_of_two_who_close_at_once_one_closes_and_both_see_it_closed(
    committed: None, as_agent: Client, as_second_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    start = threading.Barrier(2)
    answers: list[Any] = []

    def close(browser: Client) -> None:
        start.wait(60)
        try:
            answers.append(browser.post(f"/inbox/{row.pk}/close/", headers=HX))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=close, args=[one]) for one in (as_agent, as_second_agent)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [answer.status_code for answer in answers] == [200, 200]
    with inbox.inside():
        assert row.events.filter(kind="closed").count() == 1


def test_the_intent_can_be_set_and_taken_away_and_the_promise_follows(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    with inbox.inside():
        intent = Intent.objects.create(name="Repair", response_minutes=7)

    as_agent.post(f"/inbox/{row.pk}/intent/", {"intent": str(intent.pk)}, headers=HX)
    with_intent = inbox.fresh(row)
    as_agent.post(f"/inbox/{row.pk}/intent/", {"intent": ""}, headers=HX)
    without = inbox.fresh(row)

    assert with_intent.intent_id == intent.pk and without.intent_id is None
    assert with_intent.due_at != without.due_at


def test_the_next_opens_by_itself_only_for_who_wants_it(
    as_agent: Client, as_second_agent: Client, agent: User, inbox: Inbox
) -> None:
    rows = [inbox.conversation(f"Nr {n}", minutes_ago=50 - n) for n in range(4)]
    as_second_agent.post(f"/inbox/{rows[1].pk}/take/", {"holder": ""}, headers=HX)
    as_agent.post(f"/inbox/{rows[2].pk}/snooze/", {"preset": "hour"}, headers=HX)

    stays = as_agent.post(f"/inbox/{rows[0].pk}/wait/", headers=HX)
    as_agent.post("/inbox/open-next/", {"on": "1"}, headers=HX)
    as_agent.post(f"/inbox/{rows[0].pk}/wake/", headers=HX)
    leads = as_agent.post(f"/inbox/{rows[0].pk}/wait/", headers=HX)
    alone = as_agent.post(f"/inbox/{rows[3].pk}/close/", headers=HX)

    assert "X-Next" not in stays
    assert leads["X-Next"] == f"/inbox/{rows[3].pk}/"  # neither a colleague's nor one that rests
    assert "X-Next" not in alone
    with inbox.inside():
        assert AuditEntry.objects.filter(action="profile.changed", actor_id=agent.pk).exists()


def test_next_leads_on_without_doing_anything(as_agent: Client, inbox: Inbox) -> None:
    first, second = inbox.conversation(minutes_ago=30), inbox.conversation(minutes_ago=10)

    told = as_agent.get(f"/inbox/{first.pk}/next/", headers=HX)
    plain = as_agent.get("/inbox/next/")

    assert (told.status_code, told["X-Next"]) == (204, f"/inbox/{second.pk}/")
    assert plain["Location"] == f"/inbox/{first.pk}/"
    assert inbox.fresh(first).status == "open"


def test_whoever_goes_past_several_sees_each_of_them_and_then_the_first_again(as_agent: Client, inbox: Inbox) -> None:
    rows = [inbox.conversation(minutes_ago=ago) for ago in (30, 20, 10)]

    def after(row: Conversation) -> str:
        return as_agent.get(f"/inbox/{row.pk}/next/", headers=HX)["X-Next"]

    assert [after(row) for row in rows] == [f"/inbox/{row.pk}/" for row in (rows[1], rows[2], rows[0])]
    with inbox.inside():
        Conversation.objects.filter(pk=rows[2].pk).update(danger_at=timezone.now())
    assert [after(row) for row in rows] == [f"/inbox/{row.pk}/" for row in (rows[2], rows[2], rows[0])]
    as_agent.post(f"/inbox/{rows[2].pk}/take/", {"holder": ""}, headers=HX)
    assert [after(row) for row in rows] == [f"/inbox/{row.pk}/" for row in (rows[1], rows[2], rows[0])]


def test_ones_own_conversations_keep_their_numbers_when_messages_come(
    as_agent: Client, inbox: Inbox, count_queries: Any
) -> None:
    rows = [inbox.conversation(f"Nr {n}") for n in range(11)]
    for row in rows:
        as_agent.post(f"/inbox/{row.pk}/take/", {"holder": ""}, headers=HX)
    inbox.message(rows[5], body="News")

    with count_queries() as counted:
        page = as_agent.get("/inbox/own/", headers=HX).content.decode()

    places = [page.index(f">{row.contact.name}<") for row in rows[:9]]
    assert places == sorted(places)
    assert "Nr 9" not in page
    assert len(counted) <= 8


def test_the_page_keeps_room_for_ones_own_conversations_when_there_are_some(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    without = as_agent.get("/inbox/").content.decode()
    as_agent.post(f"/inbox/{row.pk}/take/", {"holder": ""}, headers=HX)
    pages = [as_agent.get(path).content.decode() for path in ("/inbox/", f"/inbox/{row.pk}/")]

    assert 'id="own-strip" data-expected' not in without
    assert all('id="own-strip" data-expected' in page for page in pages)  # or the rows move when they are fetched


def test_a_note_goes_along_only_when_the_transfer_works(as_agent: Client, inbox: Inbox, team: Team) -> None:
    row = inbox.conversation()
    as_agent.post(f"/inbox/{row.pk}/close/", headers=HX)

    told = as_agent.post(f"/inbox/{row.pk}/transfer/", {"to": f"team:{team.pk}", "note": "Please"}, headers=HX)

    assert told.status_code == 422 and "Please" in told.content.decode()
    with inbox.inside():
        assert not Note.objects.exists()


def test_an_admin_says_what_closing_asks_for(as_admin: Client, inbox: Inbox) -> None:
    page = as_admin.get("/settings/inbox/").content.decode()
    fields = {"idle_close_days": 30, "reopen_hours": 24, "unknown_settles_minutes": 10}

    told = as_admin.post(
        "/settings/inbox/", {**fields, "close_reasons": " Solved\n\nNo answer\nSolved", "close_needs_intent": "on"}
    )

    assert "Reasons for closing" in page and told.status_code == 302
    with inbox.inside():
        settings = InboxSettings.load()
        assert (settings.close_reasons, settings.close_needs_intent) == (["Solved", "No answer"], True)


def test_sending_and_closing_leaves_it_open_where_closing_asks_for_more(
    as_agent: Client, inbox: Inbox, reply: Any
) -> None:
    row, other = inbox.conversation(), inbox.conversation("Other")
    assert "X-Ask" not in reply(as_agent, other, "Done", close="1")
    assert inbox.fresh(other).status == "closed"
    with inbox.inside():
        InboxSettings.objects.create(close_reasons=["Solved"])

    told = reply(as_agent, row, "Done", close="1")

    assert (told.status_code, told["X-Ask"]) == (200, "close")
    assert inbox.fresh(row).status == "open" and len(inbox.sent(row)) == 1
