"""Money: decimals only, rounded half up and in one place."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """To cents, half away from zero (Python's own default would be half to even: 0.125 to 0.12)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
