"""How many conversations each view has: one query that stops counting at a hundred per view."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from conversations.models import Conversation, Mention, SavedView
from conversations.services.queue.filters import Asked
from conversations.services.queue.views import View, in_view
from tenants.accounts.models import User

MAX_COUNT = 99
UNREAD = "unread"
NOTHING = "SELECT WHERE false"
COUNTED = (View.WAITING, View.MINE, View.UNASSIGNED, View.TEAM, View.SNOOZED, View.CUSTOMER, View.CLIENT, View.OPEN)


@dataclass(frozen=True, slots=True)
class Counts:
    """By name of the view, by id of the saved view, and ``unread``; nothing above a hundred."""

    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def unread(self) -> int:
        return self.numbers.get(UNREAD, 0)

    @property
    def shown(self) -> dict[str, str]:
        """Nothing for none, ``99+`` above that."""
        return {name: _shown(number) for name, number in self.numbers.items()}


def counts(user: User, *, saved: Sequence[SavedView] = ()) -> Counts:
    """Count every view that shows a number, and the saved ones."""
    asked = {str(view): in_view(view, user=user) for view in COUNTED}
    unseen = Mention.objects.filter(conversation=OuterRef("pk"), user=user, seen_at=None)
    asked[View.MENTIONS] = Conversation.objects.visible_to(user).filter(Exists(unseen))
    asked[UNREAD] = in_view(View.WAITING, user=user).filter(unread_count__gt=0)
    for one in saved:
        reads = Asked.read(one.as_query())
        asked[str(one.pk)] = reads.filters.narrow(in_view(reads.view, user=user), user=user)
    return Counts(dict(zip(asked, _count(list(asked.values())), strict=True)))


def have_any(parts: Sequence[QuerySet[Conversation]]) -> list[bool]:
    """Which of these hold a row at all: one statement."""
    return [number > 0 for number in _count(parts, most=1)]


def _count(views: Sequence[QuerySet[Conversation]], *, most: int = MAX_COUNT + 1) -> tuple[int, ...]:
    columns: list[str] = []
    params: list[Any] = []
    for rows in views:
        try:
            sql, values = rows.order_by().values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:  # narrowed to a name that nobody has, or to a label that is gone
            sql, values = NOTHING, ()
        columns.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  Django's own, with parameters
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", params)
        numbers: tuple[int, ...] = cursor.fetchone()
        return numbers


def _shown(number: int) -> str:
    return "" if not number else f"{MAX_COUNT}+" if number > MAX_COUNT else str(number)
