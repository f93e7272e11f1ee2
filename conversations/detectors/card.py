"""Payment cards, by the first digits of their networks, their lengths and the Luhn check. Four digits stay readable."""

import re

from stdnum import luhn

from conversations.detectors.context import beside, is_counted
from conversations.detectors.digits import runs
from conversations.detectors.hit import Hit

NAME, VERSION = "card", 1
SURE, DOUBTFUL = 0.95, 0.4
LENGTHS = (19, 18, 17, 16, 15, 13)  # longest first
LAST_SHOWN = 4
NETWORKS = (
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile(r"6011|64[4-9]|65|62"), (16, 17, 18, 19)),
    (re.compile(r"50|5[6-8]|6[37]"), (16, 18, 19)),
)
WORDS = re.compile(
    r"kaart|card|karte|carte|visa|master|amex|maestro|cvc|cvv|betaal|pay|zahl|geldig|expir|g(?:ü|ue)ltig", re.IGNORECASE
)


def find(text: str) -> list[Hit]:
    """Card numbers; what words before it call an order or a parcel is doubtful."""
    hits: list[Hit] = []
    for run in runs(text, least=13):
        done = 0
        for start, end in run.pieces(LENGTHS):
            if start < done or run.digits[start] not in "23456" or not _is_card(run.digits[start:end]):
                continue
            done = end
            first, last = run.places[start], run.places[end - 1]
            sure = not is_counted(text, first) or beside(text, first, last + 1, WORDS, reach=15)
            hidden = run.places[end - 1 - LAST_SHOWN] + 1
            hits.append(Hit(first, last + 1, first, hidden, NAME, SURE if sure else DOUBTFUL))
    return hits


def _is_card(digits: str) -> bool:
    fits = any(begins.match(digits) and len(digits) in lengths for begins, lengths in NETWORKS)
    return fits and len(set(digits)) > 1 and bool(luhn.is_valid(digits))
