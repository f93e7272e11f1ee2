"""Health insurance cards (EHIC) and policy numbers. Policies have no check digit: a word beside them has to say so."""

import re

from conversations.detectors.digits import runs
from conversations.detectors.hit import Hit, whole

EHIC, POLICY, VERSION = "ehic", "policy", 1
# An EHIC begins with 80 and the number of its country (ISO 3166): those that take part.
COUNTRIES = re.compile(
    r"80(?:040|056|100|191|196|203|208|233|246|250|276|300|348|352|372|380|428|438|440|442|470|528|578|616|620|642|703|"
    r"705|724|752|756|826)"
)
WORDS = re.compile(
    r"polis(?:nummer|nr)|verzekeringspas|verzekerdennummer|verzekeringsnummer|relatienummer zorg|zorgpas|uzovi|"
    r"versicherungsnummer|policy number|insurance number|num(?:é|e)ro d.assur(?:é|e)",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"[^A-Za-z0-9\x00]{0,4}(?:\b(?:is|ist|est|luidt|lautet)\b[ :]{0,3})?([A-Za-z]{0,3}[0-9][0-9 .-]{4,18}[0-9])"
)


def find(text: str) -> list[Hit]:
    """Cards by their form; policies right after a word that names them, in doubt."""
    hits: list[Hit] = []
    for run in runs(text, least=20):
        for start, end in run.pieces((20,)):
            digits = run.digits[start:end]
            if COUNTRIES.match(digits):
                first, last = run.places[start], run.places[end - 1] + 1
                hits.append(whole(first, last, detector=EHIC, confidence=0.95))
                break
    for word in WORDS.finditer(text):
        found = NUMBER.match(text, word.end())
        if found and not any(hit.start <= found.start(1) < hit.end for hit in hits):
            hits.append(whole(*found.span(1), detector=POLICY, confidence=0.7))
    return hits
