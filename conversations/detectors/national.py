"""National numbers of Germany (tax id), Belgium (national register) and France (NIR), by their check digits."""

import re
from collections.abc import Callable

from stdnum.be import nn
from stdnum.de import idnr
from stdnum.fr import nir

from conversations.detectors.context import beside, is_counted
from conversations.detectors.digits import runs
from conversations.detectors.hit import Hit, whole

GERMAN, BELGIAN, FRENCH, PENSION, VERSION = "de_tax_id", "be_national", "fr_nir", "de_pension", 2
GERMAN_WORDS = re.compile(r"steuer|identifikationsn|\bidnr|id-?nr|\btin\b|tax", re.IGNORECASE)
BELGIAN_WORDS = re.compile(
    r"rijksregister|registre national|insz|niss|nationaal|national|rrn\b|identiteit", re.IGNORECASE
)
BELGIAN_FORM = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}")
CORSICA = re.compile(
    r"(?<![\w])[12][ .]?[0-9]{2}[ .]?[0-9]{2}[ .]?2[ABab][ .]?[0-9]{3}[ .]?[0-9]{3}[ .]?[0-9]{2}(?!\w)"
)
# Area, birthday, first letter of the name at birth, serial number, check digit.
PENSION_FORM = re.compile(
    r"(?<!\w)([0-9]{2})[ ]?((?:[0-2][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2})[ ]?([A-Za-z])[ ]?([0-9]{2})[ ]?([0-9])(?!\w)"
)
PENSION_WORDS = re.compile(r"versicherung|rente|sozialv|\bsv-?n|\brvnr|\brv-?n", re.IGNORECASE)
PENSION_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


def find(text: str) -> list[Hit]:
    """All of them. One German number in ten fits by accident and needs its word; others hold dates and two checks."""
    hits = [
        whole(*match.span(), detector=FRENCH, confidence=0.98)
        for match in CORSICA.finditer(text)
        if _valid(nir.is_valid, match[0])
    ]
    hits += _pensions(text)
    german = bool(GERMAN_WORDS.search(text))
    for run in runs(text, least=11):
        for start, end in run.pieces((11, 15)):
            digits = run.digits[start:end]
            if not (german and end - start == 11) and not _may_be(digits):
                continue
            first, last = run.places[start], run.places[end - 1] + 1
            found = _judge(digits, text, first, last)
            if found:
                hits.append(whole(first, last, detector=found[0], confidence=found[1]))
                break
    return hits


def _pensions(text: str) -> list[Hit]:
    """Numbers of the German pension insurance; one in ten fits by accident, so a word beside it has to say so."""
    return [
        whole(*match.span(), detector=PENSION, confidence=0.97 if beside(text, *match.span(), PENSION_WORDS) else 0.5)
        for match in PENSION_FORM.finditer(text)
        if pension_fits("".join(match.groups()))
    ]


def pension_fits(number: str) -> bool:
    """The letter as 01 to 26, weights, digit sums, modulo 10."""
    digits = f"{number[:8]}{ord(number[8].upper()) - 64:02d}{number[9:11]}"
    total = sum(sum(divmod(int(one) * weight, 10)) for one, weight in zip(digits, PENSION_WEIGHTS, strict=True))
    return total % 10 == int(number[11])


def _may_be(digits: str) -> bool:
    """The check modulo 97 alone: it spares nearly all numbers the careful look."""
    number, told = int(digits[:-2]), int(digits[-2:])
    if len(digits) == 15:
        return 97 - number % 97 == told
    return told in (97 - number % 97, 97 - (2_000_000_000 + number) % 97)


def _judge(digits: str, text: str, start: int, end: int) -> tuple[str, float] | None:
    if len(digits) == 15:
        return (FRENCH, 0.98 if not is_counted(text, start) else 0.7) if _valid(nir.is_valid, digits) else None
    if _may_be(digits) and _valid(nn.is_valid, digits):
        said = BELGIAN_FORM.fullmatch(text, start, end) or beside(text, start, end, BELGIAN_WORDS)
        return BELGIAN, 0.98 if said else 0.7
    if beside(text, start, end, GERMAN_WORDS) and _valid(idnr.is_valid, digits):
        return GERMAN, 0.96
    return None


def _valid(check: Callable[[str], bool], digits: str) -> bool:
    """Whether the check digits fit; a library that trips over odd digits has not said yes."""
    try:
        return bool(check(digits))
    except (ValueError, TypeError, OverflowError):
        return False
