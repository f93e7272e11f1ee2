"""Texts made plain for the detectors, character by character, so that every place stays where it was."""

import re
import unicodedata
from collections.abc import Sequence

TAKEN = "\x00"  # stands where an earlier step found something, so that no later one looks there again
_DIGIT = re.compile(r"[^\x00-\x7f]")
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u20e3\ufe0e\ufe0f\ufeff]")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_TABLE = {ord(sign): " " for sign in _SPACES} | {ord(sign): "-" for sign in _DASHES}


def plain(text: str) -> str:
    """The same text with digits, spaces and dashes of every script as the common ones; places do not move."""
    if text.isascii():
        return text
    text = text.translate(_TABLE)
    return text if text.isascii() else _DIGIT.sub(_common, text)


def seen(text: str) -> tuple[str, Sequence[int]]:
    """The text without signs that nobody sees, and where each of what is left stood; no places where it has none."""
    if text.isascii() or not _UNSEEN.search(text):
        return text, ()
    places = [at for at, sign in enumerate(text) if not _UNSEEN.match(sign)]
    return "".join(text[at] for at in places), places


def _common(found: re.Match[str]) -> str:
    sign = found[0]
    value = unicodedata.decimal(sign, None)
    if value is not None:
        return str(value)
    common = unicodedata.normalize("NFKC", sign)
    return common if len(common) == 1 and common.isascii() else sign


def folded(word: str) -> str:
    """A word without case and accents, for comparing."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with these places taken."""
    parts, at = [], 0
    for start, end in spans:
        if end > at:
            parts += [text[at : max(start, at)], TAKEN * (end - max(start, at))]
            at = end
    return "".join([*parts, text[at:]])
