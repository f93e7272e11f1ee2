"""When a company answers: its week, its special days, the public holidays of its country. Values in, values out.

A day is decided by the first of these that speaks of it: a special day with hours of its own, a public holiday that
nobody switched off, the weekday. Times are the company's wall clock; all reckoning is done in UTC, so that a day on
which the clock moves has 23 or 25 hours.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from conversations import public_holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
ALL_DAY = ((0, DAY_MINUTES),)
CLOSED_DAYS = 400  # without a single opening: the company never opens
REMEMBERED_DAYS = 1_000
DAY = timedelta(days=1)
WEEK = timedelta(days=7)

Span = tuple[datetime, datetime]  # from, until (not included), in UTC
Minutes = tuple[tuple[int, int], ...]  # of the day


@dataclass(frozen=True, slots=True)
class Rules:
    """What a company says about its hours.

    week     minutes of each weekday from Monday, or nothing: always open, on holidays too
    days     of single dates: their minutes, or nothing for "as on an ordinary day"
    worked   names of public holidays on which it works as usual, every year
    country  whose public holidays close it; empty: none do
    """

    zone: str = "UTC"
    week: tuple[Minutes, ...] = ()
    days: tuple[tuple[date, Minutes | None], ...] = ()
    worked: frozenset[str] = frozenset()
    country: str = ""
    region: str = ""


def rules(
    *,
    zone: str,
    hours: Mapping[str, Any],
    special_days: Sequence[Mapping[str, Any]] = (),
    country: str = "",
    region: str = "",
) -> Rules:
    """The rules as settings keep them: ``{"mon": [["09:00", "17:30"]]}``, and special days of three kinds.

    ``{"date": "2026-12-24", "hours": [["09:00", "13:00"]]}`` has hours of its own (none: closed), ``{"date": …,
    "hours": null}`` is an ordinary day though it is a holiday, ``{"holiday": "Goede vrijdag"}`` is so every year.
    """
    week = tuple(minutes(hours.get(name, ())) for name in WEEKDAYS) if hours else ()
    dated = {date.fromisoformat(one["date"]): _own(one) for one in special_days if one.get("date")}
    worked = frozenset(str(one["holiday"]) for one in special_days if one.get("holiday"))
    return Rules(zone, week, tuple(sorted(dated.items())), worked, country if hours else "", region)


def minutes(spans: Sequence[Sequence[str]]) -> Minutes:
    """``[["09:00", "17:30"]]`` as minutes of the day; ``00:00`` as an end is midnight."""
    return tuple(sorted((_minute(start), _minute(end) or DAY_MINUTES) for start, end in spans))


def _own(special: Mapping[str, Any]) -> Minutes | None:
    return None if special.get("hours") is None else minutes(special["hours"])


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


@lru_cache(maxsize=128)
def of(rules: Rules) -> "BusinessHours":
    """The calendar of these rules, which remembers the days it was asked about."""
    return BusinessHours(rules)


class BusinessHours:
    """A company's calendar: when it is open, and business time reckoned on it."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._zone = ZoneInfo(rules.zone)
        self._special = dict(rules.days)
        self._days: dict[date, tuple[Span, ...]] = {}

    def is_open(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self.spans_of(self.local_day(at)))

    def next_opening(self, at: datetime) -> datetime | None:
        """The moment itself while open, else when it opens next; None when it never does."""
        span = next(self.spans_after(at), None)
        return span[0] if span else None

    def closing(self, at: datetime) -> datetime | None:
        """Until when it stays open; None while it is closed, and when it stays open for a week and more."""
        until: datetime | None = None
        for start, end in self.spans_after(at):
            if start > (until or at):
                return until
            if end - at > WEEK:
                return None
            until = end
        return until

    def add_minutes(self, at: datetime, minutes: float) -> datetime | None:
        """The moment at which so much business time has gone by; None when the company never opens.

        What comes while it is closed counts from the next opening.
        """
        left = timedelta(minutes=minutes)
        for start, end in self.spans_after(at):
            if left <= end - start:
                return start + left
            left -= end - start
        return None

    def minutes_between(self, start: datetime, end: datetime) -> float:
        """Business minutes from one moment to a later one; none when it is not later."""
        total = timedelta()
        for opens, closes in self.spans_after(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total / timedelta(minutes=1)

    def spans_after(self, at: datetime) -> Iterator[Span]:
        """Every span that is open at or after a moment, the first cut to begin there; ends when none follows."""
        at = at.astimezone(UTC)
        day, closed = self.local_day(at), 0
        while closed < CLOSED_DAYS:
            open_today = False
            for start, end in self.spans_of(day):
                open_today = True
                if end > at:
                    yield max(start, at), end
            closed = 0 if open_today else closed + 1
            day += DAY

    def spans_of(self, day: date) -> tuple[Span, ...]:
        """When it is open on a day of its own calendar."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= REMEMBERED_DAYS:
                self._days.clear()
            found = self._days[day] = _joined(self._span(day, *pair) for pair in self.minutes_of(day))
        return found

    def minutes_of(self, day: date) -> Minutes:
        """The hours of a day by the wall clock."""
        own = self._special.get(day)
        if own is not None:
            return own
        if not self.rules.week:
            return ALL_DAY
        if day not in self._special and self.holiday_on(day):
            return ()
        return self.rules.week[day.weekday()]

    def holiday_on(self, day: date) -> str:
        """The public holiday that closes the company on this day, by its own name; empty when none does."""
        if not self.rules.country:
            return ""
        names = public_holidays.of_year(self.rules.country, self.rules.region, day.year).get(day, ())
        return ", ".join(name for name in names if name not in self.rules.worked)

    def local_day(self, at: datetime) -> date:
        """The company's date at a moment."""
        return at.astimezone(self._zone).date()

    def _span(self, day: date, start: int, end: int) -> Span:
        return self._moment(day, start, fold=0), self._moment(day, end, fold=1)

    def _moment(self, day: date, minute: int, *, fold: int) -> datetime:
        """A wall-clock time in UTC. Shown twice, it opens the first time and closes the second."""
        if minute == DAY_MINUTES:
            day, minute, fold = day + DAY, 0, 0
        wall = datetime.combine(day, time(minute // 60, minute % 60, fold=fold), self._zone)
        return wall.astimezone(UTC)


def _joined(spans: Iterator[Span]) -> tuple[Span, ...]:
    """In order, without empty ones, those that touch made one: a moved clock can make them so."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
