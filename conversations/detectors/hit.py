"""What a detector says: where, what, how sure, and which part of it has to be hidden."""

from dataclasses import dataclass, replace
from enum import StrEnum

BULLET = "•"
MAX_PREVIEW_CHARS = 40


class Family(StrEnum):
    """What kind of thing it is; terms are words about somebody, everything else identifies or opens something."""

    FINANCIAL = "financial"
    NATIONAL_ID = "national_id"
    HEALTH_ID = "health_id"
    SECRET = "secret"  # noqa: S105  a name
    HEALTH_TERMS = "health_terms"
    SPECIAL_TERMS = "special_terms"


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding in a text.

    start, end  where it stands
    hide_start, hide_end  the part of it to hide: of account and card numbers the ends stay readable
    confidence  0 to 1: how often such a finding is right, measured on the labelled examples of the tests
    """

    start: int
    end: int
    hide_start: int
    hide_end: int
    detector: str
    confidence: float

    def preview(self, text: str) -> str:
        """The finding with its hidden part as bullets: what may be kept and shown, never the hit."""
        shown = text[self.start : self.hide_start] + BULLET * 6 + text[self.hide_end : self.end]
        return shown[:MAX_PREVIEW_CHARS]


def whole(start: int, end: int, *, detector: str, confidence: float) -> Hit:
    """A finding that is hidden from its first to its last character."""
    return Hit(start, end, start, end, detector, confidence)


def moved(hit: Hit, by: int) -> Hit:
    """The same finding elsewhere."""
    return replace(
        hit, start=hit.start + by, end=hit.end + by, hide_start=hit.hide_start + by, hide_end=hit.hide_end + by
    )
