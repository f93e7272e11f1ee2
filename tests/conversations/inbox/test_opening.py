"""Queue and thread open, at a fixed cost, for the people of one company only."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, ConversationEvent, Note
from tenants.accounts.models import AuditEntry, User
from tests.conversations.inbox.conftest import HX, Inbox


def page(browser: Client, address: str, **headers: str) -> str:
    response = browser.get(address, headers=headers)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_longest_wait_stands_first_and_other_companies_do_not_show(
    as_agent: Client, inbox: Inbox, other_inbox: Inbox
) -> None:
    inbox.conversation("Short wait", minutes_ago=3)
    inbox.conversation("Long wait", minutes_ago=40)
    other_inbox.conversation("Somebody elsewhere")

    shown = page(as_agent, "/inbox/")

    assert shown.index("Long wait") < shown.index("Short wait")
    assert "Somebody elsewhere" not in shown


def test_opening_a_thread_shows_messages_notes_and_the_composer(as_agent: Client, agent: User, inbox: Inbox) -> None:
    row = inbox.conversation(said="Where is my bicycle?")
    with inbox.inside():
        Note.objects.create(
            channel_id=row.channel_id, conversation=row, author=agent, body="Regular customer", at=timezone.now()
        )

    shown = page(as_agent, f"/inbox/{row.pk}/")

    assert "Where is my bicycle?" in shown
    assert "Regular customer" in shown
    assert "Write to Marieke" in shown


def test_htmx_gets_the_thread_alone_and_going_back_in_history_the_whole_page(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    fragment = page(as_agent, f"/inbox/{row.pk}/", **HX)
    whole = page(as_agent, f"/inbox/{row.pk}/", **HX, **{"HX-History-Restore-Request": "true"})

    assert fragment.lstrip().startswith("<section") and "hx-swap-oob" in fragment
    assert whole.lstrip().startswith("<!doctype html>")


def test_opening_is_recorded_once_in_five_minutes_and_marks_the_thread_seen(
    as_agent: Client, agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        Conversation.objects.update(unread_count=3)

    page(as_agent, f"/inbox/{row.pk}/")
    page(as_agent, f"/inbox/{row.pk}/")

    with inbox.inside():
        entries = list(AuditEntry.objects.filter(action="conversation.opened"))
    assert [(entry.actor_id, entry.subject_id) for entry in entries] == [(agent.pk, str(row.pk))]
    fresh = inbox.fresh(row)
    assert fresh.unread_count == 0
    assert fresh.channel.receipt_wamid == ""  # looking never sends a read receipt


def test_a_search_finds_names_and_is_recorded_without_its_terms(as_agent: Client, inbox: Inbox) -> None:
    inbox.conversation("Fatima Yilmaz")
    inbox.conversation("Jan Jansen")

    found = page(as_agent, "/inbox/queue/?q=yilmaz", **HX)

    assert "Fatima" in found and "Jansen" not in found
    with inbox.inside():
        entry = AuditEntry.objects.get(action="search.run")
    assert "yilmaz" not in str(entry.details).lower()


@pytest.mark.parametrize("view", ["waiting", "mine", "open", "closed"])
def test_the_queue_costs_the_same_with_one_row_and_with_forty(
    view: str, as_agent: Client, agent: User, inbox: Inbox, count_queries: Callable[[], Any]
) -> None:
    def add(many: int) -> None:
        for _one in range(many):
            inbox.conversation()
        with inbox.inside():
            closed = {"status": "closed", "waiting_since": None} if view == "closed" else {}
            Conversation.objects.update(assignee=agent, **closed)

    add(1)
    page(as_agent, f"/inbox/?view={view}")
    with count_queries() as few:
        page(as_agent, f"/inbox/?view={view}")
    add(39)
    with count_queries() as many:
        page(as_agent, f"/inbox/?view={view}")

    assert len(many) == len(few) <= 10, [query["sql"][:90] for query in many.captured_queries]


def test_a_thread_costs_the_same_with_one_message_and_with_forty(
    as_agent: Client, agent: User, inbox: Inbox, count_queries: Callable[[], Any]
) -> None:
    def add(number: int) -> None:
        first = inbox.message(row, body=f"Message {number}")
        inbox.message(row, direction="out", body=f"Answer {number}", author=agent, quoted_wamid=first.wamid)
        inbox.message(row, type="reaction", quoted_wamid=first.wamid, content={"emoji": "👍"})

    row = inbox.conversation()
    add(0)
    page(as_agent, f"/inbox/{row.pk}/", **HX)
    with count_queries() as few:
        page(as_agent, f"/inbox/{row.pk}/", **HX)
    for number in range(1, 40):
        add(number)
    with count_queries() as many:
        page(as_agent, f"/inbox/{row.pk}/", **HX)

    assert len(many) == len(few) <= 25, [query["sql"][:90] for query in many.captured_queries]


def test_a_long_thread_comes_in_pages_that_join_without_gap_or_repetition(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation(minutes_ago=600, said="number 0.")
    moment = timezone.now().replace(microsecond=0) - timedelta(hours=9)
    for number in range(1, 120):  # three share a second, as the platform's clock goes by seconds
        inbox.message(row, body=f"number {number}.", at=moment + timedelta(seconds=number // 3))
    with inbox.inside():
        for number in range(80):  # and twice that of what happened beside, some of it the beginning of a spell
            kind, at = ("opened", "taken")[number % 2], moment + timedelta(seconds=number // 2)
            ConversationEvent.objects.create(channel=row.channel, conversation=row, kind=kind, at=at)

    shown = [page(as_agent, f"/inbox/{row.pk}/", **HX)]
    while 'data-older="' in shown[-1]:
        key = shown[-1].split('data-older="')[1].split('"')[0]
        shown.append(page(as_agent, f"/inbox/{row.pk}/older/?before={key}", **HX))

    seen = [number for part in reversed(shown) for number in range(120) if f">number {number}.<" in part]
    assert seen == list(range(120))
    lines = "".join(reversed(shown)).split('<li class="')[1:]
    order = [line.split('data-key="')[1].split('"')[0] for line in lines if 'data-key="' in line]
    assert (len(order), order) == (200, sorted(set(order)))
    assert len(shown) > 2


def test_an_odd_key_or_view_is_no_accident(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    assert as_agent.get("/inbox/?view=<script>&after=w_x_y&limit=١٢").status_code == 200
    assert as_agent.get("/inbox/queue/?q=%00%00&after=").status_code == 200
    assert as_agent.get(f"/inbox/{row.pk}/older/?before=1.2").status_code == 400
    assert as_agent.get(f"/inbox/{row.pk}/older/?before=99999999999999999999.1.{row.pk}").status_code == 400
    assert as_agent.get(f"/inbox/{row.pk}/news/?since=yesterday").status_code == 205
    assert as_agent.get("/inbox/rows/?ids=1,2,%00").status_code == 200
