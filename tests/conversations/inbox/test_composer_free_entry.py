"""Somebody from an advertisement who has an answer in time costs nothing for some days, and the composer says so."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from conversations import window
from conversations.models import Channel, Conversation, PhoneNumber
from conversations.services import windows
from tenants.models import FreeEntryLength
from tests.conversations.inbox.conftest import Inbox
from tests.fixtures.webhooks import change, envelope, status_of, text_message

AD = {"source_url": "https://fb.me/1", "source_type": "ad", "source_id": "120", "headline": "Nieuwe fiets"}


class Story:
    """Somebody comes from an advertisement and has an answer; what is told of it comes in any order."""

    def __init__(self, inbox: Inbox, number: PhoneNumber, deliver: Callable[..., Any], run_due: Callable[..., int]):
        self.inbox, self.number, self._deliver, self._run = inbox, number, deliver, run_due
        self.at = timezone.now().replace(microsecond=0) - timedelta(hours=2)

    def tell(self, **value: Any) -> None:
        assert self._deliver(envelope(self.number.waba_id, change(self.number, **value))).status_code == 200
        self._run("inbound")

    def comes(self, source: str = "ad") -> Conversation:
        people = [{"profile": {"name": "Ana"}, "wa_id": "31612345678"}]
        self.tell(contacts=people, messages=[text_message(at=self.at, referral=AD | {"source_type": source})])
        with self.inbox.inside():
            row = Conversation.objects.select_related("channel", "phone_number").get()
        self.inbox.message(row, direction="out", wamid="wamid.A", at=self.at)
        return row

    def sent(self, *, after: timedelta, wamid: str = "wamid.A", **more: Any) -> None:
        self.tell(statuses=[status_of(wamid, "sent", at=self.at + after, **more)])

    @property
    def free_until(self) -> datetime | None:
        with self.inbox.inside():
            return Channel.objects.get().free_entry_until


@pytest.fixture
def story(
    committed: None, inbox: Inbox, number: PhoneNumber, deliver: Callable[..., Any], run_due: Callable[..., int]
) -> Story:
    return Story(inbox, number, deliver, run_due)


def test_our_answer_in_time_makes_everything_free_for_as_long_as_the_dated_rule_says(
    story: Story, as_agent: Client
) -> None:
    row = story.comes()
    page = f"/inbox/{row.pk}/composer/"
    offered = as_agent.get(page).content.decode()

    story.sent(after=timedelta(hours=1))

    assert "everything is free for 7 days" in offered
    assert story.free_until == story.at + timedelta(hours=1, days=7)
    shown = as_agent.get(page).content.decode()
    assert "Free until" in shown
    assert "Free reply until" in shown  # the window is counted apart


def test_an_answer_after_a_day_begins_nothing(story: Story) -> None:
    story.at -= timedelta(hours=30)
    story.comes()
    story.sent(after=timedelta(hours=24))

    assert story.free_until is None


def test_who_came_from_a_post_is_not_free(story: Story) -> None:
    story.comes("post")
    story.sent(after=timedelta(hours=1))

    assert story.free_until is None


def test_a_message_that_is_charged_all_the_same_ends_it(story: Story) -> None:
    row = story.comes()
    story.sent(after=timedelta(hours=1))
    story.inbox.message(row, direction="out", wamid="wamid.B", at=story.at)

    pricing = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
    story.sent(after=timedelta(hours=2), wamid="wamid.B", pricing=pricing)

    assert story.free_until is None


@pytest.mark.usefixtures("database")
def test_the_length_is_a_dated_row_that_the_operator_changes() -> None:
    old, new = datetime(2026, 9, 27, 23, 59, tzinfo=UTC), datetime(2026, 9, 28, tzinfo=UTC)
    assert (windows.free_hours(at=old), windows.free_hours(at=new)) == (72, 168)

    call_command("free_entry_length", "--from", "2027-01-01", "--hours", "96", verbosity=0)

    assert windows.free_hours(at=datetime(2027, 1, 2, tzinfo=UTC)) == 96
    assert FreeEntryLength.objects.get(effective_from=date(2027, 1, 1)).source


def test_the_offer_stands_for_a_day_and_once() -> None:
    came = datetime(2026, 11, 1, 12, tzinfo=UTC)
    day = timedelta(days=1)

    assert window.may_become_free(came, free_entry_until=None, at=came + day / 2)
    assert not window.may_become_free(came, free_entry_until=None, at=came + day)
    assert not window.may_become_free(came, free_entry_until=came + 7 * day, at=came + day / 2)
    assert window.may_become_free(came, free_entry_until=came - day, at=came + day / 2)
    assert not window.may_become_free(None, free_entry_until=None, at=came)
