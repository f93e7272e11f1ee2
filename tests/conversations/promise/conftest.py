"""People who wait for an answer that was promised."""

import pytest

from conversations.models import Conversation
from conversations.services.promise import promise
from tests.conversations.inbox.conftest import Inbox


@pytest.fixture
def inbox(company, enter) -> Inbox:
    return Inbox(company, enter)


@pytest.fixture
def other_inbox(other_company, enter) -> Inbox:
    return Inbox(other_company, enter)


@pytest.fixture
def waiting(inbox):
    """``waiting(minutes_ago)``: somebody who waits for that long, with the promise of an hour."""

    def wait(minutes_ago: float = 5, **fields) -> Conversation:
        row = inbox.conversation(minutes_ago=minutes_ago)
        with inbox.inside():
            Conversation.objects.filter(pk=row.pk).update(**fields)
            promise.renew([row.pk])
        return inbox.fresh(row)

    return wait
