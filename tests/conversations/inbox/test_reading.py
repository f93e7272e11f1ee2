"""Who read a conversation stands in the trail, by whichever of its addresses she did."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations.services.threads import thread
from tenants.accounts.models import AuditEntry, User
from tests.conversations.inbox.conftest import HX, Inbox

PARTS = ["older/?before={key}", "newer/?after={key}", "around/", "news/?since={since}", "contact/", "find/?q=hallo"]


@pytest.mark.parametrize("part", PARTS)
def test_reading_a_part_of_a_conversation_without_opening_it_is_recorded_once(
    part: str, as_agent: Client, agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        key = thread.key_of(row.messages.get())
    address = f"/inbox/{row.pk}/" + part.format(key=key, since=timezone.now().isoformat().replace("+", "%2B"))

    assert {as_agent.get(address, headers=HX).status_code for _time in range(2)} == {200}

    with inbox.inside():
        entries = AuditEntry.objects.filter(action="conversation.opened", subject_id=str(row.pk))
        assert [entry.actor_id for entry in entries] == [agent.pk]


@pytest.mark.parametrize(("opened", "entries"), [(timedelta(hours=2), 1), (timedelta(hours=13), 2)])
def test_parts_of_an_open_page_are_recorded_once_in_a_sitting(
    opened: timedelta, entries: int, as_agent: Client, agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        AuditEntry.objects.create(
            at=timezone.now() - opened,
            actor_id=agent.pk,
            actor_name=agent.name,
            action="conversation.opened",
            subject_kind="conversation",
            subject_id=str(row.pk),
        )

    as_agent.get(f"/inbox/{row.pk}/around/", headers=HX)

    with inbox.inside():
        assert AuditEntry.objects.filter(action="conversation.opened").count() == entries
