"""Looks at the fields of a form or another structured part: there the name of a field says what its value is."""

import re
from typing import Any

from conversations.detectors import bsn, card, insured, kvnr, national, secret
from conversations.detectors.hit import Hit, moved
from conversations.detectors.registry import scan

MAX_NAME_CHARS = 60
QUIET_NAMES = frozenset({"id", "in_pin_code", "flow_token", "wamid", "sha256", "url", "platform_type", "again_of"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GAPS = re.compile(r"[\W_]+")
_NAMES = (bsn.WORDS, card.WORDS, insured.WORDS, kvnr.WORDS, national.GERMAN_WORDS, national.BELGIAN_WORDS)


def scan_field(name: Any, value: Any, *, with_terms: bool = True, language: str = "") -> list[Hit]:
    """What stands in one value, a text or a number, with its field's name as the words beside it.

    ``{"screen_0_Uw_BSN_1": 123456782}`` holds a citizen number, although the number alone says nothing.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return []
    said = label(name) if isinstance(name, str) else ""
    if not _tells(said):
        return scan(value, with_terms=with_terms, language=language) if isinstance(value, str) else []
    before = f"{said}: "
    hits = scan(before + str(value), with_terms=with_terms, language=language)
    return [moved(hit, -len(before)) for hit in hits if hit.start >= len(before)]


def is_quiet(name: Any) -> bool:
    """Whether what stands under it is a name or number of a machine; ``national_id`` is none."""
    return isinstance(name, str) and (name in QUIET_NAMES or (name.endswith("_id") and not _tells(label(name))))


def label(name: str) -> str:
    """The name of a field as words: ``screen_0_CardNumber_1`` is ``screen 0 Card Number 1``."""
    return _GAPS.sub(" ", _CAMEL.sub(" ", name)).strip()[-MAX_NAME_CHARS:]


def _tells(said: str) -> bool:
    """Whether a field's name says what its value is."""
    return bool(said) and (secret.is_named(said) or any(words.search(said) for words in _NAMES))
