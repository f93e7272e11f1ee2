"""What the platform's words about money mean."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import rounded
from billing.pricing import Price, Rate, Rates, flag_of, is_charged, read_price


@pytest.mark.parametrize(
    ("amount", "cents"), [("0.125", "0.13"), ("0.135", "0.14"), ("-0.125", "-0.13"), ("2.5", "2.50"), ("0.004", "0.00")]
)
def test_half_a_cent_is_rounded_away_from_zero(amount: str, cents: str) -> None:
    assert rounded(Decimal(amount)) == Decimal(cents)


def test_both_spellings_of_a_category_are_one() -> None:
    spelled = [read_price({"category": f"authentication{mark}international"}).category for mark in "-_"]

    assert spelled == ["authentication-international"] * 2


@pytest.mark.parametrize(
    ("pricing", "flag"),
    [
        ({"category": "service", "type": "regular"}, ""),
        ({"category": "service", "type": "free_customer_service"}, ""),
        ({}, "unpriced"),
        (None, "unpriced"),
        ({"category": "holographic", "type": "regular"}, "unknown_category"),
        ({"category": "service", "type": "by_the_minute"}, "unknown_type"),
    ],
)
def test_what_nobody_has_seen_is_flagged(pricing: dict[str, object] | None, flag: str) -> None:
    assert flag_of(read_price(pricing)) == flag


def test_only_regular_ones_are_charged() -> None:
    assert is_charged("regular")
    assert not any(map(is_charged, ["free_customer_service", "free_entry_point", "by_the_minute", ""]))


@given(
    st.dictionaries(
        st.sampled_from(["category", "type", "model", "billable", "x"]), st.text() | st.booleans() | st.none()
    )
)
def test_reading_a_price_never_fails(pricing: dict[str, object]) -> None:
    assert isinstance(read_price(pricing), Price)


RATES = Rates(
    [
        Rate("Netherlands", "service", Decimal("0.04"), date(2026, 1, 1)),
        Rate("Netherlands", "service", Decimal("0.05"), date(2026, 10, 1)),
    ],
    {"NL": "Netherlands"},
)


@pytest.mark.parametrize(
    ("on", "amount"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), Decimal("0.04")),
        (date(2026, 9, 30), Decimal("0.04")),
        (date(2026, 10, 1), Decimal("0.05")),
    ],
)
def test_the_rate_of_the_day_counts(on: date, amount: Decimal | None) -> None:
    assert RATES.amount(country="NL", category="service", on=on) == amount


def test_a_market_without_a_rate_is_unknown_and_not_free() -> None:
    assert RATES.amount(country="FR", category="service", on=date(2026, 11, 1)) is None
    assert RATES.amount(country="NL", category="marketing", on=date(2026, 11, 1)) is None
