"""Reads values that strangers wrote: whatever is odd becomes None, whatever PostgreSQL cannot hold is replaced."""

import math
import re
from datetime import UTC, datetime
from typing import Any

REPLACEMENT = "\ufffd"
MAX_ID_CHARS = 255
MAX_NAME_CHARS = 255
MAX_BSUID_CHARS = 160
MAX_DEPTH = 32  # deeper structures are cut; the journal keeps the original
MILLISECONDS_FROM = 100_000_000_000
EARLIEST = 1_230_768_000  # 2009, the year the platform's messenger began
LATEST = 4_102_444_800  # 2100

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BSUID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9._-]+\Z")


def clean_text(value: str) -> str:
    """The text with NUL characters and lone surrogates replaced, since neither text nor jsonb columns hold them."""
    if value.isascii() and "\x00" not in value:
        return value
    return _UNSTORABLE.sub(REPLACEMENT, value)


def clean(value: Any, *, depth: int = 0) -> Any:
    """A JSON value that jsonb can hold: texts and keys cleaned, NaN and infinities None, nesting bounded."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        if depth >= MAX_DEPTH:
            return {}
        return {clean_text(str(key)): clean(item, depth=depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [] if depth >= MAX_DEPTH else [clean(item, depth=depth + 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float) else clean_text(str(value))


def record(value: Any) -> dict[str, Any]:
    """The object itself, or an empty one where something else stands."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Any]:
    """The list itself, or an empty one where something else stands."""
    return value if isinstance(value, list) else []


def text(value: Any, *, limit: int | None = None) -> str | None:
    """A text, cleaned and perhaps shortened; None for anything else."""
    if not isinstance(value, str):
        return None
    cleaned = clean_text(value)
    return cleaned[:limit] if limit is not None else cleaned


def identifier(value: Any, *, limit: int = MAX_ID_CHARS) -> str | None:
    """An id as text (the platform sends some as numbers); None if empty, too long or something else."""
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 10**40:
            return None
        value = str(value)
    if not isinstance(value, str) or not value or len(value) > limit:
        return None
    return clean_text(value)


def whole(value: Any) -> int | None:
    """A whole number that fits a bigint, also when written as text."""
    if isinstance(value, str):
        if not (0 < len(value) <= 19 and value.isascii() and value.removeprefix("-").isdecimal()):
            return None
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if -(2**63) <= value < 2**63 else None


def truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def number(value: Any) -> float | None:
    """A finite number, also when written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def moment(value: Any) -> datetime | None:
    """An aware time from Unix seconds or milliseconds, as number or text; None outside 2009 to 2100."""
    seconds = whole(value)
    if seconds is None:
        return None
    if seconds >= MILLISECONDS_FROM:
        seconds //= 1000
    return datetime.fromtimestamp(seconds, UTC) if EARLIEST <= seconds < LATEST else None


def is_bsuid(value: str) -> bool:
    """Whether this is a business-scoped user id (``NL.1349…``, ``US.ENT.…``) and not a phone number."""
    return len(value) <= MAX_BSUID_CHARS and _BSUID.match(value) is not None


def bsuid(value: Any) -> str | None:
    return value if isinstance(value, str) and is_bsuid(value) else None


def wa_id(value: Any) -> str | None:
    """A phone number the way the platform writes it: digits with country code, no plus."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**20:
        value = str(value)
    if not isinstance(value, str):
        return None
    digits = value.removeprefix("+")
    return digits if 4 <= len(digits) <= 20 and digits.isascii() and digits.isdecimal() else None
