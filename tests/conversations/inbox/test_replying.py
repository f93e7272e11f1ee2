"""Answers leave once, inside the window, by whoever holds the conversation, and can be taken back for a moment."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connections
from django.test import Client
from django.utils import timezone

from conversations.models import Channel, PhoneNumber
from conversations.status import MessageStatus
from tenants.accounts.models import User
from tenants.models import ClientCompany
from tests.conversations.inbox.conftest import HX, Inbox
from tests.fixtures.people import browser_of

Post = Callable[..., Any]


def test_a_reply_is_queued_with_undo_time_and_its_author_holds_the_conversation(
    as_agent: Client, agent: User, inbox: Inbox, reply: Post
) -> None:
    row = inbox.conversation()

    response = reply(as_agent, row, "Tomorrow at ten.")

    assert response.status_code == 200
    assert "Tomorrow at ten." in response.content.decode()
    [message] = inbox.sent(row)
    assert message.status == MessageStatus.QUEUED
    assert message.not_before is not None
    assert message.not_before - message.at == timedelta(seconds=agent.undo_seconds)
    fresh = inbox.fresh(row)
    assert (fresh.assignee_id, fresh.waiting_since) == (agent.pk, None)
    assert fresh.channel.receipt_wamid  # answering is what tells the person that it was read


def test_two_tabs_with_the_same_token_send_once(as_agent: Client, inbox: Inbox, reply: Post) -> None:
    row, token = inbox.conversation(), str(uuid4())

    first = reply(as_agent, row, "Once", token=token)
    second = reply(as_agent, row, "Once", token=token)

    assert first.status_code == second.status_code == 200
    assert len(inbox.sent(row)) == 1


def test_two_tabs_that_send_at_the_same_moment_send_once(
    committed: None, as_agent: Client, agent: User, company: ClientCompany, inbox: Inbox, reply: Post
) -> None:
    row, token, start = inbox.conversation(), str(uuid4()), threading.Barrier(2)
    answers: list[int] = []

    def send(tab: Client) -> None:
        start.wait(60)
        try:
            answers.append(reply(tab, row, "Once", token=token).status_code)
        finally:
            connections.close_all()

    tabs = [threading.Thread(target=send, args=[tab]) for tab in (as_agent, browser_of(agent, company=company))]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join(60)

    assert answers == [200, 200]
    assert [message.body for message in inbox.sent(row)] == ["Once"]


def test_undo_takes_the_reply_back_and_returns_its_text(as_agent: Client, inbox: Inbox, reply: Post) -> None:
    row = inbox.conversation()
    waiting_since = inbox.fresh(row).waiting_since
    reply(as_agent, row, "Wrong window", close="1")
    [message] = inbox.sent(row)
    assert inbox.fresh(row).status == "closed"

    response = as_agent.post(f"/inbox/{row.pk}/messages/{message.pk}/undo/", headers=HX)

    assert response.json() == {"body": "Wrong window"}
    assert inbox.sent(row) == []
    assert (inbox.fresh(row).status, inbox.fresh(row).waiting_since) == ("open", waiting_since)


def test_what_has_left_or_is_somebody_elses_cannot_be_taken_back(
    as_agent: Client, as_second_agent: Client, inbox: Inbox, reply: Post
) -> None:
    row = inbox.conversation()
    reply(as_agent, row, "Mine")
    [message] = inbox.sent(row)
    address = f"/inbox/{row.pk}/messages/{message.pk}/undo/"

    assert as_second_agent.post(address, headers=HX).status_code == 422
    with inbox.inside():
        message.status = MessageStatus.SENDING
        message.save()
    gone = as_agent.post(address, headers=HX)

    assert (gone.status_code, gone.json()["code"]) == (422, "not_undoable")
    assert len(inbox.sent(row)) == 1


def test_after_the_window_the_template_picker_stands_where_the_field_was(
    as_agent: Client, inbox: Inbox, reply: Post
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        Channel.objects.update(last_inbound_at=timezone.now() - timedelta(hours=24))

    response = reply(as_agent, row, "Too late")

    assert response.status_code == 422
    shown = response.content.decode()
    assert "approved message template" in shown
    assert 'data-offers="template"' in shown
    assert "Too late" in shown  # what was written is not lost
    assert inbox.sent(row) == []
    assert inbox.fresh(row).assignee is None


def test_whoever_does_not_hold_the_conversation_is_told_who_does(
    as_agent: Client, as_second_agent: Client, inbox: Inbox, reply: Post
) -> None:
    row = inbox.conversation()
    reply(as_agent, row, "I have it")

    response = reply(as_second_agent, row, "Me too")

    assert response.status_code == 422
    assert "Agent answers this conversation" in response.content.decode()
    assert [message.body for message in inbox.sent(row)] == ["I have it"]


def test_nothing_and_too_much_are_refused_in_place(as_agent: Client, inbox: Inbox, reply: Post) -> None:
    row = inbox.conversation()

    for body in ("", "   \n ", "x" * 4097):
        response = reply(as_agent, row, body)
        assert response.status_code == 422, len(body)
        assert 'data-state="error"' in response.content.decode()
    assert inbox.sent(row) == []
    assert reply(as_agent, row, "x" * 4096).status_code == 200


def test_a_zero_byte_is_shown_and_not_an_accident(as_agent: Client, inbox: Inbox, reply: Post) -> None:
    row = inbox.conversation()

    assert reply(as_agent, row, "a\x00b").status_code == 200

    assert [message.body for message in inbox.sent(row)] == ["a\ufffdb"]


def test_an_agent_who_wants_no_undo_sends_at_once(as_agent: Client, agent: User, inbox: Inbox, reply: Post) -> None:
    row = inbox.conversation()
    with inbox.inside():
        User.objects.filter(pk=agent.pk).update(undo_seconds=0)

    reply(as_agent, row, "Now")

    [message] = inbox.sent(row)
    assert message.not_before is None


def test_from_a_paused_number_answers_wait_and_the_composer_says_why(
    as_agent: Client, inbox: Inbox, reply: Post
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        PhoneNumber.objects.update(state="paused", state_reason="token_dead")

    shown = as_agent.get(f"/inbox/{row.pk}/composer/", headers=HX).content.decode()

    assert "What you write waits here" in shown and "has to be renewed by an admin" in shown
    assert reply(as_agent, row, "Later").status_code == 200


def test_from_a_stopped_number_nothing_can_be_written_but_a_note(as_agent: Client, inbox: Inbox, reply: Post) -> None:
    row = inbox.conversation()
    with inbox.inside():
        PhoneNumber.objects.update(state="stopped", state_reason="error_131031")

    response = reply(as_agent, row, "Now")

    assert response.status_code == 422
    assert "Nothing can be sent" in response.content.decode()
    assert as_agent.post(f"/inbox/{row.pk}/note/", {"body": "Call them"}, headers=HX).status_code == 200
