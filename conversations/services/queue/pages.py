"""Pages of the queue by key, and the rows a page refreshes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from conversations.models import Conversation, Draft, Label, Mention
from conversations.services.handling import labels
from conversations.services.queue.counting import have_any
from conversations.services.queue.filters import Asked
from conversations.services.queue.sorting import Key, Section, key_of, sections_of
from conversations.services.queue.views import in_view
from tenants.accounts.models import User

PAGE = 40
MAX_ROWS = 200
NAMES = ("kind", "name", "given_name", "username")  # what Contact.shown_name is made of
LAST = ("direction", "type", "body", "content", "masks", "removed_at", "revoked_at", "media__voice", "media__filename")
# A row of the queue shows little of whom and what it names; whole, they were two hundred columns a row.
COLUMNS = (
    *(field.name for field in Conversation._meta.concrete_fields),
    *(f"contact__{name}" for name in NAMES),
    "assignee__name",
    "team__name",
    *(f"last_message__{name}" for name in LAST),
    *(f"last_message__participant__{name}" for name in NAMES),
)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order, the labels they carry, and where the next page begins."""

    rows: Sequence[Conversation]
    labels: dict[UUID, Label]
    next: Key | None


def page(asked: Asked, *, user: User, after: Key | None = None, limit: int = PAGE) -> Page:
    """One page of what an address asks for, after the key of the page before."""
    rows, sections = _shown(asked, user=user), sections_of(asked.view, asked.sort)
    found: list[Conversation] = []
    first = min(after.section, len(sections) - 1) if after else 0
    for index in _standing(rows, sections, first=first):
        if len(found) > limit:
            break
        here = after if after and index == after.section else None
        found += sections[index].rows(rows, after=here)[: limit + 1 - len(found)]
    shown = found[:limit]
    following = key_of(shown[-1], sections=sections) if len(found) > limit else None
    return Page(shown, labels.by_id(pk for row in shown for pk in row.labels), following)


def _standing(rows: QuerySet[Conversation], sections: Sequence[Section], *, first: int) -> list[int]:
    """The sections from ``first`` on that may hold something. Danger and what came back are mostly empty: one small
    question for all but the last is less than a page's worth of columns for each.
    """
    asking = range(first, len(sections) - 1)
    if len(asking) < 2:
        return list(range(first, len(sections)))
    there = have_any([rows.filter(sections[index].belongs) for index in asking])
    return [*(index for index, any_there in zip(asking, there, strict=True) if any_there), len(sections) - 1]


def rows_by_id(ids: Sequence[UUID], asked: Asked, *, user: User) -> Page:
    """Those of the given conversations that the address shows now, for a page that refreshes what it has."""
    rows = list(_shown(asked, user=user).filter(pk__in=ids[:MAX_ROWS]))
    return Page(rows, labels.by_id(pk for row in rows for pk in row.labels), None)


def _shown(asked: Asked, *, user: User) -> QuerySet[Conversation]:
    """The rows with everything a row of the queue shows."""
    rows = asked.filters.narrow(in_view(asked.view, user=user), user=user)
    mentions = Mention.objects.filter(conversation=OuterRef("pk"), user=user, seen_at=None)
    drafts = Draft.objects.filter(conversation=OuterRef("pk"), user=user)
    rows = rows.select_related("contact", "assignee", "team", "last_message__media", "last_message__participant")
    return rows.only(*COLUMNS).annotate(mentions_me=Exists(mentions), has_draft=Exists(drafts))
