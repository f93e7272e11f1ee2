"""The words of messages and questions: folded, counted, found again in a text. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MAX_QUERY_CHARS = 120
MAX_WORDS = 8
MAX_WORD_CHARS = 40
MIN_PREFIX_CHARS = 3
MAX_TEXT_CHARS = 20_000
MIN_DIGITS = 4
SNIPPET_CHARS = 160
BEFORE_CHARS = 50

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\+?\d(?:[\s().\-/]{0,2}\d){3,20}")
ALONE = re.compile(rf"(?<!\w){NUMBER.pattern}(?!\w)")  # AB1234 is a word, not a word and a number
TEXTS = ("name", "address", "title", "description", "text", "caption", "filename", "formatted_name", "footer", "emoji")


def fold(text: str) -> str:
    """Lower case without accents, sign for sign, so that places in the text stay what they are."""
    return "".join(_folded(sign) for sign in text)


def _folded(sign: str) -> str:
    if sign.isascii():
        return sign.lower()
    return (unicodedata.normalize("NFKD", sign)[:1].lower() or sign)[:1]


def week_word(at: datetime) -> str:
    """The word of the week in which something was written."""
    year, week, _day = at.isocalendar()
    return f"w{year}-{week:02d}"


def numbers_in(text: str) -> list[str]:
    """Runs of digits as one word each, however they are written: 06-1234 5678 is 0612345678."""
    found = (re.sub(r"\D", "", match[0]) for match in NUMBER.finditer(text))
    return list(dict.fromkeys(number for number in found if len(number) >= MIN_DIGITS))


def texts_of(content: Any, *, depth: int = 4) -> list[str]:
    """What stands to read in the structured part of a message: names, titles, addresses."""
    if depth == 0:
        return []
    if isinstance(content, Mapping):
        own = [value for key, value in content.items() if key in TEXTS and isinstance(value, str)]
        deeper = [value for value in content.values() if isinstance(value, Mapping | list)]
        return own + [text for value in deeper for text in texts_of(value, depth=depth - 1)]
    if isinstance(content, list):
        return [text for value in content[:50] for text in texts_of(value, depth=depth - 1)]
    return []


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for: folded words, all of which have to stand there; the last may be a beginning."""

    words: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> "Query":
        """The words of a question; runs of digits become one word."""
        text = text.replace("\x00", "")[:MAX_QUERY_CHARS]
        numbers = [number for found in ALONE.findall(text) for number in numbers_in(found)]
        rest = ALONE.sub(" ", text)
        words = [word[:MAX_WORD_CHARS] for word in WORD.findall(fold(rest))]
        return cls(tuple(dict.fromkeys([*words, *numbers]))[:MAX_WORDS])

    def __bool__(self) -> bool:
        return bool(self.words)


def snippet(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """The part of a text around the first hit, cut into pieces that match and pieces that do not."""
    folded = fold(text)
    found = list(_hits(folded, words))
    first = found[0][0] if found else 0
    start = max(0, first - BEFORE_CHARS)
    if start:
        start = folded.find(" ", start) + 1 or start
    end = min(len(text), start + SNIPPET_CHARS)
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for low, high in found:
        if low < at or high > end:
            continue
        pieces += [(text[at:low], False), (text[low:high], True)]
        at = high
    pieces.append((text[at:end] + ("…" if end < len(text) else ""), False))
    return [piece for piece in pieces if piece[0]]


def _hits(folded: str, words: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Where words begin as the question's do; a stem is looked for by its beginning."""
    beginnings = [re.escape(word if len(word) <= 4 else word[: max(4, len(word) - 2)]) for word in words]
    if not beginnings:
        return
    spaced = [r"[\s().\-/]{0,2}".join(word) for word in words if word.isdigit() and len(word) >= MIN_DIGITS]
    for match in re.finditer(rf"\b(?:{'|'.join([*beginnings, *spaced])})\w*", folded):
        yield match.span()
