"""The Dutch citizen number (BSN): nine digits, the eleven test, and a word beside it that says so."""

import re

from stdnum.nl import bsn

from conversations.detectors.context import beside
from conversations.detectors.digits import runs
from conversations.detectors.hit import Hit, whole

NAME, VERSION, CONFIDENCE = "bsn", 1, 0.97
WORDS = re.compile(r"\bbsn|burgerservice|burger service|\bsofi|citizen service", re.IGNORECASE)


def find(text: str) -> list[Hit]:
    """Citizen numbers. Exactly nine digits: the library would add zeros to shorter ones, and one in eleven fits."""
    if not WORDS.search(text):
        return []
    hits: list[Hit] = []
    for run in runs(text, least=9):
        for start, end in run.pieces((9,)):
            first, last = run.places[start], run.places[end - 1] + 1
            if bsn.is_valid(run.digits[start:end]) and beside(text, first, last, WORDS):
                hits.append(whole(first, last, detector=NAME, confidence=CONFIDENCE))
                break
    return hits
