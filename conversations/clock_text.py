"""Hours as people type them: ``9-17:30``, ``09.00–12.00, 13.00–17.00``. Values in, values out."""

import re
from collections.abc import Sequence
from itertools import pairwise

Spans = list[list[str]]

MAX_SPANS = 6
CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s*h?"
SPAN = re.compile(rf"\s*{CLOCK}\s*(?:-|–|—|to|tot|bis|until)\s*{CLOCK}\s*", re.IGNORECASE)
BETWEEN = re.compile(r"[,;/\n]|\band\b|\ben\b|\bund\b|\+", re.IGNORECASE)
CLOSED = {"", "-", "closed", "gesloten", "dicht", "geschlossen", "zu"}
DAY_MINUTES = 24 * 60


class OddHours(ValueError):
    """The text is no hours. ``problem`` is unreadable, backwards, overlap or too_many; ``part`` what is meant."""

    def __init__(self, problem: str, part: str = "") -> None:
        super().__init__(problem)
        self.problem, self.part = problem, part


def read(text: str) -> Spans:
    """The spans of a day in order; none when it says closed. Raises OddHours."""
    if text.strip().casefold() in CLOSED:
        return []
    found = sorted(_span(part) for part in BETWEEN.split(text) if part.strip())
    if len(found) > MAX_SPANS:
        raise OddHours("too_many")
    for (_start, end), (start, _end) in pairwise(found):
        if start < end:
            raise OddHours("overlap", f"{_clock(start)}")
    return [[_clock(start), _clock(end)] for start, end in found]


def written(spans: Sequence[Sequence[str]]) -> str:
    """Spans as one text that ``read`` reads again."""
    return ", ".join(f"{start}–{'24:00' if end == '00:00' else end}" for start, end in spans)


def _span(part: str) -> tuple[int, int]:
    match = SPAN.fullmatch(part)
    if match is None:
        raise OddHours("unreadable", part.strip())
    start, end = _minute(match[1], match[2], part), _minute(match[3], match[4], part) or DAY_MINUTES
    if end <= start:
        raise OddHours("backwards", part.strip())
    return start, end


def _minute(hour: str, minute: str | None, part: str) -> int:
    total = int(hour) * 60 + int(minute or 0)
    if total > DAY_MINUTES or int(minute or 0) > 59:
        raise OddHours("unreadable", part.strip())
    return total


def _clock(minute: int) -> str:
    minute %= DAY_MINUTES
    return f"{minute // 60:02d}:{minute % 60:02d}"
