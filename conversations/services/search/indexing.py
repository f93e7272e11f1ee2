"""Brings the words of messages and notes into the index, in batches, a moment after they were written."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from conversations.models import Message, Note, SearchEntry
from conversations.search_words import MAX_TEXT_CHARS, fold, numbers_in, texts_of, week_word
from conversations.shown import shown_body, shown_content
from tenants import wake, work
from tenants.context import current_schema

BATCH = 500
MOST_BATCHES = 40  # then others get their turn
A_MOMENT = timedelta(seconds=1)

TAKE = """
DELETE FROM conversations_searchtodo WHERE id IN (
    SELECT id FROM conversations_searchtodo ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id, kind
"""
# What is being deleted at this moment must not leave words behind: a row that is locked here outlives its entry's
# commit, so that whoever deletes it afterwards finds the entry. One that others hold is taken a moment later.
HOLD = """
SELECT id FROM (
    SELECT id FROM conversations_message WHERE id = ANY(%(ids)s::uuid[]) FOR KEY SHARE SKIP LOCKED
) AS message
UNION ALL SELECT id FROM (
    SELECT id FROM conversations_note WHERE id = ANY(%(ids)s::uuid[]) FOR KEY SHARE SKIP LOCKED
) AS note
"""
LATER = """
INSERT INTO conversations_searchtodo (id, kind)
SELECT id, 'message' FROM conversations_message WHERE id = ANY(%(ids)s::uuid[])
UNION ALL SELECT id, 'note' FROM conversations_note WHERE id = ANY(%(ids)s::uuid[])
ON CONFLICT (id) DO NOTHING
"""
PUT = """
INSERT INTO conversations_searchentry (id, channel_id, kind, at, words)
SELECT n.id, n.channel_id, n.kind, n.at,
       strip(to_tsvector('simple', n.text) || to_tsvector('dutch', n.text) || to_tsvector('german', n.text)
             || to_tsvector('english', n.text) || array_to_tsvector(string_to_array(n.extra, ' ')))
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], %s::text[], %s::text[])
    AS n (id, channel_id, kind, at, text, extra)
ON CONFLICT (id) DO UPDATE SET channel_id = excluded.channel_id, at = excluded.at, words = excluded.words
"""
EVERYTHING = """
INSERT INTO conversations_searchtodo (id, kind)
SELECT id, 'message' FROM conversations_message WHERE type <> 'reaction'
UNION ALL SELECT id, 'note' FROM conversations_note
ON CONFLICT (id) DO NOTHING
"""

Row = tuple[UUID, UUID, str, datetime, str, str]


def index() -> None:
    """Take in what waits in the entered company."""
    wake.started(current_schema(), work.Kind.SEARCH)
    marks = work.take(work.Kind.SEARCH)
    with work.put_off_when_failing(marks):
        for _turn in range(MOST_BATCHES):
            if _batch() < BATCH:
                break
        else:
            work.mark(work.Kind.SEARCH)
    work.done(marks)


@transaction.atomic
def queue_everything() -> int:
    """Have every message and note of the entered company taken in again; tells how many wait now."""
    with connection.cursor() as cursor:
        cursor.execute(EVERYTHING)
        count: int = cursor.rowcount
    work.mark(work.Kind.SEARCH)
    return count


@transaction.atomic
def _batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [BATCH])
        taken = cursor.fetchall()
        ids = _held(cursor, [pk for pk, _kind in taken])
        rows = [*_messages(ids), *_notes(ids)]
        if rows:
            cursor.execute(PUT, [list(column) for column in zip(*rows, strict=True)])
    return len(taken)


def _held(cursor: Any, ids: list[UUID]) -> list[UUID]:
    """Those of the rows that nobody takes away before this batch is done; the others wait for another turn."""
    cursor.execute(HOLD, {"ids": ids})
    held = [row[0] for row in cursor.fetchall()]
    if len(held) < len(ids):
        cursor.execute(LATER, {"ids": list(set(ids) - set(held))})
        if cursor.rowcount:
            work.mark(work.Kind.SEARCH, due_at=timezone.now() + A_MOMENT)
    return held


def _messages(ids: list[UUID]) -> Iterable[Row]:
    rows = Message.objects.filter(pk__in=ids, removed_at=None, revoked_at=None).select_related("media")
    for row in rows.only("channel_id", "at", "body", "masks", "content", "type", "media__filename"):
        parts = [shown_body(row), row.media.filename if row.media else ""]
        parts += texts_of(shown_content(row))
        if text := " ".join(part for part in parts if part):
            yield _row(row, SearchEntry.Kind.MESSAGE, text)


def _notes(ids: list[UUID]) -> Iterable[Row]:
    for row in Note.objects.filter(pk__in=ids).only("channel_id", "at", "body"):
        yield _row(row, SearchEntry.Kind.NOTE, row.body)


def _row(row: Any, kind: str, text: str) -> Row:
    text = text[:MAX_TEXT_CHARS]
    extra = " ".join([week_word(row.at), *numbers_in(text)])
    return row.pk, row.channel_id, str(kind), row.at, fold(text), extra
