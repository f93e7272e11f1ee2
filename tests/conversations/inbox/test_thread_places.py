"""A thread opens at what is new or at what was asked for, goes on both ways without a gap, and finds its words."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, ConversationEvent, Message, Note
from tenants.accounts.models import AuditEntry, User
from tests.conversations.inbox.conftest import HX, Inbox

COUNT = 90
KEY = re.compile(r'data-key="([^"]+)"')
ID = re.compile(r'<li class="(?:bubble|event-line)" id="item-([0-9a-f-]{36})"')


@pytest.fixture
def long_thread(inbox: Inbox) -> tuple[Conversation, list[Message]]:
    """Ninety messages a minute apart, some of them at the same second, a note and an event between them."""
    row = inbox.conversation(minutes_ago=200)
    begin = timezone.now() - timedelta(minutes=100)
    messages = [
        inbox.message(row, body=f"Message {index}", at=begin + timedelta(minutes=index - index % 3))
        for index in range(COUNT)
    ]
    with inbox.inside():
        at = messages[45].at
        Note.objects.create(channel_id=row.channel_id, conversation=row, body="Mind the gap", at=at)
        ConversationEvent.objects.create(channel_id=row.channel_id, conversation=row, kind="reopened", at=at)
    return row, messages


def part(browser: Client, row: Conversation, path: str) -> str:
    response = browser.get(f"/inbox/{row.pk}/{path}", headers=HX)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def link(shown: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]+)"', shown)
    return found[1] if found else ""


def test_a_message_in_the_middle_opens_with_what_stands_around_it(
    as_agent: Client, long_thread: tuple[Conversation, list[Message]]
) -> None:
    row, messages = long_thread

    shown = part(as_agent, row, f"?at={messages[40].pk}")

    assert f'data-at="{messages[40].pk}"' in shown
    assert "Message 40" in shown and "Message 89" not in shown and "Hallo?" not in shown
    assert link(shown, "older") and link(shown, "newer")
    assert "Message 89" in part(as_agent, row, "?at=nonsense")


def test_both_ways_lead_to_the_ends_without_a_gap_or_a_double(
    as_agent: Client, long_thread: tuple[Conversation, list[Message]]
) -> None:
    row, messages = long_thread
    shown = part(as_agent, row, f"around/?at={messages[45].pk}")
    keys, older, newer = KEY.findall(shown), link(shown, "older"), link(shown, "newer")

    while newer:
        shown = part(as_agent, row, f"newer/?after={newer}")
        keys, newer = keys + KEY.findall(shown), link(shown, "newer")
    while older:
        shown = part(as_agent, row, f"older/?before={older}")
        keys, older = KEY.findall(shown) + keys, link(shown, "older")

    assert keys == sorted(set(keys))
    assert len(keys) == COUNT + 3  # the first message, the note and the event


def test_a_note_is_found_by_its_id_and_a_strange_id_is_not(
    as_agent: Client, inbox: Inbox, long_thread: tuple[Conversation, list[Message]]
) -> None:
    row, _messages = long_thread
    with inbox.inside():
        note = Note.objects.get()
    elsewhere = inbox.message(inbox.conversation("Piet"), body="Elsewhere")

    assert "Mind the gap" in part(as_agent, row, f"around/?at={note.pk}")
    assert as_agent.get(f"/inbox/{row.pk}/around/?at={elsewhere.pk}", headers=HX).status_code == 404


def test_it_opens_where_unread_begins_and_only_the_first_time(
    as_agent: Client, inbox: Inbox, long_thread: tuple[Conversation, list[Message]]
) -> None:
    row, messages = long_thread
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(unread_count=50)

    first = part(as_agent, row, "")
    second = part(as_agent, row, "")

    assert f'data-unread="{messages[40].pk}" data-unread-count="50"' in first
    assert str(messages[40].pk) in ID.findall(first) and link(first, "newer")
    assert "data-unread=" not in second and str(messages[89].pk) in ID.findall(second)


def test_a_few_unread_ones_stand_on_the_newest_page(
    as_agent: Client, inbox: Inbox, long_thread: tuple[Conversation, list[Message]]
) -> None:
    row, messages = long_thread
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(unread_count=2)

    shown = part(as_agent, row, "")

    assert f'data-unread="{messages[88].pk}" data-unread-count="2"' in shown
    assert str(messages[89].pk) in ID.findall(shown) and not link(shown, "newer")


def test_words_are_found_over_the_whole_thread_the_newest_first(
    as_agent: Client, inbox: Inbox, long_thread: tuple[Conversation, list[Message]]
) -> None:
    row, messages = long_thread
    inbox.message(inbox.conversation("Piet"), body="Message 8 of somebody else")

    told = as_agent.get(f"/inbox/{row.pk}/find/?q=MESSAGE 8", headers=HX).json()

    assert told == {"ids": [str(messages[n].pk) for n in (*range(89, 79, -1), 8)], "more": False}
    assert len(as_agent.get(f"/inbox/{row.pk}/find/?q=mind the", headers=HX).json()["ids"]) == 1
    assert as_agent.get(f"/inbox/{row.pk}/find/?q=%25", headers=HX).json()["ids"] == []


def test_hidden_and_removed_words_are_not_found_and_the_search_is_recorded_without_them(
    as_agent: Client, agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation()
    inbox.message(row, body="My number is 123456782, thanks", masks=[[13, 22, "bsn"]])
    inbox.message(row, body="Thanks 12345", removed_at=timezone.now())

    assert as_agent.get(f"/inbox/{row.pk}/find/?q=12345", headers=HX).json()["ids"] == []
    assert len(as_agent.get(f"/inbox/{row.pk}/find/?q=thanks", headers=HX).json()["ids"]) == 1
    with inbox.inside():
        entry = AuditEntry.objects.get(action="search.run")
    assert (entry.actor_id, entry.details) == (agent.pk, {})


def test_every_bubble_tells_who_and_when_for_whoever_copies_it(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation("Marieke")

    shown = part(as_agent, row, "")

    assert 'data-sender="Marieke"' in shown and "data-copy-bubble" in shown
    assert re.search(r'data-when="[^"]*\d{2}:\d{2}:\d{2}"', shown)
