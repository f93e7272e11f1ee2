"""Two people with an open conversation each become one: nothing that was going on in either is lost, and undoing it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.desk.models import DeskEntry
from conversations.models import ClientQuestion, Conversation, ConversationFollower, Draft, Label
from conversations.services.contacts import contact_merges
from tenants.accounts.models import User
from tests.conversations.inbox.conftest import HX, Inbox


@pytest.fixture
def inbox(company: Any, enter: Any) -> Inbox:
    return Inbox(company, enter)


@pytest.fixture
def older(inbox: Inbox) -> Conversation:
    return inbox.conversation("Ana", minutes_ago=60, said="Ik wacht")


@pytest.fixture
def newer(inbox: Inbox) -> Conversation:
    """Answered, and at rest."""
    row = inbox.conversation("Ana", minutes_ago=5, said="Dank")
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(waiting_since=None, hold="snoozed", hold_since=timezone.now())
    return row


def change(inbox: Inbox, row: Conversation, **fields: Any) -> None:
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(**fields)


def merged(inbox: Inbox, older: Conversation, newer: Conversation, by: User) -> Any:
    with inbox.inside():
        kept = contact_merges.merge_by_hand(newer.contact, older.contact, by=by, reason="Zei het zelf")
        return kept.merges.get()


def test_who_waits_who_answers_and_what_is_dangerous_go_on_in_the_one_that_stays(
    inbox: Inbox, older: Conversation, newer: Conversation, agent: User, supervisor: User
) -> None:
    now = timezone.now()
    with inbox.inside():
        label = Label.objects.create(name="Klacht")
    change(inbox, older, assignee=agent, assigned_at=now, danger_at=now, sensitive=True, labels=[label.pk])

    merged(inbox, older, newer, supervisor)

    closed, stays = inbox.fresh(older), inbox.fresh(newer)
    assert (closed.status, closed.close_reason, closed.waiting_since, closed.danger_at) == (
        "closed",
        "merged",
        None,
        None,
    )
    assert (stays.assignee, stays.danger_at, stays.sensitive, stays.labels) == (agent, now, True, [label.pk])
    assert stays.waiting_since == older.waiting_since and stays.due_at is not None
    assert stays.hold == ""  # who waits is not kept out of the queue by the other's rest
    assert list(DeskEntry.objects.filter(conversation_id__in=[older.pk, newer.pk]).values_list("pk", flat=True)) == [
        newer.pk
    ]


def test_a_rest_goes_on_where_nobody_waits_and_leaves_nothing_on_the_closed_one(
    inbox: Inbox, older: Conversation, newer: Conversation, supervisor: User
) -> None:
    change(inbox, older, waiting_since=None, hold="client", hold_since=timezone.now() - timedelta(days=1))
    change(inbox, newer, hold="", hold_since=None)

    merged(inbox, older, newer, supervisor)

    closed, stays = inbox.fresh(older), inbox.fresh(newer)
    assert (closed.hold, closed.hold_since) == ("", None)
    assert stays.hold == "client" and stays.hold_since is not None


def test_questions_followers_and_drafts_come_along_and_go_back(
    inbox: Inbox, older: Conversation, newer: Conversation, as_agent: Client, agent: User, supervisor: User
) -> None:
    as_agent.post(
        f"/inbox/{older.pk}/ask/", {"name": "Jan", "email": "jan@example.test", "body": "Wanneer?"}, headers=HX
    )
    as_agent.post(f"/inbox/{older.pk}/follow/", headers=HX)
    as_agent.post(f"/inbox/{older.pk}/draft/", {"mode": "reply", "body": "Half geschreven"}, headers=HX)

    done = merged(inbox, older, newer, supervisor)

    page = as_agent.get(f"/inbox/{newer.pk}/", headers=HX).content.decode()
    assert "Asked Jan" in page and "Half geschreven" in page
    with inbox.inside():
        assert ConversationFollower.objects.get().conversation_id == newer.pk
        contact_merges.undo(done.pk, by=supervisor)
        for model in (ClientQuestion, ConversationFollower, Draft):
            assert model.objects.get().conversation_id == older.pk


def test_undoing_gives_each_its_own_wait_rest_and_holder_back(
    inbox: Inbox, older: Conversation, newer: Conversation, agent: User, second_agent: User, supervisor: User
) -> None:
    change(inbox, older, assignee=agent, unread_count=2)
    change(inbox, newer, assignee=second_agent)
    before = [inbox.fresh(older), inbox.fresh(newer)]

    done = merged(inbox, older, newer, supervisor)
    with inbox.inside():
        contact_merges.undo(done.pk, by=supervisor)

    for was, row in zip(before, (inbox.fresh(older), inbox.fresh(newer)), strict=True):
        for name in ("status", "waiting_since", "unread_count", "assignee", "hold", "danger_at", "channel_id"):
            assert getattr(row, name) == getattr(was, name), name
    assert inbox.fresh(older).due_at is not None


def test_undoing_keeps_what_people_did_since(
    inbox: Inbox, older: Conversation, newer: Conversation, agent: User, second_agent: User, supervisor: User
) -> None:
    done = merged(inbox, older, newer, supervisor)
    change(inbox, newer, assignee=second_agent, waiting_since=None)

    with inbox.inside():
        contact_merges.undo(done.pk, by=supervisor)

    assert (inbox.fresh(newer).assignee, inbox.fresh(newer).waiting_since) == (second_agent, None)
    assert inbox.fresh(older).waiting_since == older.waiting_since  # nobody answered this person
