"""Phone numbers, told from identity numbers that look like them."""

import re

import phonenumbers

RUN = re.compile(r"(?<![\w+])(?:\+|00|0|\(0)[0-9][0-9 ()./-]{5,18}[0-9](?![\w])")
REGIONS = ("NL", "DE", "BE", "FR")


def spans(text: str, *, region: str = "NL") -> list[tuple[int, int]]:
    """Where phone numbers stand that begin as people write them (+, 00 or 0). For texts that were narrowed down."""
    regions = tuple(dict.fromkeys((region, *REGIONS)))
    return [match.span() for match in RUN.finditer(text) if _is_phone(match[0], regions)]


def _is_phone(text: str, regions: tuple[str, ...]) -> bool:
    for region in regions:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
        if text.lstrip("(").startswith(("+", "00")):
            return False  # it names its country itself
    return False
