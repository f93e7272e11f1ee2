"""Answers questions to the index, the latest first.

A common word stands in half of all messages, so nothing is ever sorted that was not narrowed first: the search goes
back by weeks, in windows that grow, and stops as soon as a page is full. A rare word costs a few look-ups more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, repeat
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from conversations.address_times import moment_of, within
from conversations.models import Message, Note, SearchEntry
from conversations.search_words import MIN_PREFIX_CHARS, Query, snippet, texts_of, week_word
from conversations.shown import shown_body, shown_content
from tenants.accounts.models import User

PAGE = 30
WINDOWS = (1, 1, 4, 16)  # weeks; from there on by the year
YEAR = 52
LANGUAGES = ("simple", "dutch", "german", "english")

# By its words first, whatever else is asked: days before a certain one are a third of all rows to the index of times.
NARROWED = (
    "WITH narrowed AS MATERIALIZED (SELECT id, kind, at, channel_id FROM conversations_searchentry"
    " WHERE words @@ ({words} && %(weeks)s::tsquery)) SELECT e.id, e.kind, e.at FROM narrowed AS e WHERE true"
)
ORDER = " ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s"
OLDEST = "SELECT min(at) FROM conversations_searchentry"
BEFORE = " AND (e.at, e.id) < (%(at)s, %(id)s)"
FROM_DAY, UNTIL_DAY = " AND e.at >= %(since)s", " AND e.at < %(until)s"
NOT_SENSITIVE = " AND e.channel_id NOT IN (SELECT s.channel_id FROM conversations_conversation AS s WHERE s.sensitive)"
OF_MESSAGE = " AND EXISTS (SELECT 1 FROM conversations_message AS m WHERE m.id = e.id AND {})"
OF_THREAD = (
    " AND EXISTS (SELECT 1 FROM conversations_conversation AS c JOIN conversations_contact AS p ON p.id = c.contact_id"
    " WHERE c.channel_id = e.channel_id AND {})"
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search. ``direction`` is in, out or note; days are the reader's."""

    since: date | None = None
    until: date | None = None
    direction: str = ""
    number: UUID | None = None
    label: UUID | None = None
    with_file: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """The key a page handed out; None for anything else."""
        try:
            at, pk = text.split("_")
            moment = moment_of(at)
            return cls(moment, UUID(pk)) if moment else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Found:
    """A message or note that says what was asked for, with the line in pieces: text, and whether it matched."""

    row: Message | Note
    kind: str
    line: Sequence[tuple[str, bool]]

    @property
    def is_note(self) -> bool:
        return self.kind == SearchEntry.Kind.NOTE


@dataclass(frozen=True, slots=True)
class Page:
    found: Sequence[Found]
    next: Key | None


def find(
    text: str,
    *,
    user: User | None,
    filters: Filters | None = None,
    after: Key | None = None,
    limit: int = PAGE,
) -> Page:
    """Messages and notes with all these words, the latest first.

    text  up to 120 characters; words match by their stems, the last one also by its beginning
    user  who asks, and sees sensitive conversations only when cleared; None: an integrator, who never does
    """
    query = Query.read(text)
    if not query:
        return Page([], None)
    hits: list[tuple[UUID, str, datetime]] = []
    for weeks in _windows(after, filters or Filters()):
        wanted = limit + 1 - len(hits)
        hits += _ask(query, weeks, user=user, filters=filters or Filters(), after=after, limit=wanted)
        if len(hits) > limit:
            break
    shown = hits[:limit]
    following = Key(shown[-1][2], shown[-1][0]) if len(hits) > limit else None
    return Page(_rows(shown, query), following)


def _windows(after: Key | None, filters: Filters) -> Iterator[list[str]]:
    """Growing parts of the time that is asked about, each named by its weeks, back to the oldest entry."""
    newest = timezone.now() + timedelta(days=1)
    newest = min(newest, after.at) if after else newest
    if filters.until:
        newest = min(newest, _after(filters.until))
    with connection.cursor() as cursor:
        cursor.execute(OLDEST)
        oldest: datetime | None = cursor.fetchone()[0]
    if oldest and filters.since:
        oldest = max(oldest, _midnight(filters.since))
    back = 0
    for weeks in chain(WINDOWS, repeat(YEAR)):
        if oldest is None or newest - timedelta(weeks=back - 1) < oldest:
            return
        yield [week_word(newest - timedelta(weeks=back + one)) for one in range(weeks)]
        back += weeks


def _ask(
    query: Query, weeks: list[str], *, user: User | None, filters: Filters, after: Key | None, limit: int
) -> list[tuple[UUID, str, datetime]]:
    words, params = _words(query)
    sql = NARROWED.format(words=words)
    params |= {"weeks": " | ".join(f"'{week}'" for week in weeks), "limit": limit}
    for condition, values in _conditions(filters, user=user):
        sql += condition
        params |= values
    if after is not None:
        sql += BEFORE
        params |= {"at": after.at, "id": after.id}
    with connection.cursor() as cursor:
        cursor.execute(sql + ORDER, params)
        hits: list[tuple[UUID, str, datetime]] = cursor.fetchall()
        return hits


def _words(query: Query) -> tuple[str, dict[str, Any]]:
    """Each word by its stem in any language; the last one also as a beginning."""
    parts, params = [], dict[str, Any]()
    for number, word in enumerate(query.words):
        name = f"word{number}"
        ways = [f"plainto_tsquery('{language}', %({name})s)" for language in LANGUAGES]
        params[name] = word
        if number == len(query.words) - 1 and len(word) >= MIN_PREFIX_CHARS:
            ways.append(f"to_tsquery('simple', %({name}_prefix)s)")
            params[f"{name}_prefix"] = f"{word}:*"
        parts.append(f"({' || '.join(ways)})")
    return f"({' && '.join(parts)})", params


def _conditions(filters: Filters, *, user: User | None) -> Iterator[tuple[str, dict[str, Any]]]:
    if user is None or not user.cleared:
        yield NOT_SENSITIVE, {}
    if filters.since:
        yield FROM_DAY, {"since": _midnight(filters.since)}
    if filters.until:
        yield UNTIL_DAY, {"until": _after(filters.until)}
    if filters.direction == "note":
        yield " AND e.kind = 'note'", {}
    elif filters.direction:
        yield OF_MESSAGE.format("m.direction = %(direction)s"), {"direction": filters.direction}
    if filters.with_file:
        yield OF_MESSAGE.format("m.media_id IS NOT NULL"), {}
    if filters.number:
        yield OF_THREAD.format("c.phone_number_id = %(number)s"), {"number": filters.number}
    if filters.label:
        labelled = "(c.labels @> ARRAY[%(label)s]::uuid[] OR p.labels @> ARRAY[%(label)s]::uuid[])"
        yield OF_THREAD.format(labelled), {"label": filters.label}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(within(day), time.min))


def _after(day: date) -> datetime:
    """The midnight that ends a day."""
    return _midnight(within(day) + timedelta(days=1))


def _rows(hits: Sequence[tuple[UUID, str, datetime]], query: Query) -> list[Found]:
    """The rows of the hits in order, with what a line of the result shows: two queries."""
    ids = [pk for pk, _kind, _at in hits]
    related = ("conversation__contact", "author")
    rows: dict[UUID, Message | Note] = {}
    rows |= Message.objects.select_related(*related, "media", "participant").in_bulk(ids)
    rows |= Note.objects.select_related(*related).in_bulk(ids)
    return [Found(rows[pk], kind, _line(rows[pk], query)) for pk, kind, _at in hits if pk in rows]


def _line(row: Message | Note, query: Query) -> list[tuple[str, bool]]:
    if isinstance(row, Note):
        return snippet(row.body, query.words)
    parts = [shown_body(row), row.media.filename if row.media else ""]
    parts += texts_of(shown_content(row))
    text = " · ".join(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
    return snippet(text, query.words)
