"""People who are there, and conversations that wait for them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.models import (
    Channel,
    Contact,
    Conversation,
    ConversationEvent,
    InboxSettings,
    Intent,
    Team,
    TeamMember,
)
from conversations.services.people import duty
from tenants.accounts.models import User
from tenants.models import ClientCompany
from tests.conversations.inbox.conftest import Inbox
from tests.fixtures.companies import Enter


class Floor:
    """Changes who is there in one company and reads who holds what; every call enters its schema."""

    def __init__(self, company: ClientCompany, enter: Enter) -> None:
        self.company = company
        self.inbox = Inbox(company, enter)
        self._enter = enter

    def inside(self) -> Any:
        return self._enter(self.company)

    def person(self, user: User, *, seen_minutes_ago: float = 0, **fields: Any) -> User:
        """Available with an open page, unless ``fields`` say otherwise."""
        now = timezone.now()
        given = {
            "presence": "available",
            "presence_since": now - timedelta(hours=1),
            "seen_at": now - timedelta(minutes=seen_minutes_ago),
        } | fields
        with self.inside():
            User.objects.filter(pk=user.pk).update(**given)
            user.refresh_from_db()
        return user

    def again(self, user: User) -> User:
        """As the database has her now."""
        with self.inside():
            user.refresh_from_db()
        return user

    def settings(self, **fields: Any) -> None:
        with self.inside():
            InboxSettings.objects.update_or_create(pk=1, defaults=fields)

    def team(self, name: str, *members: User, **fields: Any) -> Team:
        with self.inside():
            team = Team.objects.create(name=name, **fields)
            TeamMember.objects.bulk_create(TeamMember(team=team, user=user) for user in members)
        return team

    def waits(self, *, language: str = "", skill: str = "", **fields: Any) -> Any:
        """A conversation in which somebody waits; ``fields`` go onto it."""
        row = self.inbox.conversation(minutes_ago=fields.pop("minutes_ago", 5))
        with self.inside():
            if language:
                row.contact.language = language
                row.contact.save()
            if skill:
                row.intent = Intent.objects.get_or_create(name=skill.title(), defaults={"skill": skill})[0]
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()
        return row

    def many_like(self, row: Any, count: int) -> None:
        """Others who wait as this one does, each a person of its own."""
        with self.inside():
            language, number = row.contact.language, row.phone_number
            people = Contact.objects.bulk_create(
                Contact(name=f"Like {one}", wa_id=f"3169{one:07d}", language=language) for one in range(count)
            )
            channels = Channel.objects.bulk_create(Channel(contact=one, phone_number=number) for one in people)
            Conversation.objects.bulk_create(
                Conversation(
                    contact=one.contact,
                    phone_number=number,
                    channel=one,
                    team=row.team,
                    opened_at=row.opened_at,
                    last_message_at=row.last_message_at,
                    waiting_since=row.waiting_since,
                )
                for one in channels
            )

    def holder(self, row: Any) -> User | None:
        with self.inside():
            row.refresh_from_db()
            return row.assignee

    def events(self, row: Any) -> list[tuple[str, dict[str, Any]]]:
        with self.inside():
            found = ConversationEvent.objects.filter(conversation=row).order_by("at", "id")
            return [(event.kind, event.data) for event in found]


@pytest.fixture
def floor(company: ClientCompany, enter: Enter) -> Floor:
    return Floor(company, enter)


@pytest.fixture
def other_floor(other_company: ClientCompany, enter: Enter) -> Floor:
    return Floor(other_company, enter)


@pytest.fixture
def look(floor: Floor) -> Callable[[], None]:
    """Does what the look at presence and cover does in ``company``."""

    def run() -> None:
        with floor.inside():
            duty.look()

    return run
