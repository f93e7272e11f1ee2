"""The number of German health insurance (Krankenversichertennummer): a letter, nine digits, the last one a check."""

import re

from conversations.detectors.context import beside
from conversations.detectors.hit import Hit, whole

NAME, VERSION = "kvnr", 2
SURE, DOUBTFUL = 0.98, 0.5
FORM = re.compile(r"(?<![\w-])[A-Za-z][ -]?[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}(?![\w-])")
WORDS = re.compile(
    r"versichert|krankenkass|krankenvers|kv-?nr|kvnr|kv-?nummer|gesundheitskart|\begk\b|\baok\b|barmer|"
    r"techniker|\btk\b|\bdak\b|insurance|verzeker",
    re.IGNORECASE,
)


def find(text: str) -> list[Hit]:
    """Insurance numbers whose check digit fits; one number in ten does, so a word beside it has to say so."""
    return [
        whole(*match.span(), detector=NAME, confidence=SURE if beside(text, *match.span(), WORDS) else DOUBTFUL)
        for match in FORM.finditer(text)
        if fits(match[0].upper().replace(" ", "").replace("-", ""))
    ]


def fits(number: str) -> bool:
    """The letter as 01 to 26, weights 1 and 2 by turns, digit sums, modulo 10."""
    digits = f"{ord(number[0]) - 64:02d}{number[1:9]}"
    total = sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(digits))
    return total % 10 == int(number[9])
