"""All detectors in their order, and the look at one text that uses them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from conversations.detectors import (
    bsn,
    card,
    digits,
    disguise,
    document,
    iban,
    insured,
    kvnr,
    links,
    national,
    phones,
    plain,
    secret,
    terms,
)
from conversations.detectors.context import spans_of
from conversations.detectors.hit import Family, Hit, whole
from conversations.detectors.terms_data import HEALTH, OTHERS

MAX_CHARS = 70_000  # more than WhatsApp lets anybody write; what stands behind is hidden unread
UNREAD = "unread"
SURE = 0.9  # from here on a finding hides by itself; below it only tells


@dataclass(frozen=True, slots=True)
class Detector:
    """``purged``: nobody has a reason to keep the original, so it goes within a day."""

    name: str
    version: int
    family: Family
    purged: bool = False


_ALL = (
    Detector(iban.NAME, iban.VERSION, Family.FINANCIAL),
    Detector(card.NAME, card.VERSION, Family.FINANCIAL, purged=True),
    Detector(kvnr.NAME, kvnr.VERSION, Family.HEALTH_ID),
    Detector(insured.EHIC, insured.VERSION, Family.HEALTH_ID),
    Detector(insured.POLICY, insured.VERSION, Family.HEALTH_ID),
    Detector(national.GERMAN, national.VERSION, Family.NATIONAL_ID),
    Detector(national.BELGIAN, national.VERSION, Family.NATIONAL_ID),
    Detector(national.FRENCH, national.VERSION, Family.NATIONAL_ID),
    Detector(national.PENSION, national.VERSION, Family.NATIONAL_ID),
    Detector(document.NAME, document.VERSION, Family.NATIONAL_ID),
    Detector(bsn.NAME, bsn.VERSION, Family.NATIONAL_ID, purged=True),
    Detector(secret.NAME, secret.VERSION, Family.SECRET, purged=True),
    Detector(UNREAD, 1, Family.SECRET),
    Detector(HEALTH, terms.VERSION, Family.HEALTH_TERMS),
    *(Detector(name, terms.VERSION, Family.SPECIAL_TERMS) for name in OTHERS),
)
DETECTORS = {detector.name: detector for detector in _ALL}
PURGED = frozenset(detector.name for detector in _ALL if detector.purged)
TERMS = frozenset(d.name for d in _ALL if d.family in (Family.HEALTH_TERMS, Family.SPECIAL_TERMS))

# Phones are told apart only beside what was found, so a text without a finding never pays for it.
NUMBERS: tuple[Callable[[str], list[Hit]], ...] = (
    iban.find,
    card.find,
    kvnr.find,
    national.find,
    insured.find,
    bsn.find,
    document.find,
)
ALL_DIGITS = (card.find, national.find, bsn.find)
NOT_PHONES = frozenset({iban.NAME, kvnr.NAME, insured.EHIC, insured.POLICY})
# "at 12" is no beginning of an account number: two letters and two digits go on in groups of four.
HAS_NUMBER = re.compile(
    r"[0-9](?:[^\S\n]?[A-Za-z.,/-]?[^\S\n]?[A-Za-z.-]?[0-9]){6}"
    r"|(?<![A-Za-z])[A-Za-z]{2}[ .-]?[0-9][ ]?[0-9][ .-]?[A-Za-z0-9]{4}[ .-]?[A-Za-z0-9]{4}"
)


def scan(text: str, *, with_terms: bool = True, language: str = "", region: str = "NL") -> list[Hit]:
    """Everything the detectors find, in the order of the text; no two identifiers overlap.

    with_terms  whether words about special data are looked for, too
    language    what the person speaks, where the words do not tell
    region      the country whose phone numbers are written without a country code
    """
    hits: list[Hit] = []
    if len(text) > MAX_CHARS:
        hits.append(whole(MAX_CHARS, len(text), detector=UNREAD, confidence=1.0))
        text = text[:MAX_CHARS]
    seen, starts, ends = disguise.seen(text)
    found = _look(seen, with_terms=with_terms, language=language, region=region)
    hits += [_back(hit, starts, ends) for hit in found] if starts else found
    return sorted(hits, key=lambda hit: (hit.start, hit.end))


def _look(text: str, *, with_terms: bool, language: str, region: str) -> list[Hit]:
    hits: list[Hit] = []
    text = digits.in_one_line(text)
    if HAS_NUMBER.search(text.replace("_", " ")) or secret.is_named(text) or document.is_named(text):
        hits += _identifiers(text, region=region)
    if with_terms:
        hits += terms.find(text, language=language)
    return hits


def _back(hit: Hit, starts: Sequence[int], ends: Sequence[int]) -> Hit:
    """A finding in what can be seen, as a place in the whole text."""
    return replace(
        hit,
        start=starts[hit.start],
        end=ends[hit.end - 1],
        hide_start=starts[hit.hide_start],
        hide_end=ends[hit.hide_end - 1],
    )


def _identifiers(text: str, *, region: str) -> list[Hit]:
    words = plain.without(text, links.spans(text))
    left = words.replace("_", " ")  # as in the names of files; a password may hold one
    found: list[Hit] = []
    for detect in NUMBERS:
        read = digits.as_digits(left) if detect in ALL_DIGITS else left
        hits = [hit for hit in detect(read) if hit.detector in NOT_PHONES or not _is_phone(read, hit, region)]
        left = plain.without(left, spans_of(hits))
        found += hits
    return found + secret.find(plain.without(words, spans_of(found)))


def _is_phone(text: str, hit: Hit, region: str) -> bool:
    start = max(hit.start - 6, 0)
    near = text[start : hit.end + 4]
    return any(s + start <= hit.start and hit.end <= e + start for s, e in phones.spans(near, region=region))
