"""Texts made plain for the detectors, character by character, so that every place stays where it was."""

import unicodedata

from conversations.detectors import disguise

TAKEN = "\x00"  # stands where an earlier step found something, so that no later one looks there again


def plain(text: str) -> str:
    """The same text with letters, digits, spaces and dashes of every script as the common ones; places do not move."""
    return text if text.isascii() else disguise.in_place(text)


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
