"""In which order the queue stands: sections one after the other, each by its times, so that pages go by key.

Everybody who wrote while a company was closed is promised an answer at the same moment: of promises that break together
the one comes first who waits longer.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from conversations.address_times import moment_of
from conversations.models import Conversation
from conversations.services.queue.views import ON_HOLD, View

WAITS = Q(waiting_since__isnull=False, hold=Conversation.Hold.NONE) & ~Q(status=Conversation.Status.CLOSED)
DANGER = Q(danger_at__isnull=False) & ~Q(status=Conversation.Status.CLOSED)
WOKEN = Q(woke_at__isnull=False) & ~Q(status=Conversation.Status.CLOSED)


class Sort(StrEnum):
    """Stable names; they stand in addresses and in saved views. Whatever is chosen, danger stands above it."""

    BREAKS = "breaks"  # what came back from a rest, whose promise breaks first, then the rest, newest first
    WAIT = "wait"  # what came back from a rest, who waits longest, then the rest, newest first
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the queue.

    belongs  which rows stand in it
    by       the time they are sorted by; ``descending``: the latest first
    waited   of those with the same time, who waits longest comes first
    """

    name: str
    belongs: Q
    by: str
    descending: bool = False
    waited: bool = False

    def rows(self, rows: QuerySet[Conversation], *, after: "Key | None") -> QuerySet[Conversation]:
        """The rows of this section after a key of it, in order."""
        rows = rows.filter(self.belongs).annotate(sorted_by=TIMES[self.by])
        order = ["sorted_by", *(["waiting_since"] if self.waited else []), "id"]
        rows = rows.order_by(*(f"-{name}" if self.descending else name for name in order))
        if after is None:
            return rows
        word = "lt" if self.descending else "gt"
        behind = Q(**{f"id__{word}": after.id})
        if self.waited:
            behind = Q(waiting_since__gt=after.since) | Q(behind, waiting_since=after.since)
        rows = rows.filter(**{f"sorted_by__{word}e": after.at})
        return rows.filter(Q(**{f"sorted_by__{word}": after.at}) | behind)

    def holds(self, row: Conversation) -> bool:
        """Whether a row at hand stands in it; the same as ``belongs``."""
        closed = row.status == Conversation.Status.CLOSED
        waits = row.waiting_since is not None and row.hold == Conversation.Hold.NONE and not closed
        danger = row.danger_at is not None and not closed
        woken = row.woke_at is not None and not closed
        return {
            "danger": danger,
            "woken": woken and not danger,
            "breaks": waits and not danger and not woken,
            "waits": waits and not danger and not woken,
            "rest": not waits and not danger and not woken,
            "idle": not waits and not danger and not woken,
            "all": not danger,
        }.get(self.name, True)

    def time_of(self, row: Conversation) -> datetime:
        at = {
            "danger": row.danger_at,
            "woken": row.woke_at,
            "breaks": row.due_at or row.waiting_since,
            "waits": row.waiting_since,
            "hold": row.hold_until or row.hold_since,
        }.get(self.by)
        return at or row.last_message_at


TIMES = {
    "danger": F("danger_at"),
    "woken": F("woke_at"),
    "breaks": Coalesce("due_at", "waiting_since"),
    "waits": F("waiting_since"),
    "hold": Coalesce("hold_until", "hold_since", "last_message_at"),
    "last": F("last_message_at"),
}
IN_DANGER = Section("danger", DANGER, "danger")
CAME_BACK = Section("woken", WOKEN & ~DANGER, "woken")
BREAKING = Section("breaks", WAITS & ~WOKEN & ~DANGER, "breaks", waited=True)
WAITING = Section("waits", WAITS & ~WOKEN & ~DANGER, "waits")
SECTIONS: dict[Sort, tuple[Section, ...]] = {
    Sort.BREAKS: (IN_DANGER, CAME_BACK, BREAKING, Section("rest", ~WAITS & ~WOKEN & ~DANGER, "last", descending=True)),
    Sort.WAIT: (IN_DANGER, CAME_BACK, WAITING, Section("idle", ~WAITS & ~WOKEN & ~DANGER, "last", descending=True)),
    Sort.NEWEST: (IN_DANGER, Section("all", ~DANGER, "last", descending=True)),
    Sort.OLDEST: (IN_DANGER, Section("all", ~DANGER, "last")),
}
BY_END_OF_HOLD = (IN_DANGER, Section("all", ~DANGER, "hold"))
# Nothing of those who wait is left for a last part, and no statement looks for it.
WITHOUT_REST = {sort: SECTIONS[sort][:-1] for sort in (Sort.BREAKS, Sort.WAIT)}
# What is closed is in no danger any more: one part, and no statement for the other.
CLOSED = {Sort.OLDEST: (Section("all", Q(), "last"),)}
NEWEST_CLOSED = (Section("all", Q(), "last", descending=True),)


def sections_of(view: View, sort: Sort) -> tuple[Section, ...]:
    """The parts a view stands in. What is on hold stands by when that ends; what is closed waits for nobody."""
    if view == View.CLOSED:
        return CLOSED.get(sort, NEWEST_CLOSED)
    if view in ON_HOLD and sort not in (Sort.NEWEST, Sort.OLDEST):
        return BY_END_OF_HOLD
    if view == View.WAITING and sort in WITHOUT_REST:
        return WITHOUT_REST[sort]
    return SECTIONS[sort]


SECTION_NAMES = ("0", "1", "2", "3")


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended: in which section, at which time, with which row, who waits since when."""

    section: int
    at: datetime
    since: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.section}_{self.at.isoformat()}_{self.since.isoformat()}_{self.id}"

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """The key a page handed out; None for anything else."""
        try:
            section, at, since, pk = text.split("_")
            moment, waits = moment_of(at), moment_of(since)
            return cls(int(section), moment, waits, UUID(pk)) if moment and waits and section in SECTION_NAMES else None
        except ValueError:
            return None


def key_of(row: Conversation, *, sections: tuple[Section, ...]) -> Key:
    """Where this row stands."""
    index = next((i for i, section in enumerate(sections) if section.holds(row)), len(sections) - 1)
    at = sections[index].time_of(row)
    return Key(index, at, row.waiting_since or at, row.pk)


def sort_key(row: Conversation, *, view: View, sort: Sort) -> str:
    """Sorts rows in the page as the queue does: a text, smaller comes first."""
    sections = sections_of(view, sort)
    key = key_of(row, sections=sections)
    section = sections[key.section]
    at, since = (int(moment.timestamp() * 1_000_000) for moment in (key.at, key.since))
    return f"{key.section}{10**19 - at if section.descending else at:020d}{since if section.waited else 0:020d}"
