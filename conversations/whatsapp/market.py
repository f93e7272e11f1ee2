"""Which country's price and rules apply to a person."""

from functools import lru_cache

import phonenumbers

SHARED_CODES = {1, 7}  # countries that are markets of their own share these calling codes
UNKNOWN_REGIONS = {"ZZ", "001", None}


def market(*, wa_id: str | None = None, bsuid: str | None = None) -> str | None:
    """The ISO country of a person: by calling code where a number is known, else by the id's prefix.

    The platform prices by calling code, so small regions count with the country whose code they share;
    only within +1 and +7 the number itself decides.
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
    code = number.country_code or 0
    region = phonenumbers.region_code_for_number(number) if code in SHARED_CODES else None
    if region in UNKNOWN_REGIONS:
        region = phonenumbers.region_code_for_country_code(code)
    return None if region in UNKNOWN_REGIONS else region
