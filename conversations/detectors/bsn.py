"""The Dutch citizen number (BSN): nine digits, the eleven test, and a word beside it that says so."""

import re

from stdnum.nl import bsn

from conversations.detectors.context import beside
from conversations.detectors.digits import runs
from conversations.detectors.hit import Hit, whole

NAME, VERSION, CONFIDENCE = "bsn", 2, 0.97
WORDS = re.compile(
    r"bsn|\bb[. ]{1,2}s[. ]{1,2}n\b|burger ?servi|\bsofi|sociaal[ -]?fiscaal|citizen service|social security",
    re.IGNORECASE,
)
# People write it right behind the word, and with slashes and commas, too.
RUN = re.compile(r"(?:(?<!\w)|(?<=bsn)|(?<=nummer)|(?<=nr))[0-9](?:[ .,/-]{0,2}[0-9])*+", re.IGNORECASE)


def find(text: str) -> list[Hit]:
    """Citizen numbers. Exactly nine digits: the library would add zeros to shorter ones, and one in eleven fits."""
    if not WORDS.search(text):
        return []
    hits: list[Hit] = []
    for run in runs(text, least=9, form=RUN):
        for start, end in run.pieces((9,)):
            first, last = run.places[start], run.places[end - 1] + 1
            if bsn.is_valid(run.digits[start:end]) and beside(text, first, last, WORDS):
                hits.append(whole(first, last, detector=NAME, confidence=CONFIDENCE))
                break
    return hits
