"""Finds words in one thread: everything the pair ever wrote, and our notes. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from conversations.models import Channel, Message, Note
from conversations.services.threads.thread_places import Key, key_of
from conversations.shown import shown_body

MOST = 200
LEAST_CHARS = 2
MAX_CHARS = 80


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of what holds the words, the newest first; ``more``: there are older ones beyond."""

    ids: list[UUID]
    more: bool


def find(channel: Channel, *, words: str) -> Found:
    """Messages, names of files and notes that hold the words as they were typed, in any case.

    Only in conversations that whoever the channel was opened for may see.
    """
    words = words.replace("\x00", "").strip()[:MAX_CHARS]
    if len(words) < LEAST_CHARS:
        return Found([], False)
    messages = Message.objects.seen_in(channel).in_thread().filter(removed_at=None, revoked_at=None)
    messages = messages.filter(Q(body__icontains=words) | Q(media__filename__icontains=words))
    notes = Note.objects.filter(channel=channel, body__icontains=words)
    notes = notes if channel.shows_all else notes.filter(conversation__sensitive=False)
    hits: list[tuple[Key, UUID]] = []
    for rows in (messages.select_related("media").order_by("-at", "-sequence"), notes.order_by("-at")):
        hits += [(key_of(row), row.pk) for row in _shown(rows, words=words)]
    hits.sort(reverse=True)
    return Found([pk for _key, pk in hits[:MOST]], len(hits) > MOST)


def _shown(rows: QuerySet[Any], *, words: str) -> Iterator[Any]:
    """Without those whose words stand in a part that is hidden from readers."""
    for row in rows[: MOST + 1]:
        if isinstance(row, Message) and row.masks and not _outside_masks(row, words):
            continue
        yield row


def _outside_masks(message: Message, words: str) -> bool:
    name = message.media.filename if message.media else ""
    return words.casefold() in f"{shown_body(message)}\x00{name}".casefold()
