"""What a page of many rows asks of the database: as much for thirty as for three."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import (
    Article,
    Conversation,
    Intent,
    Label,
    Notice,
    NoticeRead,
    QuickReply,
    SavedView,
    Team,
    TeamMember,
)
from tenants.accounts.models import User
from tests.conversations.inbox.conftest import Inbox

FEW, MANY = 3, 30
MOST = 24


def labels(number: int, _user: User, row: Conversation) -> None:
    label = Label.objects.create(name=f"Label {number}")
    row.labels = [*row.labels, label.pk][:20]
    row.save(update_fields=["labels"])


def intents(number: int, _user: User, row: Conversation) -> None:
    row.intent = Intent.objects.create(name=f"Intent {number}", position=number)
    row.save(update_fields=["intent"])


def teams(number: int, user: User, row: Conversation) -> None:
    row.team = Team.objects.create(name=f"Team {number}", skills=["frames"])
    row.save(update_fields=["team"])
    TeamMember.objects.create(team=row.team, user=user, leads=True)


def notices(number: int, user: User, _row: Conversation) -> None:
    now = timezone.now()
    notice = Notice.objects.create(title=f"Notice {number}", body="Closed", starts_at=now, written_by=user)
    NoticeRead.objects.create(notice=notice, user=user)
    Notice.objects.create(title=f"Over {number}", body="Gone", starts_at=now - timedelta(days=2), ends_at=now)


def articles(number: int, user: User, _row: Conversation) -> None:
    Article.objects.create(title=f"Article {number}", body="How it works", tags=["frames"], written_by=user)
    Article.objects.create(title=f"Retired {number}", body="Once", retired_at=timezone.now())


def shared_replies(number: int, _user: User, _row: Conversation) -> None:
    QuickReply.objects.create(shortcut=f"word{number}", title="Greeting", texts={"nl": "Hoi {{contact.first_name}}"})


def own_replies(number: int, user: User, _row: Conversation) -> None:
    QuickReply.objects.create(shortcut=f"own{number}", title="Greeting", texts={"nl": "Hoi"}, owner=user)


def saved_views(number: int, user: User, _row: Conversation) -> None:
    SavedView.objects.create(name=f"View {number}", query="view=unassigned&sort=wait", owner=user)


def people(number: int, _user: User, row: Conversation) -> None:
    holder = User.objects.create(email=f"holder{number}@example.test", name=f"Holder {number}", languages=["nl", "de"])
    Conversation.objects.filter(pk=row.pk).update(assignee=holder)


PAGES: tuple[tuple[str, Callable[[int, User, Conversation], None]], ...] = (
    ("/settings/labels/", labels),
    ("/settings/intents/", intents),
    ("/settings/teams/", teams),
    ("/settings/replies/", shared_replies),
    ("/replies/", own_replies),
    ("/notices/", notices),
    ("/knowledge/", articles),
    ("/floor/", people),
    ("/floor/", teams),
    ("/people/", people),
    ("/inbox/", saved_views),
)


@pytest.mark.parametrize(("address", "one_more"), PAGES)
def test_a_page_costs_the_same_with_three_rows_and_with_thirty(
    address: str,
    one_more: Callable[[int, User, Conversation], None],
    as_admin: Client,
    admin: User,
    inbox: Inbox,
    count_queries: Callable[[], Any],
) -> None:
    def add(first: int, last: int) -> None:
        for number in range(first, last):
            row = inbox.conversation()
            with inbox.inside():
                one_more(number, admin, row)

    add(0, FEW)
    assert as_admin.get(address).status_code == 200
    with count_queries() as few:
        as_admin.get(address)
    add(FEW, MANY)
    with count_queries() as many:
        as_admin.get(address)

    assert len(many) == len(few) <= MOST, [query["sql"][:90] for query in many.captured_queries]
