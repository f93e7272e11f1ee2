"""The signs of the composer's picker, with their names to search by. A chosen few hundred: what people answer with."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import emoji
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SIGNS = Path(__file__).with_name("emoji_signs.txt")  # a line "# group", then its signs
# Where the package has no names: a line a sign, its name and then other words that people look for.
OWN_WORDS = {"nl": Path(__file__).with_name("emoji_words_nl.txt")}
PACKAGE_LANGUAGES = ("en", "de", "fr", "es", "it", "pt")
GROUPS: dict[str, Promise] = {
    "faces": _("Faces"),
    "people": _("Hands and people"),
    "signs": _("Hearts and signs"),
    "nature": _("Nature and weather"),
    "food": _("Food and drink"),
    "travel": _("Places and travel"),
    "things": _("Things"),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign, its name, and everything it is found by."""

    text: str
    name: str
    found_by: str


def groups(language: str) -> list[tuple[Promise, list[Sign]]]:
    """The picker's groups with names in this language where there are any, else in English; found by both."""
    return [(GROUPS[key], signs) for key, signs in _signs(language[:2]).items()]


@lru_cache(maxsize=8)
def _own_words(code: str) -> dict[str, list[str]]:
    if code not in OWN_WORDS:
        return {}
    lines = OWN_WORDS[code].read_text(encoding="utf-8").splitlines()
    return {sign: words.split(", ") for sign, _space, words in (line.partition(" ") for line in lines)}


@lru_cache(maxsize=8)
def _signs(code: str) -> dict[str, list[Sign]]:
    found: dict[str, list[Sign]] = {}
    signs: list[Sign] = []
    for line in SIGNS.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            signs = found.setdefault(line[2:], [])
        else:
            signs += [_sign(text, code) for text in line.split()]
    return found


def _sign(text: str, code: str) -> Sign:
    data = emoji.EMOJI_DATA.get(text, {})
    english = own = _plain(data.get("en", ""))
    if code in PACKAGE_LANGUAGES and code != "en":
        emoji.config.load_language(code)
        own = _plain(data.get(code, "")) or english
    words = _own_words(code).get(text, [own])
    return Sign(text, words[0], " ".join(dict.fromkeys([*words, english, *map(_plain, data.get("alias", []))])))


def _plain(name: str) -> str:
    return name.strip(":").replace("_", " ").replace("-", " ").lower()
