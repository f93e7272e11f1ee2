"""Account numbers (ISO 13616), by country, length and check digits. The middle is hidden."""

import re

from stdnum import iban

from conversations.detectors.hit import Hit

NAME, VERSION, CONFIDENCE = "iban", 2, 0.99
# Characters of an account number by country, as the IBAN registry says.
LENGTHS = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("NL", "DK", "FI", "FO", "GL"), 18),
    **dict.fromkeys(("MK", "SI"), 19),
    **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "XK"), 20),
    **dict.fromkeys(("CH", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "DE", "GB", "GE", "IE", "ME", "RS", "VA"), 22),
    **dict.fromkeys(("AE", "GI", "IL"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG"), 24),
    **dict.fromkeys(("PT",), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("FR", "GR", "IT", "MC", "SM"), 27),
    **dict.fromkeys(("AL", "AZ", "CY", "DO", "HU", "LB", "PL"), 28),
    **dict.fromkeys(("BR", "PS", "QA", "UA"), 29),
    **dict.fromkeys(("JO", "KW", "MU"), 30),
    **dict.fromkeys(("MT",), 31),
}
BEGINS = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=iban)|(?<=IBAN))([A-Za-z]{2})[ .-]?[0-9][ ]?[0-9]")
ENDS_SHOWN = 4
MAX_GAPS = 2  # spaces, dots or dashes between two characters


def find(text: str) -> list[Hit]:
    """Account numbers, written together or in groups, in capitals or not."""
    hits, done = [], 0
    for match in BEGINS.finditer(text):
        length = LENGTHS.get(match[1].upper())
        if length is None or match.start() < done:
            continue
        places = _places(text, match.start(), length)
        if places and iban.is_valid("".join(text[at] for at in places), check_country=False):
            done = places[-1] + 1
            inner = places[ENDS_SHOWN : length - ENDS_SHOWN]
            hits.append(Hit(places[0], done, inner[0], inner[-1] + 1, NAME, CONFIDENCE))
    return hits


def _places(text: str, start: int, length: int) -> list[int]:
    """Where its characters stand; nothing when the text ends before, or goes on without a gap."""
    places: list[int] = []
    at, gap = start, 0
    while at < len(text) and len(places) < length:
        if text[at].isascii() and text[at].isalnum():
            places.append(at)
            gap = 0
        elif text[at] in " .-/" and gap < MAX_GAPS:
            gap += 1
        else:
            return []
        at += 1
    goes_on = text[at : at + 1].isdigit() or (text[at : at + 1].isalpha() and text[at - 1].isalpha())
    return places if len(places) == length and not goes_on else []
