"""The word lists of ``terms/``, one file a language, read once."""

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from conversations.detectors.plain import folded

LANGUAGES = ("nl", "de", "en", "fr")
FOLDER = Path(__file__).parent / "terms"
HEALTH = "health"
OTHERS = ("religion", "union", "orientation", "ethnicity", "politics", "offence")
KEY = 3  # first characters that terms are found by; no stem is shorter


@dataclass(frozen=True, slots=True)
class Term:
    """A word (``stem``: whatever follows), or the beginning of a phrase with the words that follow it."""

    text: str
    stem: bool
    language: str
    topic: str
    strong: bool = False
    weight: float = 1.0
    rest: tuple[str, ...] = ()

    def fits(self, word: str) -> bool:
        return word.startswith(self.text) if self.stem else word == self.text


@dataclass(slots=True)
class Lists:
    """Terms by their first characters; common words and words for persons by language."""

    terms: dict[str, list[Term]] = field(default_factory=lambda: defaultdict(list))
    common: dict[str, frozenset[str]] = field(default_factory=dict)
    person: dict[str, frozenset[str]] = field(default_factory=dict)


@cache
def lists() -> Lists:
    """All languages together: people mix them."""
    found = Lists()
    for language in LANGUAGES:
        data = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
        found.common[language] = frozenset(folded(word) for word in data["common"].split())
        found.person[language] = frozenset(folded(word) for word in data["person"].split())
        for term in _terms(data, language):
            found.terms[term.text[:KEY]].append(term)
    found.terms = dict(found.terms)
    return found


def _terms(data: dict[str, Any], language: str) -> list[Term]:
    health = data[HEALTH]
    doubtful = set(health["doubtful"].split())
    strong = [_term(one, language, HEALTH, strong=True) for one in health["strong"].split()]
    weak = [
        _term(one, language, HEALTH, weight=0.5 if one in doubtful else 1.0)
        for one in dict.fromkeys([*health["weak"].split(), *health["doubtful"].split()])
    ]
    phrases = [_phrase(one, language, HEALTH) for one in _split(health)]
    others = [_term(one, language, topic) for topic in OTHERS for one in data[topic].get("terms", "").split()]
    other_phrases = [_phrase(one, language, topic) for topic in OTHERS for one in _split(data[topic])]
    return [*strong, *weak, *phrases, *others, *other_phrases]


def _split(part: dict[str, str]) -> list[str]:
    return [one for one in part.get("phrases", "").split("|") if one]


def _term(text: str, language: str, topic: str, *, strong: bool = False, weight: float = 1.0) -> Term:
    return Term(folded(text.rstrip("*")), text.endswith("*"), language, topic, strong, weight)


def _phrase(text: str, language: str, topic: str) -> Term:
    first, *rest = (folded(word) for word in text.split())
    return Term(first, False, language, topic, rest=tuple(rest))
