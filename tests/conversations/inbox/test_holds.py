"""Conversations that rest: until a time, a message of the customer, or an answer of the client."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from conversations.desk.models import DeskEntry
from conversations.models import Conversation, ConversationEvent, InboxSettings
from conversations.services import housekeeping, summary
from conversations.services.handling import holds
from tenants.accounts.models import User
from tenants.models import WorkMark
from tests.conversations.inbox.conftest import HX, Inbox
from tests.fixtures.webhooks import WriteFrom
from tests.fixtures.work import RunDue


def test_snoozing_until_a_time_shows_its_end_in_the_head_and_marks_the_work(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    told = as_agent.post(f"/inbox/{row.pk}/snooze/", {"preset": "tomorrow"}, headers=HX)

    fresh = inbox.fresh(row)
    assert told.status_code == 200
    assert "Snoozed until" in told.content.decode()
    assert fresh.hold == "snoozed" and fresh.hold_since is not None and fresh.hold_until is not None
    with inbox.inside():
        assert WorkMark.objects.filter(key="snooze", due_at=fresh.hold_until).exists()


def test_the_dialog_says_when_the_window_closes_and_which_times_lie_past_it(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation(minutes_ago=23 * 60)

    asked = as_agent.get(f"/inbox/{row.pk}/snooze/", headers=HX).content.decode()

    assert "Free reply until" in asked
    assert "After the window" in asked
    assert "/billing/estimate/?category=UTILITY" in asked


def test_what_a_template_costs_is_told_without_choosing_one(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    told = as_agent.get(f"/billing/estimate/?category=UTILITY&conversation={row.pk}", headers=HX)
    odd = as_agent.get(f"/billing/estimate/?category=ODD&conversation={row.pk}", headers=HX)

    assert told.status_code == 200 and "cost-line" in told.content.decode()
    assert odd.status_code == 404


@pytest.mark.parametrize("data", [{"preset": "own", "own": "2001-01-01T10:00"}, {"preset": "own"}, {"preset": "x"}, {}])
def test_a_time_that_is_none_or_past_is_refused_in_the_dialog(
    as_agent: Client, inbox: Inbox, data: dict[str, str]
) -> None:
    row = inbox.conversation()

    told = as_agent.post(f"/inbox/{row.pk}/snooze/", data, headers=HX)

    assert told.status_code == 422
    assert "Choose a time" in told.content.decode()
    assert inbox.fresh(row).hold == ""


def test_an_own_time_is_read_by_the_companys_clock(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    day = (timezone.now() + timedelta(days=30)).date()

    as_agent.post(f"/inbox/{row.pk}/snooze/", {"preset": "own", "own": f"{day}T10:00"}, headers=HX)

    until = inbox.fresh(row).hold_until
    assert until is not None and until.astimezone(UTC).hour in (8, 9)  # Amsterdam, summer or winter


def test_each_kind_has_a_clock_of_its_own_that_goes_on_when_only_its_end_changes(
    as_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    as_agent.post(f"/inbox/{row.pk}/snooze/", {"preset": "hour"}, headers=HX)
    first = inbox.fresh(row).hold_since

    as_agent.post(f"/inbox/{row.pk}/snooze/", {"preset": "tomorrow"}, headers=HX)
    assert inbox.fresh(row).hold_since == first

    as_agent.post(f"/inbox/{row.pk}/wait/", headers=HX)
    fresh = inbox.fresh(row)
    assert fresh.hold == "customer" and fresh.hold_since != first and fresh.hold_until is None


def test_ending_by_hand_says_who_did_it(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    as_agent.post(f"/inbox/{row.pk}/wait/", {"for": "client"}, headers=HX)

    as_agent.post(f"/inbox/{row.pk}/wake/", headers=HX)
    as_agent.post(f"/inbox/{row.pk}/wake/", headers=HX)

    page = as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()
    assert inbox.fresh(row).hold == ""
    assert page.count("Agent ended the hold") == 1


def test_a_closed_conversation_cannot_rest_and_closing_ends_the_rest(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    as_agent.post(f"/inbox/{row.pk}/wait/", headers=HX)
    as_agent.post(f"/inbox/{row.pk}/close/", headers=HX)
    assert inbox.fresh(row).hold == ""

    told = as_agent.post(f"/inbox/{row.pk}/wait/", headers=HX)

    assert told.status_code == 422
    assert "closed" in told.content.decode()


def test_a_message_of_the_customer_ends_the_rest_and_the_thread_says_so(
    run_due: RunDue, as_agent: Client, inbox: Inbox, write_from: WriteFrom
) -> None:
    write_from(text="Hallo?")
    with inbox.inside():
        row = Conversation.objects.get()
    as_agent.post(f"/inbox/{row.pk}/snooze/", {"preset": "tomorrow"}, headers=HX)

    write_from(text="Nog iets")

    page = as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()
    fresh = inbox.fresh(row)
    assert (fresh.hold, fresh.hold_since, fresh.hold_until) == ("", None, None)
    assert "The customer wrote: no longer on hold" in page


def test_a_new_message_that_reopens_says_who_had_closed_and_why(
    run_due: RunDue, as_agent: Client, inbox: Inbox, write_from: WriteFrom
) -> None:
    write_from(text="Hallo?")
    with inbox.inside():
        row = Conversation.objects.get()
        InboxSettings.objects.create(close_reasons=["Solved"])
    as_agent.post(f"/inbox/{row.pk}/close/", {"reason": "Solved"}, headers=HX)

    write_from(text="Nog iets")

    page = as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()
    assert "Reopened by a new message · Agent had closed it: Solved" in page


def test_snoozing_while_a_message_comes_in_never_loses_the_message(
    run_due: RunDue, as_agent: Client, inbox: Inbox, write_from: WriteFrom
) -> None:
    write_from(text="Hallo?")
    with inbox.inside():
        row = Conversation.objects.get()
    write_from(text="Nog iets", apply=False)
    start = threading.Barrier(2)

    def snooze() -> None:
        start.wait(60)
        try:
            as_agent.post(f"/inbox/{row.pk}/snooze/", {"preset": "tomorrow"}, headers=HX)
        finally:
            connections.close_all()

    thread = threading.Thread(target=snooze)
    thread.start()
    start.wait(60)
    run_due("inbound")
    thread.join(60)

    fresh = inbox.fresh(row)
    with inbox.inside():
        kinds = list(ConversationEvent.objects.filter(kind__in=["held", "hold_ended"]).values_list("kind", flat=True))
    assert fresh.waiting_since is not None and fresh.unread_count >= 1
    assert (fresh.hold == "") == ("hold_ended" in kinds)  # whichever came last counts, and the thread tells which


def test_time_ends_a_snooze_for_everybody_due_and_nobody_else(
    run_due: RunDue, as_agent: Client, agent: User, inbox: Inbox
) -> None:
    due, later = inbox.conversation("Due"), inbox.conversation("Later")
    for row in (due, later):
        as_agent.post(f"/inbox/{row.pk}/take/", {"holder": ""}, headers=HX)
        as_agent.post(f"/inbox/{row.pk}/snooze/", {"preset": "tomorrow"}, headers=HX)
    with inbox.inside():
        moment = timezone.now() - timedelta(seconds=1)
        Conversation.objects.filter(pk=due.pk).update(hold_until=moment, unread_count=0)
    WorkMark.objects.filter(key="snooze").update(due_at=moment)

    run_due("housekeeping")

    came_back = inbox.fresh(due)
    assert (came_back.hold, came_back.unread_count, came_back.assignee_id) == ("", 1, agent.pk)
    assert inbox.fresh(later).hold == "snoozed"
    with inbox.inside():
        [event] = ConversationEvent.objects.filter(kind="hold_ended")
    assert event.conversation_id == due.pk and event.data["why"] == "time"


def test_what_came_back_says_so_until_its_holder_looks(
    as_agent: Client, as_second_agent: Client, agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        past = timezone.now() - timedelta(minutes=1)
        held = {"assignee": agent, "waiting_since": None, "hold": "snoozed", "hold_since": past, "hold_until": past}
        Conversation.objects.filter(pk=row.pk).update(**held)
        holds.end_due()
    assert "Came back" in as_agent.get("/inbox/").content.decode()
    assert "Came back" not in as_second_agent.get("/inbox/").content.decode()

    as_second_agent.get(f"/inbox/{row.pk}/", headers=HX)  # a colleague who looks in takes nothing off her list

    assert inbox.fresh(row).unread_count == 0
    assert "Came back" in as_agent.get("/inbox/").content.decode()
    as_agent.get(f"/inbox/{row.pk}/", headers=HX)
    assert inbox.fresh(row).woke_at is None
    assert "Came back" not in as_agent.get("/inbox/?view=mine").content.decode()


@pytest.mark.parametrize("act", ["read", "snooze", "close"])
def test_reading_resting_or_closing_many_ends_that_they_came_back(
    as_agent: Client, agent: User, inbox: Inbox, act: str
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(assignee=agent, waiting_since=None, woke_at=timezone.now())
        summary.refresh([row.pk])

    as_agent.post("/inbox/bulk/", {"act": act, "ids": str(row.pk), "until": "tomorrow"}, headers=HX)

    assert inbox.fresh(row).woke_at is None
    assert not DeskEntry.objects.filter(pk=row.pk, woke_at__isnull=False).exists()


def test_a_hold_that_ends_while_somebody_changes_the_conversation_ends_a_moment_later(
    run_due: RunDue, as_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    as_agent.post(f"/inbox/{row.pk}/snooze/", {"preset": "tomorrow"}, headers=HX)
    moment = timezone.now() - timedelta(seconds=1)
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(hold_until=moment)
    WorkMark.objects.filter(key="snooze").update(due_at=moment)
    locked, done = threading.Event(), threading.Event()

    def change() -> None:
        with inbox.inside(), transaction.atomic():
            Conversation.objects.select_for_update().get(pk=row.pk)
            locked.set()
            done.wait(60)
        connections.close_all()

    thread = threading.Thread(target=change)
    thread.start()
    locked.wait(60)
    run_due("housekeeping")
    assert inbox.fresh(row).hold == "snoozed"
    done.set()
    thread.join(60)

    WorkMark.objects.filter(key="snooze").update(due_at=moment)
    run_due("housekeeping")

    assert inbox.fresh(row).hold == ""


def test_a_hold_whose_mark_was_lost_ends_all_the_same(run_due: RunDue, as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    as_agent.post(f"/inbox/{row.pk}/snooze/", {"preset": "tomorrow"}, headers=HX)
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(hold_until=timezone.now() - timedelta(seconds=1))
        summary.refresh([row.pk])
    WorkMark.objects.filter(key="snooze").delete()

    housekeeping.plan()
    run_due("housekeeping")

    assert inbox.fresh(row).hold == ""


@pytest.mark.parametrize(
    ("at", "keys"),
    [
        (datetime(2026, 3, 4, 9, 30, tzinfo=UTC), ["hour", "tonight", "tomorrow", "monday"]),  # a Wednesday
        (datetime(2026, 3, 4, 21, 30, tzinfo=UTC), ["hour", "tomorrow", "monday"]),
        (datetime(2026, 3, 8, 9, 30, tzinfo=UTC), ["hour", "tonight", "tomorrow"]),  # a Sunday: tomorrow is Monday
    ],
)
def test_the_times_on_offer_are_all_to_come_and_each_once(at: datetime, keys: list[str]) -> None:
    offered = holds.presets(zone="Europe/Amsterdam", at=at)

    assert [one.key for one in offered] == keys
    assert all(one.until > at for one in offered)
    assert len({one.until for one in offered}) == len(offered)
    assert all((one.until.hour, one.until.minute) == (9, 0) for one in offered if one.key in ("tomorrow", "monday"))


def test_sending_and_snoozing_is_one_press_and_undo_takes_both_back(
    as_agent: Client, inbox: Inbox, reply: Callable[..., object]
) -> None:
    row = inbox.conversation()

    reply(as_agent, row, "I will look into it", snooze="1")
    assert inbox.fresh(row).hold == "snoozed"

    [message] = inbox.sent(row)
    as_agent.post(f"/inbox/{row.pk}/messages/{message.pk}/undo/", headers=HX)
    assert inbox.fresh(row).hold == ""


def test_people_of_another_company_and_people_without_clearance_find_nothing(
    as_agent: Client, as_other_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    for path in ("snooze", "wait", "wake", "transfer", "follow", "ask", "looking", "intent"):
        assert as_other_agent.post(f"/inbox/{row.pk}/{path}/", headers=HX).status_code == 404
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(sensitive=True)
    for path in ("snooze", "wait", "wake", "transfer", "follow", "ask", "looking", "intent", "close"):
        assert as_agent.post(f"/inbox/{row.pk}/{path}/", headers=HX).status_code == 404
