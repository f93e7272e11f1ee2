"""Pages of the queue by key, and the rows a page refreshes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from conversations.models import Conversation, Draft, Label, Mention
from conversations.services.handling import labels
from conversations.services.queue.filters import Asked
from conversations.services.queue.sorting import Key, key_of, sections_of
from conversations.services.queue.views import in_view
from tenants.accounts.models import User

PAGE = 40
MAX_ROWS = 200


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
    for index in range(first, len(sections)):
        if len(found) > limit:
            break
        here = after if after and index == after.section else None
        found += sections[index].rows(rows, after=here)[: limit + 1 - len(found)]
    shown = found[:limit]
    following = key_of(shown[-1], sections=sections) if len(found) > limit else None
    return Page(shown, labels.by_id(pk for row in shown for pk in row.labels), following)


def rows_by_id(ids: Sequence[UUID], asked: Asked, *, user: User) -> Page:
    """Those of the given conversations that the address shows now, for a page that refreshes what it has."""
    rows = list(_shown(asked, user=user).filter(pk__in=ids[:MAX_ROWS]))
    return Page(rows, labels.by_id(pk for row in rows for pk in row.labels), None)


def _shown(asked: Asked, *, user: User) -> QuerySet[Conversation]:
    """The rows with everything a row of the queue shows."""
    rows = asked.filters.narrow(in_view(asked.view, user=user), user=user)
    last = [f"last_message__{name}" for name in ("media", "author", "participant")]
    mentions = Mention.objects.filter(conversation=OuterRef("pk"), user=user, seen_at=None)
    drafts = Draft.objects.filter(conversation=OuterRef("pk"), user=user)
    return rows.select_related("contact", "assignee", "team", *last).annotate(
        mentions_me=Exists(mentions), has_draft=Exists(drafts)
    )
