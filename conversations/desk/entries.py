"""The agency's one queue: open conversations of all clients that a person serves, what breaks first on top.

Reads public rows only: times and needs. Names and texts are fetched by whoever shows a page, inside each company.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from conversations.desk.models import DANGER, RESTING, WAITING, WOKEN, DeskEntry
from conversations.desk.turns import behind

PAGE = 40
MAX_ROWS = 200
MAX_COUNT = 99
LOOKED_AT = 2000  # of those who wait, to know which filters there are
PLACE = "rank, stamp, since, conversation_id"
ORDER = f"ORDER BY {PLACE}"
# As ``conversations.language_codes.finds``: a language with all its regions, a region alone.
IN_LANGUAGE = (
    "(replace(lower(language), '_', '-') = %(language)s"
    " OR split_part(replace(lower(language), '_', '-'), '-', 1) = %(language)s)"
)
OWN = "(NOT taken OR staff_id = %(staff)s)"  # hers and nobody's
# Client by client along the index, however many are open elsewhere: at most ``limit`` rows of each are looked at.
EACH = """
FROM unnest(%(companies)s::uuid[]) AS served (company_id)
CROSS JOIN LATERAL (
    SELECT * FROM public.desk_deskentry AS one WHERE one.company_id = served.company_id AND {where}
    {order} LIMIT {limit}
) AS entry
"""


class View(StrEnum):
    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"
    HELD = "held"


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
    """Where a page ended: danger first, then what came back from a rest, what breaks first (who waits longer, when
    together), and the rest, newest first.
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
        known = key.rank in (DANGER, WOKEN, WAITING, RESTING)
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
    where, given = _where(scope, asked)
    if after is not None:
        where += f" AND ({PLACE}) > (%(rank)s, %(stamp)s, %(since)s, %(id)s)"
        given |= {"rank": after.rank, "stamp": after.stamp, "since": after.since, "id": after.id}
    found = _rows(where, given, limit=limit + 1)
    shown = found[:limit]
    return Page(shown, key_of(shown[-1]) if len(found) > limit else None)


def by_id(scope: Scope, asked: Asked, *, ids: Sequence[UUID]) -> list[DeskEntry]:
    """Those of the given conversations that belong in the view now."""
    where, given = _where(scope, asked)
    statement = (
        f"SELECT * FROM public.desk_deskentry WHERE conversation_id = ANY(%(ids)s)"  # noqa: S608  our own words
        f" AND company_id = ANY(%(companies)s) AND {where} {ORDER}"
    )
    return list(DeskEntry.objects.raw(statement, given | {"ids": list(ids[:MAX_ROWS])}))


def key_of(entry: DeskEntry) -> Key:
    return Key(entry.rank, entry.stamp, entry.since, entry.pk)


def next_for(scope: Scope, *, after: UUID | None) -> DeskEntry | None:
    """What to answer next: hers or nobody's, what breaks first; behind ``after`` where that one was gone past."""
    where, given = _where(scope, Asked(View.WAITING))
    where += f" AND {OWN}"
    if after is None:
        return next(iter(_rows(where, given, limit=1)), None)
    rows = {row.pk: row for row in _rows(where, given, limit=MAX_ROWS)}
    turn = behind({pk: row.rank == DANGER and not row.taken for pk, row in rows.items()}, after=after)
    return rows.get(turn) if turn else None


def in_danger(scope: Scope, *, limit: int) -> list[DeskEntry]:
    """Conversations with a danger word that nobody has dealt with, the oldest first; one query."""
    where, given = _where(scope, Asked(View.ALL))
    return _rows(f"{where} AND rank = {DANGER}", given, limit=limit)


def sort_key(entry: DeskEntry) -> str:
    """Sorts rows in the page as the desk does: a text, smaller comes first."""
    key = key_of(entry)
    return f"{key.rank - DANGER}{key.stamp + 10**17:020d}{key.since:020d}{key.id}"


def counts(scope: Scope) -> Counts:
    """Bounded counts of every view, over all clients of the scope; one query."""
    views = {view.value: _where(scope, Asked(view))[0] for view in View}
    views["unread"] = f"{views[View.WAITING.value]} AND unread"
    parts = ", ".join(f"({_count(where)}) AS {name}" for name, where in views.items())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", _given(scope))
        found = dict(zip(views, cursor.fetchone(), strict=True))
    return Counts(found["waiting"], found["mine"], found["all"], found["held"], found["unread"])


def needs(scope: Scope) -> tuple[list[str], list[str]]:
    """The languages of the people who wait, and what answering them takes: what one can filter by; one query."""
    each = EACH.format(where=_where(scope, Asked(View.WAITING))[0], order="", limit=LOOKED_AT)
    with connection.cursor() as cursor:
        looked_at = f"SELECT language, skills {each} LIMIT {LOOKED_AT}"
        cursor.execute(f"SELECT DISTINCT language, skills FROM ({looked_at}) AS seen", _given(scope))  # noqa: S608
        found = cursor.fetchall()
    languages = sorted({language for language, _skills in found if language})
    return languages[:20], sorted({skill for _language, skills in found for skill in skills})[:100]


def _rows(where: str, given: dict[str, Any], *, limit: int) -> list[DeskEntry]:
    each = EACH.format(where=where, order=ORDER, limit=limit)
    return list(DeskEntry.objects.raw(f"SELECT entry.* {each} {ORDER} LIMIT {limit}", given))


def _count(where: str) -> str:
    each = EACH.format(where=where, order="", limit=MAX_COUNT + 1)
    return f"SELECT count(*) FROM (SELECT 1 {each} LIMIT {MAX_COUNT + 1}) AS counted"  # noqa: S608


def _where(scope: Scope, asked: Asked) -> tuple[str, dict[str, Any]]:
    """What belongs in a view, as conditions on one entry of a client of the scope, and what they name."""
    parts, given = ["TRUE"], _given(scope)
    if not scope.cleared:
        parts.append("NOT sensitive")
    if asked.view == View.WAITING:
        parts.append(f"rank <= {WAITING} AND (rank <> {WOKEN} OR waiting_since IS NOT NULL OR {OWN})")
    elif asked.view == View.MINE:
        parts.append("staff_id = %(staff)s")
    elif asked.view == View.HELD:
        parts.append("hold <> ''")
    if asked.company is not None:
        given["companies"] = [company for company in scope.companies if company == asked.company]
    if asked.language:
        parts.append(IN_LANGUAGE)
        given["language"] = asked.language.lower().replace("_", "-")
    if asked.skill:
        parts.append("%(skill)s = ANY(skills)")
        given["skill"] = asked.skill
    return " AND ".join(parts), given


def _given(scope: Scope) -> dict[str, Any]:
    return {"companies": list(scope.companies), "staff": scope.staff_id}
