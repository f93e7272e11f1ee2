"""Numbers of passports, identity cards and driving licences. No check digit: the word before has to name it."""

import re

from conversations.detectors.context import COUNTED
from conversations.detectors.hit import Hit, whole

NAME, VERSION, SURE, DOUBTFUL = "document", 1, 0.92, 0.5
WORDS = re.compile(
    r"paspoort|identiteitskaart|\bid-?kaart|rijbewijs|reisepass|personalausweis|ausweis|f(?:ü|ue)hrerschein|passport|"
    r"identity card|\bid card|driving licen[cs]e|driver'?s licen[cs]e|passeport|carte d.identit(?:é|e)|"
    r"permis de conduire",
    re.IGNORECASE,
)
# What may stand between the word and the number: "nummer", "is", a sign. A verb as in "verloopt op" ends it.
NUMBER = re.compile(
    r"(?:[ -]?(?:nummer|nr|number|no|num(?:é|e)ro)\b\.?)?[ ]{0,2}(?:(?:is|ist|est|lautet|luidt)\b)?[ ]{0,2}[:=#]?"
    r"[ ]{0,2}([A-Za-z0-9]{8,16}|[0-9]{3}-[0-9]{7}-[0-9]{2})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
NAMES = ("paspoort", "kaart", "rijbewijs", "pass", "ausweis", "rerschein", "licen", "identi", "id card", "permis")
LEAST_DIGITS = 3


def is_named(text: str) -> bool:
    """Whether such a word may stand there: quickly told."""
    lower = text.lower()
    return any(name in lower for name in NAMES)


def find(text: str) -> list[Hit]:
    """The number right after such a word; of a parcel or an order about one it is doubtful."""
    hits: list[Hit] = []
    for word in WORDS.finditer(text):
        found = NUMBER.match(text, word.end())
        if found is None or not _is_number(found[1]) or any(hit.end > found.start(1) for hit in hits):
            continue
        counted = COUNTED.search(text, max(word.start() - 15, 0), found.start(1))
        hits.append(whole(*found.span(1), detector=NAME, confidence=DOUBTFUL if counted else SURE))
    return hits


def _is_number(token: str) -> bool:
    """Eight signs with letters among them, or nine digits and more: eight digits may be a date."""
    digits = sum(sign.isdigit() for sign in token)
    return digits >= LEAST_DIGITS and (digits < len(token) or digits >= 9)
