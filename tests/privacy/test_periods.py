"""Periods in days and months, and the moment before which data's time is up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.retention import Unit, cut_off, days, months, period_of

MOMENTS = st.integers(1_600_000_000, 2_200_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(("number", "in_days"), [(1, 30), (12, 365), (24, 730), (60, 1826), (84, 2557)])
def test_months_are_carried_out_in_days(number: int, in_days: int) -> None:
    assert months(number).days == in_days


@given(st.integers(1, 600))
def test_whole_months_are_read_back_as_months(number: int) -> None:
    assert period_of(months(number).days, unit=Unit.MONTHS) == months(number)


@given(st.integers(1, 5000))
def test_days_keep_their_number(number: int) -> None:
    assert days(number).days == number
    assert period_of(number, unit=Unit.DAYS) == days(number)
    assert period_of(number, unit=Unit.MONTHS).days == number


@given(MOMENTS, st.integers(0, 5000), st.integers(0, 5000))
def test_who_keeps_longer_deletes_less(moment: datetime, shorter: int, more: int) -> None:
    assert cut_off(shorter, at=moment) >= cut_off(shorter + more, at=moment)
    assert moment - cut_off(shorter, at=moment) == timedelta(days=shorter)


def test_periods_read_well() -> None:
    assert [str(one) for one in (days(1), days(90), months(1), months(12))] == [
        "1 day",
        "90 days",
        "1 month",
        "12 months",
    ]
