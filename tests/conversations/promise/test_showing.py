"""Promises on pages: the ring on the row, the words in the head, the bar for whoever leads."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone, translation

from conversations.looks import promises
from conversations.models import Conversation, InboxSettings
from conversations.services import housekeeping
from conversations.services.promise import promise
from tests.conversations.inbox.conftest import HX
from tests.fixtures.people import browser_of

OFFICE = {name: [["09:00", "17:30"]] for name in ("mon", "tue", "wed", "thu", "fri")}


def test_rows_and_head_show_what_is_left(waiting, inbox, company, agent):
    soon, over = waiting(50), waiting(75)
    page = browser_of(agent, company=company).get(f"/inbox/{soon.pk}/").content.decode()
    assert page.count("data-runs=") == 3  # row, head and card
    assert 'data-promise="last-quarter"' in page
    assert 'data-promise="broken"' in page
    assert "10 minutes left" in page
    assert "15 minutes late" in browser_of(agent, company=company).get(f"/inbox/{over.pk}/").content.decode()


def test_over_a_weekend_the_ring_stands_still(inbox):
    with inbox.inside():
        InboxSettings.objects.create(hours=OFFICE, response_minutes=60)
        given = promise.Promise.current()
        since = datetime(2026, 6, 12, 15, tzinfo=UTC)  # half an hour before the weekend
        row = Conversation(waiting_since=since, due_at=given.due(since))
        saturday = promises.shown(row, given, at=datetime(2026, 6, 13, 9, tzinfo=UTC))
        sunday = promises.shown(row, given, at=datetime(2026, 6, 14, 22, tzinfo=UTC))
    assert saturday is not None
    assert (saturday.left, saturday.state, saturday.whole) == (50, "running", 3600)
    assert sunday == saturday
    assert saturday.runs == f"{datetime(2026, 6, 15, 7, tzinfo=UTC).timestamp():.0f}-{row.due_at.timestamp():.0f}"


def test_whoever_leads_sees_a_bar_before_a_promise_breaks(waiting, inbox, company, agent, supervisor):
    waiting(50), waiting(52)
    with inbox.inside():
        housekeeping.keep("promise")
    lead, other = browser_of(supervisor, company=company), browser_of(agent, company=company)
    shown = lead.get("/inbox/promises/", headers=HX).content.decode()
    assert "is about to break" in shown
    assert "One more is too." in shown
    assert other.get("/inbox/promises/", headers=HX).content.strip() == b""


def test_time_is_told_in_the_readers_language():
    with translation.override("en"), timezone.override("Europe/Amsterdam"):
        assert promises.span_words(timedelta(minutes=1)) == "1 minute"
        assert promises.span_words(timedelta(minutes=150)) == "2 hours"
        assert promises.span_words(timedelta(days=3)) == "3 days"
