"""What the composer knows of windows: closed when the platform says so, open again when the person writes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Channel, Conversation
from conversations.services import windows
from conversations.services.handling import holds
from tests.conversations.inbox.conftest import Inbox


def offers(browser: Client, row: Conversation) -> str:
    page = browser.get(f"/inbox/{row.pk}/composer/").content.decode()
    return page.split('data-offers="')[1].split('"')[0]


def test_a_window_that_whatsapp_refused_offers_templates_until_the_person_writes_again(
    as_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    assert offers(as_agent, row) == "reply"

    with inbox.inside():
        windows.close(row.channel)
    assert offers(as_agent, row) == "template"

    with inbox.inside():
        Channel.objects.update(last_inbound_at=timezone.now())
    assert offers(as_agent, row) == "reply"


def test_a_refusal_of_something_older_does_not_close_what_the_person_opened_since(
    as_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation(minutes_ago=5)

    with inbox.inside():
        windows.close(row.channel, sent_at=timezone.now() - timedelta(minutes=6))

    assert offers(as_agent, row) == "reply"


@pytest.mark.parametrize(("hours_left", "past"), [(1, True), (23.9, False)])
def test_send_and_snooze_says_when_the_window_closes_before(
    as_agent: Client, inbox: Inbox, hours_left: float, past: bool
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        Channel.objects.update(last_inbound_at=timezone.now() - timedelta(hours=24 - hours_left))
    until = holds.preset("tomorrow", zone=inbox.company.time_zone)
    assert until is not None
    past = past or until > timezone.now() + timedelta(hours=hours_left)  # just after midnight tomorrow is far

    shown = as_agent.get(f"/inbox/{row.pk}/composer/").content.decode()

    assert ('data-past="' in shown and f"conversation={row.pk}" in shown) is past
