"""The queue of conversations as people see it: views, pages by key, bounded counts. Reads only.

Every page costs a fixed number of queries, however many conversations a company has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from conversations.models import Contact, Conversation
from tenants.accounts.models import User

PAGE = 40
MAX_COUNT = 99
MAX_MATCHES = 500  # contacts that a search by name looks into
MAX_ROWS = 200


class View(StrEnum):
    WAITING = "waiting"
    MINE = "mine"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended. Waiting conversations come first, oldest first; then the rest, newest first."""

    waiting: bool
    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{'w' if self.waiting else 'r'}_{self.at.isoformat()}_{self.id}"

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """The key a page handed out; None for anything else."""
        try:
            kind, at, pk = text.split("_")
            moment = datetime.fromisoformat(at)
            return cls(kind == "w", moment, UUID(pk)) if moment.tzinfo else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Conversation]
    next: Key | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conversations each view has, counted up to 100."""

    waiting: int
    mine: int
    open: int
    unread: int

    @property
    def waiting_shown(self) -> str:
        return _shown(self.waiting)

    @property
    def mine_shown(self) -> str:
        return _shown(self.mine)

    @property
    def open_shown(self) -> str:
        return _shown(self.open)


def _shown(number: int) -> str:
    """Nothing for none, ``99+`` above that."""
    return "" if not number else f"{MAX_COUNT}+" if number > MAX_COUNT else str(number)


def page(view: View, *, user: User, after: Key | None = None, search: str = "", limit: int = PAGE) -> Page:
    """One page of a view, after the key of the page before."""
    rows = _in_view(view, user=user, search=search)
    found: list[Conversation] = []
    if view != View.CLOSED and (after is None or after.waiting):
        found = list(_waiting(rows, after=after)[: limit + 1])
    if view != View.WAITING and len(found) <= limit:
        resting = _resting(rows, after=after if after and not after.waiting else None, view=view)
        found += resting[: limit + 1 - len(found)]
    shown = found[:limit]
    return Page(shown, _key_of(shown[-1], view=view) if len(found) > limit else None)


def rows_by_id(ids: Sequence[UUID], *, view: View, user: User, search: str = "") -> list[Conversation]:
    """Those of the given conversations that the view shows now, for a page that refreshes what it has."""
    return list(_in_view(view, user=user, search=search).filter(pk__in=ids[:MAX_ROWS]))


def sort_key(row: Conversation, *, view: View) -> str:
    """Sorts rows in the page as the view does: a text, smaller comes first."""
    key = _key_of(row, view=view)
    stamp = int(key.at.timestamp() * 1_000_000)
    return f"a{stamp:020d}" if key.waiting else f"b{10**19 - stamp:020d}"


def counts(user: User) -> Counts:
    """One query that stops counting at a hundred per view."""
    open_ones = "SELECT 1 FROM conversations_conversation WHERE status <> 'closed'"
    parts = {
        "waiting": f"{open_ones} AND waiting_since IS NOT NULL",
        "mine": f"{open_ones} AND assignee_id = %s",
        "open": open_ones,
        "unread": f"{open_ones} AND waiting_since IS NOT NULL AND unread_count > 0",
    }
    bound = MAX_COUNT + 1
    columns = [f"(SELECT count(*) FROM ({sql} LIMIT {bound}) AS counted)" for sql in parts.values()]  # noqa: S608  constants
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", [user.pk])
        return Counts(*cursor.fetchone())


def _in_view(view: View, *, user: User, search: str) -> QuerySet[Conversation]:
    last = [f"last_message__{name}" for name in ("media", "author", "participant")]
    rows = Conversation.objects.select_related("contact", "assignee", *last)
    rows = rows.visible_to(user)
    rows = rows.filter(status=Conversation.Status.CLOSED) if view == View.CLOSED else rows.open()
    if view == View.WAITING:
        rows = rows.exclude(waiting_since=None)
    if view == View.MINE:
        rows = rows.filter(assignee=user)
    return rows.filter(contact__in=_named(search)) if search else rows


def _named(search: str) -> list[UUID]:
    words = search.replace("\x00", "")[:80].split()
    matches = Contact.objects.all()
    for word in words:
        matches = matches.filter(
            Q(name__icontains=word) | Q(given_name__icontains=word) | Q(username__icontains=word.removeprefix("@"))
        )
    return list(matches.order_by(F("last_message_at").desc(nulls_last=True)).values_list("pk", flat=True)[:MAX_MATCHES])


def _waiting(rows: QuerySet[Conversation], *, after: Key | None) -> QuerySet[Conversation]:
    rows = rows.exclude(waiting_since=None).order_by("waiting_since", "id")
    if after is None:
        return rows
    return rows.filter(waiting_since__gte=after.at).filter(Q(waiting_since__gt=after.at) | Q(id__gt=after.id))


def _resting(rows: QuerySet[Conversation], *, after: Key | None, view: View) -> QuerySet[Conversation]:
    if view != View.CLOSED:
        rows = rows.filter(status=Conversation.Status.OPEN, waiting_since=None)
    rows = rows.order_by("-last_message_at", "-id")
    if after is None:
        return rows
    return rows.filter(last_message_at__lte=after.at).filter(Q(last_message_at__lt=after.at) | Q(id__lt=after.id))


def _key_of(row: Conversation, *, view: View) -> Key:
    if view != View.CLOSED and row.waiting_since is not None:
        return Key(True, row.waiting_since, row.pk)
    return Key(False, row.last_message_at, row.pk)
