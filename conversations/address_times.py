"""Days and moments as addresses and API calls carry them: what nobody can mean is none. Pure.

Bounded, because a day at the end of the calendar has no next one and one at its beginning has no midnight everywhere.
"""

from datetime import UTC, date, datetime

FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)


def day_of(text: str) -> date | None:
    """``2026-11-22``."""
    try:
        day = date.fromisoformat(text[:20])
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def within(day: date) -> date:
    """The day itself, or the first or last that counts."""
    return min(max(day, FIRST), LAST)


def moment_of(text: str) -> datetime | None:
    """An ISO 8601 moment with its zone, in UTC."""
    try:
        moment = datetime.fromisoformat(text[:40])
        if moment.tzinfo is None:
            return None
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if FIRST <= moment.date() <= LAST else None
