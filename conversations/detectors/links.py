"""Web and mail addresses: what stands in them is not looked at."""

import re

LINK = re.compile(r"(?<![\w])(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")


def spans(text: str) -> list[tuple[int, int]]:
    """Where addresses stand."""
    found = [match.span() for match in LINK.finditer(text)] if "//" in text or "www." in text.lower() else []
    if "@" in text:
        found += [match.span() for match in MAIL.finditer(text)]
    return sorted(found)
