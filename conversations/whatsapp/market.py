"""Which country's price and rules apply to a person."""

from functools import lru_cache

import phonenumbers

UNKNOWN_REGIONS = {"ZZ", "001", None}


def market(*, wa_id: str | None = None, bsuid: str | None = None) -> str | None:
    """The ISO country of a person: by calling code where a number is known, else by the id's prefix.

    Where several countries share a calling code (+1, +7, +44) the number's own region decides, else the main one.
    """
    if wa_id and (found := _by_number(wa_id)):
        return found
    return bsuid[:2] if bsuid and bsuid[2:3] == "." and bsuid[:2].isascii() and bsuid[:2].isalpha() else None


@lru_cache(maxsize=20_000)
def _by_number(wa_id: str) -> str | None:
    try:
        number = phonenumbers.parse(f"+{wa_id.removeprefix('+')}")
    except phonenumbers.NumberParseException:
        return None
    region = phonenumbers.region_code_for_number(number)
    if region in UNKNOWN_REGIONS:
        region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return None if region in UNKNOWN_REGIONS else region
