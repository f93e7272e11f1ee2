"""Danger words of a company: whole words or phrases in any of its languages, without case and accents."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from conversations.detectors import disguise
from conversations.detectors.plain import folded

WORD = re.compile(r"[\w\u0300-\u036f]+")
MAX_CHARS = 70_000
MAX_WORDS = 500
BEGINNING = 3  # letters by which stems are found


@dataclass(frozen=True, slots=True)
class DangerWords:
    """``first`` leads from the first word of each entry to its entries, as folded words; a star ends a stem.

    ``stems`` leads to those from the beginning of their first word, so that a long text is not held against each.
    """

    first: Mapping[str, tuple[tuple[str, ...], ...]]
    stems: Mapping[str, tuple[tuple[str, ...], ...]]

    @classmethod
    def of(cls, lists: Mapping[str, Iterable[str]]) -> "DangerWords":
        """From ``{"nl": ["gaslek", "kan niet ademen"], "*": ["112"]}``: all together, since people mix languages."""
        first: dict[str, list[tuple[str, ...]]] = {}
        stems: dict[str, list[tuple[str, ...]]] = {}
        for entry in list(dict.fromkeys(text for texts in lists.values() for text in texts))[:MAX_WORDS]:
            words = tuple(_words(entry))
            if words and entry.rstrip().endswith("*"):
                stems.setdefault(words[0] if len(words) > 1 else words[0][:BEGINNING], []).append(words)
            elif words:
                first.setdefault(words[0], []).append(words)
        return cls(_settled(first), _settled(stems))

    def __bool__(self) -> bool:
        return bool(self.first or self.stems)

    def find(self, text: str) -> list[str]:
        """The entries that stand in the text, as folded words, each once."""
        if not self:
            return []
        words = _words(text[:MAX_CHARS])
        found: dict[str, None] = {}
        for at, word in enumerate(words):
            for entry in self.first.get(word, ()):
                if tuple(words[at : at + len(entry)]) == entry:
                    found[" ".join(entry)] = None
            for entry in self._stems_of(word) if self.stems else ():
                if _begins(words, at, entry):
                    found[" ".join(entry) + "*"] = None
        return list(found)

    def _stems_of(self, word: str) -> Iterator[tuple[str, ...]]:
        """Those that may begin with this word."""
        for beginning in {word, *(word[:length] for length in range(1, BEGINNING + 1))}:
            yield from self.stems.get(beginning, ())


def _words(text: str) -> list[str]:
    """What stands there as it looks, without case and accents."""
    seen, *_places = disguise.seen(text)
    return [folded(word) for word in WORD.findall(seen)]


def _settled(lists: Mapping[str, list[tuple[str, ...]]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {word: tuple(entries) for word, entries in lists.items()}


def _begins(words: list[str], at: int, entry: tuple[str, ...]) -> bool:
    """Whether the entry stands here, its last word as the beginning of one."""
    part = words[at : at + len(entry)]
    return len(part) == len(entry) and tuple(part[:-1]) == entry[:-1] and part[-1].startswith(entry[-1])
