"""People who wrote, and what an agent's browser asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.hosts import forget_sides
from conversations.models import Channel, Contact, Conversation, Direction, Message, PhoneNumber
from conversations.status import MessageStatus
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter

HX = {"HX-Request": "true"}


class Inbox:
    """Puts conversations into one company and reads them back; every call enters its schema."""

    def __init__(self, company: ClientCompany, enter: Enter) -> None:
        self.company = company
        self._enter = enter
        self._count = 0

    def inside(self) -> Any:
        return self._enter(self.company)

    def conversation(self, name: str = "Marieke", *, minutes_ago: float = 5, said: str = "Hallo?") -> Conversation:
        """Somebody wrote and waits."""
        self._count += 1
        at = timezone.now() - timedelta(minutes=minutes_ago)
        with self.inside():
            number = PhoneNumber.objects.get()
            contact = Contact.objects.create(name=name, wa_id=f"3161000{self._count:04d}", last_message_at=at)
            channel = Channel.objects.create(contact=contact, phone_number=number, last_inbound_at=at)
            row = Conversation.objects.create(
                contact=contact,
                phone_number=number,
                channel=channel,
                opened_at=at,
                last_message_at=at,
                waiting_since=at,
            )
        self.message(row, body=said, at=at)
        return row

    def message(self, row: Conversation, *, direction: str = "in", **fields: Any) -> Message:
        """One message of a conversation, as if it had come or gone through the platform."""
        self._count += 1
        inbound = direction == Direction.INBOUND
        given = {
            "type": "text",
            "at": timezone.now(),
            "status": MessageStatus.RECEIVED if inbound else MessageStatus.SENT,
            "sender_kind": Message.SenderKind.CONTACT if inbound else Message.SenderKind.HUMAN,
            "wamid": f"wamid.{uuid4().hex}",
        } | fields
        with self.inside():
            message = Message.objects.create(
                conversation=row,
                channel=row.channel,
                phone_number=row.phone_number,
                direction=direction,
                sequence=self._count,
                received_at=given["at"],
                **given,
            )
            Conversation.objects.filter(pk=row.pk).update(last_message=message, last_direction=direction)
        return message

    def sent(self, row: Conversation) -> list[Message]:
        """What stands in the outbox of a conversation, oldest first."""
        with self.inside():
            rows = row.messages.filter(direction=Direction.OUTBOUND).select_related("media", "author")
            return list(rows.order_by("at", "sequence"))

    def fresh(self, row: Conversation) -> Conversation:
        with self.inside():
            return Conversation.objects.select_related("assignee", "channel").get(pk=row.pk)


@pytest.fixture
def inbox(company: ClientCompany, enter: Enter) -> Inbox:
    return Inbox(company, enter)


@pytest.fixture
def other_inbox(other_company: ClientCompany, enter: Enter) -> Inbox:
    return Inbox(other_company, enter)


@pytest.fixture
def reply() -> Callable[..., Any]:
    """``reply(browser, conversation, "text")`` as the composer does it; each call is a composed message of its own."""

    def post(browser: Client, row: Conversation, body: str = "", *, token: str = "", **more: Any) -> Any:
        data = {"body": body, "token": token or str(uuid4()), **more}
        return browser.post(f"/inbox/{row.pk}/reply/", data, headers=HX)

    return post


@pytest.fixture
def count_queries() -> Callable[[], Any]:
    """``with count_queries() as counted: …; len(counted)``; hosts are looked up anew, never sometimes from memory."""

    @contextmanager
    def counting() -> Iterator[CaptureQueriesContext]:
        forget_sides()
        with CaptureQueriesContext(connection) as captured:
            yield captured

    return counting
