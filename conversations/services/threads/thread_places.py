"""Places in a thread: the order of messages, notes and events of one pair, and what stands before or after a place."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from conversations.models import ConversationEvent, Message, Note

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEGINNINGS = (ConversationEvent.Kind.OPENED, ConversationEvent.Kind.REOPENED)
MICROSECOND = timedelta(microseconds=1)
NOTHING = Q(pk__isnull=True)


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """A place in a thread: moment in microseconds, order within it, id."""

    at: int
    sequence: int
    id: str

    def __str__(self) -> str:
        return f"{self.at:017d}.{self.sequence:020d}.{self.id}"

    @property
    def moment(self) -> datetime:
        return EPOCH + self.at * MICROSECOND

    def floor(self) -> "Key":
        """Just before whatever stands here."""
        return Key(self.at, self.sequence, str(UUID(int=0)))

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """The key a page handed out; None for anything else."""
        try:
            at, sequence, pk = text.split(".")
            key = cls(int(at), int(sequence), str(UUID(pk)))
            return key if 0 <= key.sequence < 2**63 and key.moment.year < 9000 else None
        except (ValueError, OverflowError):
            return None


def key_of(row: Message | Note | ConversationEvent) -> Key:
    """Where a row stands: that a conversation began, above the message of the same moment; other events below it."""
    at = (row.at - EPOCH) // MICROSECOND
    if isinstance(row, Message):
        return Key(at, row.sequence, str(row.pk))
    return Key(at, 0 if isinstance(row, ConversationEvent) and row.kind in BEGINNINGS else at, str(row.pk))


def before(source: QuerySet[Any], key: Key | None) -> QuerySet[Any]:
    """Those of one kind before a key, the last first; without a key the last of all."""
    if source.model is Message:
        source = source.order_by("-at", "-sequence", "-id")
        if key is None:
            return source
        earlier = Q(at__lt=key.moment) | Q(sequence__lt=key.sequence) | Q(sequence=key.sequence, id__lt=key.id)
        return source.filter(earlier, at__lte=key.moment)
    # within one microsecond a note or event stands by its moment, and a beginning first, as their keys say
    begins = Q(kind__in=BEGINNINGS) if source.model is ConversationEvent else NOTHING
    source = source.alias(begins=Case(When(begins, then=1), default=0)).order_by("-at", "begins", "-id")
    if key is None:
        return source
    same = ~begins & _below(key, sequence=key.at) | begins & _below(key, sequence=0)
    return source.filter(Q(at__lt=key.moment) | same, at__lte=key.moment)


def _below(key: Key, *, sequence: int) -> Q:
    """Of the rows of one moment that all stand at ``sequence``: those before the key."""
    if sequence == key.sequence:
        return Q(id__lt=key.id)
    return ~NOTHING if sequence < key.sequence else NOTHING


def after(source: QuerySet[Any], key: Key) -> QuerySet[Any]:
    """Those of one kind after a key, the first first."""
    if source.model is Message:
        later = Q(at__gt=key.moment) | Q(sequence__gt=key.sequence) | Q(sequence=key.sequence, id__gt=key.id)
        return source.order_by("at", "sequence", "id").filter(later, at__gte=key.moment)
    begins = Q(kind__in=BEGINNINGS) if source.model is ConversationEvent else NOTHING
    source = source.alias(begins=Case(When(begins, then=1), default=0)).order_by("at", "-begins", "id")
    same = ~begins & _above(key, sequence=key.at) | begins & _above(key, sequence=0)
    return source.filter(Q(at__gt=key.moment) | same, at__gte=key.moment)


def _above(key: Key, *, sequence: int) -> Q:
    """Of the rows of one moment that all stand at ``sequence``: those after the key."""
    if sequence == key.sequence:
        return Q(id__gt=key.id)
    return ~NOTHING if sequence > key.sequence else NOTHING
