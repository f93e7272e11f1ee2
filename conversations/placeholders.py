"""Blanks in prepared texts: ``{{contact.name}}`` is filled in, what is not known is marked. Values in, text out."""

import re
from collections.abc import Mapping

BLANK = re.compile(r"\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z0-9_-]{1,40})?)\s*\}\}", re.IGNORECASE)
MARK = re.compile(r"⟦[^⟦⟧\n]{0,80}⟧")
MARK_BEGIN, MARK_END = "⟦", "⟧"


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every blank filled in; one without a value stands as ``⟦name⟧`` for whoever sends it."""

    def put(found: re.Match[str]) -> str:
        name = found[1].lower()
        return values.get(name, "").strip() or f"{MARK_BEGIN}{name}{MARK_END}"

    return BLANK.sub(put, text)


def names(text: str) -> list[str]:
    """The blanks of a text in order, each once."""
    return list(dict.fromkeys(found[1].lower() for found in BLANK.finditer(text)))


def has_marks(text: str) -> bool:
    """Whether something is still to be filled in."""
    return MARK.search(text) is not None
