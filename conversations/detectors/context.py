"""Words beside a number that say what it is."""

import re

from conversations.detectors.hit import Hit

REACH = 40  # characters to either side


def beside(text: str, start: int, end: int, words: re.Pattern[str], *, reach: int = REACH) -> bool:
    """Whether one of the words stands within reach of a place."""
    return bool(words.search(text, max(start - reach, 0), min(end + reach, len(text))))


# What shops, carriers and devices count with: such a number passes checks by accident.
COUNTED = re.compile(
    r"bestel|order|factu|invoice|rechnung|commande|pakket|paket|zending|sendung|tracking|track\b|trace|colis|imei|"
    r"serie|serial|artikel|article|ticket|klantnummer|kundennummer|barcode|ean\b|referen|dossier|zaaknummer|kenmerk",
    re.IGNORECASE,
)


def is_counted(text: str, start: int) -> bool:
    """Whether the words just before say that it is an order, a parcel or a device."""
    return bool(COUNTED.search(text, max(start - 30, 0), start))


def spans_of(hits: list[Hit]) -> list[tuple[int, int]]:
    return sorted((hit.start, hit.end) for hit in hits)
