"""The agency's one queue: open conversations of all clients that a person serves, what breaks first on top.

Reads public rows only: times and needs. Names and texts are fetched by whoever shows a page, inside each company.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import BigIntegerField, Case, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from conversations.desk.models import DeskEntry

PAGE = 40
MAX_ROWS = 200
MAX_COUNT = 99
DANGER, WAITING, RESTING = 0, 1, 2


class View(StrEnum):
    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"
    HELD = "held"


class Microseconds(Func):
    """A moment as a whole number that sorts alike; Django's own Extract would first take it to the reader's zone."""

    template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"
    output_field = BigIntegerField()


@dataclass(frozen=True, slots=True)
class Scope:
    """What of which clients somebody may see.

    companies  those with a usable grant
    cleared    sensitive conversations too
    """

    staff_id: UUID
    companies: tuple[UUID, ...]
    cleared: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; empty texts: everything."""

    view: View = View.WAITING
    company: UUID | None = None
    language: str = ""
    skill: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended: danger first, then what breaks first (who waits longer, when together), then the rest, newest
    first.
    """

    rank: int
    stamp: int
    since: int
    id: UUID

    def __str__(self) -> str:
        return f"{self.rank}_{self.stamp}_{self.since}_{self.id}"

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """The key a page handed out; None for anything else."""
        try:
            rank, stamp, since, pk = text[:100].split("_")
            key = cls(int(rank), int(stamp), int(since), UUID(pk))
        except ValueError:
            return None
        known = key.rank in (DANGER, WAITING, RESTING)
        return key if known and max(abs(key.stamp), abs(key.since)) < 10**17 else None


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[DeskEntry]
    next: Key | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conversations each view has, counted up to 100."""

    waiting: int = 0
    mine: int = 0
    all: int = 0
    held: int = 0
    unread: int = 0

    def shown(self) -> dict[str, str]:
        """Nothing for none, ``99+`` above that."""
        numbers = {name: getattr(self, name) for name in ("waiting", "mine", "all", "held")}
        return {k: "" if not n else f"{MAX_COUNT}+" if n > MAX_COUNT else str(n) for k, n in numbers.items()}


def page(scope: Scope, asked: Asked, *, after: Key | None = None, limit: int = PAGE) -> Page:
    """One page of a view, after the key of the page before; one query."""
    rows = _ordered(_in_view(scope, asked))
    if after is not None:
        behind = Q(since__gt=after.since) | Q(since=after.since, pk__gt=after.id)
        later = Q(stamp__gt=after.stamp) | Q(behind, stamp=after.stamp)
        rows = rows.filter(Q(rank__gt=after.rank) | Q(later, rank=after.rank))
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return Page(shown, key_of(shown[-1]) if len(found) > limit else None)


def by_id(scope: Scope, asked: Asked, *, ids: Sequence[UUID]) -> list[DeskEntry]:
    """Those of the given conversations that belong in the view now."""
    return list(_ordered(_in_view(scope, asked).filter(pk__in=ids[:MAX_ROWS])))


def key_of(entry: DeskEntry) -> Key:
    """Where an entry stands, by the same order as the database's."""
    if entry.danger_at is not None:
        return Key(DANGER, _stamp(entry.danger_at), 0, entry.pk)
    if entry.waiting_since is not None and not entry.hold:
        since = _stamp(entry.waiting_since)
        return Key(WAITING, _stamp(entry.due_at) if entry.due_at else since, since, entry.pk)
    return Key(RESTING, -_stamp(entry.last_message_at), 0, entry.pk)


def next_for(scope: Scope, *, after: UUID | None) -> DeskEntry | None:
    """What to answer next: hers or nobody's, what breaks first."""
    rows = _ordered(_in_view(scope, Asked(View.WAITING))).filter(Q(taken=False) | Q(staff_id=scope.staff_id))
    return rows.exclude(pk=after).first() if after else rows.first()


def in_danger(scope: Scope, *, limit: int) -> list[DeskEntry]:
    """Conversations with a danger word that nobody has dealt with, the oldest first; one query."""
    return list(_visible(scope).exclude(danger_at=None).order_by("danger_at", "pk")[:limit])


def sort_key(entry: DeskEntry) -> str:
    """Sorts rows in the page as the desk does: a text, smaller comes first."""
    key = key_of(entry)
    return f"{key.rank}{key.stamp + 10**17:020d}{key.since:020d}{key.id}"


def counts(scope: Scope) -> Counts:
    """Bounded counts of every view, over all clients of the scope; one query each."""
    found = {view.value: _count(_in_view(scope, Asked(view))) for view in View}
    unread = _count(_in_view(scope, Asked(View.WAITING)).filter(unread=True))
    return Counts(found["waiting"], found["mine"], found["all"], found["held"], unread)


def languages(scope: Scope) -> list[str]:
    """The languages of the people in the queue, for the filter."""
    rows = _visible(scope).exclude(language="").order_by("language").values_list("language", flat=True).distinct()
    return list(rows[:20])


def skills(scope: Scope) -> list[str]:
    """What answering takes in the queue, for the filter."""
    rows = _visible(scope).exclude(skills=[]).values_list("skills", flat=True).distinct()[:100]
    return sorted({skill for row in rows for skill in row})


def _count(rows: QuerySet[DeskEntry]) -> int:
    return rows.order_by()[: MAX_COUNT + 1].count()


def _visible(scope: Scope) -> QuerySet[DeskEntry]:
    rows = DeskEntry.objects.filter(company__in=scope.companies)
    return rows if scope.cleared else rows.filter(sensitive=False)


def _in_view(scope: Scope, asked: Asked) -> QuerySet[DeskEntry]:
    rows = _visible(scope)
    if asked.view == View.WAITING:
        rows = rows.filter(Q(waiting_since__isnull=False, hold="") | Q(danger_at__isnull=False))
    elif asked.view == View.MINE:
        rows = rows.filter(staff_id=scope.staff_id)
    elif asked.view == View.HELD:
        rows = rows.exclude(hold="")
    if asked.company is not None:
        rows = rows.filter(company=asked.company)
    if asked.language:
        rows = rows.filter(language=asked.language)
    return rows.filter(skills__contains=[asked.skill]) if asked.skill else rows


def _ordered(rows: QuerySet[DeskEntry]) -> QuerySet[DeskEntry]:
    waits = Q(waiting_since__isnull=False, hold="")
    danger = Q(danger_at__isnull=False)
    rank = Case(
        When(danger, then=DANGER), When(waits, then=WAITING), default=Value(RESTING), output_field=IntegerField()
    )
    stamp = Case(
        When(danger, then=Microseconds(F("danger_at"))),
        When(waits, then=Microseconds(Coalesce("due_at", "waiting_since"))),
        default=Microseconds(F("last_message_at")) * -1,
    )
    since = Case(When(~danger & waits, then=Microseconds(F("waiting_since"))), default=Value(0))
    return rows.annotate(rank=rank, stamp=stamp, since=since).order_by("rank", "stamp", "since", "pk")


def _stamp(moment: datetime) -> int:
    whole = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (whole.days * 86_400 + whole.seconds) * 1_000_000 + whole.microseconds
