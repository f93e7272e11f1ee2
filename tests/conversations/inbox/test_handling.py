"""Taking over is won by one, seen by all; closing leads on; what happens shows in everybody's thread."""

import re
import threading
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, ConversationEvent, Team, TeamMember
from tenants import live
from tenants.accounts.models import User
from tests.conversations.inbox.conftest import HX, Inbox
from tests.fixtures.companies import Enter


def test_of_two_who_take_over_at_once_one_wins_and_the_other_is_told_who(
    committed: None, as_agent: Client, as_second_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    start = threading.Barrier(2)
    answers: dict[str, Any] = {}

    def take(name: str, browser: Client) -> None:
        start.wait(60)
        try:
            answers[name] = browser.post(f"/inbox/{row.pk}/take/", {"holder": ""}, headers=HX)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=take, args=pair) for pair in (("Agent", as_agent), ("Second Agent", as_second_agent))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(answer.status_code for answer in answers.values()) == [200, 422]
    [winner] = [name for name, answer in answers.items() if answer.status_code == 200]
    [loser] = [answer for answer in answers.values() if answer.status_code == 422]
    fresh = inbox.fresh(row)
    assert fresh.assignee is not None and fresh.assignee.name == winner
    assert f"{winner} was quicker" in loser.content.decode()
    with inbox.inside():
        assert ConversationEvent.objects.filter(conversation=row, kind="taken").count() == 1


def test_taking_over_from_the_holder_one_saw_works_and_asks_for_a_read_receipt(
    as_agent: Client, as_second_agent: Client, agent: User, second_agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation()
    as_agent.post(f"/inbox/{row.pk}/take/", {"holder": ""}, headers=HX)
    assert inbox.fresh(row).channel.receipt_wamid

    response = as_second_agent.post(f"/inbox/{row.pk}/take/", {"holder": str(agent.pk)}, headers=HX)

    assert response.status_code == 200
    assert inbox.fresh(row).assignee_id == second_agent.pk


def test_an_odd_holder_counts_as_nobody(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    assert as_agent.post(f"/inbox/{row.pk}/take/", {"holder": "<script>"}, headers=HX).status_code == 200


def test_a_colleagues_conversation_is_closed_only_by_whom_it_was_said_that_she_answers_it(
    as_agent: Client, inbox: Inbox, second_agent: User, supervisor: User
) -> None:
    row = inbox.conversation("Anna")
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(assignee=second_agent)

    asked = as_agent.post(f"/inbox/{row.pk}/close/", headers=HX)

    assert (asked.status_code, asked["X-Ask"]) == (422, "close")
    told = asked.content.decode()
    assert f"{second_agent.name} answers this conversation." in told
    assert f'name="holder" value="{second_agent.pk}"' in told
    assert inbox.fresh(row).status == "open"
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(assignee=supervisor)
    again = as_agent.post(f"/inbox/{row.pk}/close/", {"holder": str(second_agent.pk), "asked": "1"}, headers=HX)
    assert again.status_code == 422 and supervisor.name in again.content.decode()
    as_agent.post(f"/inbox/{row.pk}/close/", {"holder": str(supervisor.pk)}, headers=HX)
    assert inbox.fresh(row).status == "closed"


def test_close_and_next_leads_to_the_longest_wait_and_at_the_end_to_the_inbox(as_agent: Client, inbox: Inbox) -> None:
    first, second = inbox.conversation(minutes_ago=30), inbox.conversation(minutes_ago=10)

    leads_on = as_agent.post(f"/inbox/{first.pk}/close/", {"next": "1"}, headers=HX)
    ends = as_agent.post(f"/inbox/{second.pk}/close/", {"next": "1"}, headers=HX)

    assert leads_on["X-Next"] == f"/inbox/{second.pk}/"
    assert ends["X-Next"] == "/inbox/"
    assert inbox.fresh(first).status == inbox.fresh(second).status == "closed"


def test_next_leads_to_what_came_back_from_a_rest_and_then_to_ones_own_teams(
    as_agent: Client, agent: User, inbox: Inbox
) -> None:
    other_teams, hers, woken, read = (inbox.conversation(minutes_ago=ago) for ago in (90, 10, 60, 50))
    with inbox.inside():
        mine, theirs = (Team.objects.create(name=name) for name in ("Service", "Rental"))
        TeamMember.objects.create(team=mine, user=agent)
        Conversation.objects.filter(pk=other_teams.pk).update(team=theirs)
        Conversation.objects.filter(pk=hers.pk).update(team=mine)
        Conversation.objects.filter(pk__in=[woken.pk, read.pk]).update(assignee=agent, waiting_since=None)
        Conversation.objects.filter(pk=woken.pk).update(unread_count=1, woke_at=timezone.now())

    assert as_agent.get("/inbox/next/").headers["Location"] == f"/inbox/{woken.pk}/"
    told = as_agent.post(f"/inbox/{woken.pk}/close/", {"next": "1"}, headers=HX)
    assert told.headers["X-Next"] == f"/inbox/{hers.pk}/"
    told = as_agent.post(f"/inbox/{hers.pk}/close/", {"next": "1"}, headers=HX)
    assert told.headers["X-Next"] == "/inbox/"


def test_what_a_colleague_holds_is_given_back_by_her_or_by_who_may_assign(
    as_agent: Client, as_supervisor: Client, second_agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(assignee=second_agent)

    refused = as_agent.post(f"/inbox/{row.pk}/release/", headers=HX)
    assert refused.status_code == 422 and second_agent.name in refused.content.decode()
    assert inbox.fresh(row).assignee == second_agent

    assert as_supervisor.post(f"/inbox/{row.pk}/release/", headers=HX).status_code == 200
    assert inbox.fresh(row).assignee is None


def test_reopening_shows_the_newer_conversation_if_there_is_one(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    as_agent.post(f"/inbox/{row.pk}/close/", headers=HX)

    response = as_agent.post(f"/inbox/{row.pk}/reopen/", headers=HX)

    assert response.status_code == 200 and "X-Next" not in response
    assert inbox.fresh(row).status == "open"


def test_what_one_does_shows_in_the_others_thread_as_news(
    as_agent: Client, as_second_agent: Client, inbox: Inbox, reply: Callable[..., Any]
) -> None:
    row = inbox.conversation()
    opened = as_second_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()
    since = opened.split('data-since="')[1].split('"')[0]
    reply(as_agent, row, "I take this one")
    as_agent.post(f"/inbox/{row.pk}/note/", {"body": "Already phoned"}, headers=HX)

    told = as_second_agent.get(f"/inbox/{row.pk}/news/", {"since": since, "seen": ""}, headers=HX).content.decode()

    assert "I take this one" in told
    assert "Already phoned" in told
    assert "Agent took over" in told
    assert 'data-offers="held"' in told


def test_news_bring_only_what_the_page_lacks_and_tell_what_is_gone(
    as_agent: Client, inbox: Inbox, reply: Callable[..., Any]
) -> None:
    row = inbox.conversation()
    reply(as_agent, row, "Stays")
    reply(as_agent, row, "Goes")
    shown = as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()
    since = shown.split('data-since="')[1].split('"')[0]
    seen = dict(re.findall(r'<li [^>]*data-id="([^"]+)"[^>]*data-version="([^"]+)"', shown))
    assert len(seen) == 4  # what the person said, who took over, and two answers
    last = inbox.sent(row)[-1]
    as_agent.post(f"/inbox/{row.pk}/messages/{last.pk}/undo/", headers=HX)

    asked = {"since": since, "seen": ",".join(f"{pk}.{version}" for pk, version in seen.items())}
    told = as_agent.get(f"/inbox/{row.pk}/news/", asked, headers=HX).content.decode()

    assert "<li " not in told
    assert f'data-gone="{last.pk} "' in told


def test_the_token_of_a_page_names_its_company_and_person_only(
    as_agent: Client, agent: User, inbox: Inbox, enter: Enter
) -> None:
    token = live.read(as_agent.get("/live/token/").json()["token"])

    schema_name = inbox.company.schema_name
    assert token.side == schema_name
    assert token.topics == (f"company:{schema_name}", f"user:{schema_name}:{agent.pk}")
    assert token.origin == "http://fietsland.test"
