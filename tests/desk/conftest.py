"""An agency's person with grants, and conversations of several clients that wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.models import Conversation, InboxSettings
from conversations.services import summary
from conversations.services.promise.promise import Promise
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants
from tenants.context import inside
from tenants.models import ClientCompany, StaffGrant
from tests.conversations.inbox.conftest import Inbox
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser

HX = {"HX-Request": "true"}
Waits = Callable[..., Conversation]


def give(staff: User, company: ClientCompany, **given: Any) -> StaffGrant:
    fields = {"role": Role.AGENT, "given_by": "Admin <a@client.test>"} | given
    return grants.give(staff.membership, company=company, **fields)


def row_at(company: ClientCompany, staff: User) -> User:
    """The person's own row inside a client."""
    with inside(company.schema_name):
        return User.objects.get(staff_id=staff.pk)


def enters(at_agency: Client, company: ClientCompany) -> Client:
    """The same browser, on the client's host."""
    door = at_agency.get(f"/clients/{company.pk}/enter/").headers["Location"]
    at_client = browser(f"{company.subdomain}.test")
    at_client.get("/enter/" + door.split("/enter/")[1])
    assert at_client.get("/inbox/").status_code == 200
    return at_client


@pytest.fixture
def granted(staff_person: User, company: ClientCompany) -> StaffGrant:
    return give(staff_person, company)


@pytest.fixture
def granted_both(granted: StaffGrant, staff_person: User, other_company: ClientCompany) -> None:
    give(staff_person, other_company)


@pytest.fixture
def waits(enter: Enter) -> Waits:
    """``waits(company, "Marieke", minutes_ago=5, …)``: somebody wrote, and the desk knows."""
    inboxes: dict[Any, Inbox] = {}

    def write(at: ClientCompany, name: str, *, minutes_ago: float = 5, said: str = "Hallo?", **fields: Any) -> Any:
        inbox = inboxes.setdefault(at.pk, Inbox(at, enter))
        row = inbox.conversation(name, minutes_ago=minutes_ago, said=said)
        with inside(at.schema_name):
            due = Promise.of(InboxSettings.load()).due(row.waiting_since or timezone.now())
            Conversation.objects.filter(pk=row.pk).update(**{"due_at": due, "unread_count": 1} | fields)
            summary.refresh([row.pk])
            return Conversation.objects.get(pk=row.pk)

    return write


@contextmanager
def counted() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as captured:
        yield captured


def ago(minutes: float) -> datetime:
    return timezone.now() - timedelta(minutes=minutes)


def asked(captured: CaptureQueriesContext) -> int:
    """How many questions were put, without what only leads into a schema or frames them."""
    frames = ("search_path", "savepoint", "lock_timeout")
    return sum(not any(word in one["sql"].lower() for word in frames) for one in captured.captured_queries)
