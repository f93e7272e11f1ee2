"""Business hours as rules: weeks, special days, holidays, and clocks that move."""

from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import business_hours, public_holidays

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OFFICE = {name: [["09:00", "17:30"]] for name in ("mon", "tue", "wed", "thu", "fri")}


def calendar(hours=OFFICE, special=(), *, zone="Europe/Amsterdam", country="NL", region=""):
    rules = business_hours.rules(zone=zone, hours=hours, special_days=special, country=country, region=region)
    return business_hours.BusinessHours(rules)


def local(text, zone=AMSTERDAM):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("2026-06-10 10:00", "2026-06-10 11:00"),
        ("2026-06-10 16:30", "2026-06-10 17:30"),  # the last minute still counts
        ("2026-06-10 17:10", "2026-06-11 09:40"),
        ("2026-06-10 17:30", "2026-06-11 10:00"),  # closed from then on
        ("2026-06-10 03:00", "2026-06-10 10:00"),
        ("2026-06-12 17:00", "2026-06-15 09:30"),  # over a weekend
        ("2026-12-24 17:00", "2026-12-28 09:30"),  # over Christmas and a weekend
    ],
)
def test_an_hour_is_an_hour_of_business(written, due):
    assert calendar().add_minutes(local(written), 60) == local(due)


def test_a_day_of_23_hours_is_an_hour_shorter():
    always = calendar({"sat": [["00:00", "00:00"]], "sun": [["00:00", "00:00"]]})
    assert always.minutes_between(local("2026-03-29 00:00"), local("2026-03-30 00:00")) == 23 * 60
    assert always.minutes_between(local("2026-10-25 00:00"), local("2026-10-26 00:00")) == 25 * 60
    assert calendar({}).add_minutes(local("2026-03-28 23:30"), 24 * 60) == local("2026-03-30 00:30")


def test_a_span_in_an_hour_that_is_skipped_is_none():
    odd = calendar({"sun": [["02:15", "02:45"], ["10:00", "11:00"]]})
    assert odd.spans_of(date(2026, 3, 29))[-1] == (
        datetime(2026, 3, 29, 8, tzinfo=UTC),
        datetime(2026, 3, 29, 9, tzinfo=UTC),
    )


def test_without_hours_it_is_open_at_christmas_too():
    always = calendar({})
    assert always.add_minutes(local("2026-12-25 23:30"), 60) == local("2026-12-26 00:30")
    assert always.closing(local("2026-12-25 23:30")) is None


def test_a_special_day_closes_opens_or_makes_a_holiday_ordinary():
    closed = calendar(special=[{"date": "2026-06-10", "hours": []}])
    assert closed.next_opening(local("2026-06-10 10:00")) == local("2026-06-11 09:00")
    short = calendar(special=[{"date": "2026-12-24", "hours": [["09:00", "13:00"]]}])
    assert short.closing(local("2026-12-24 09:30")) == local("2026-12-24 13:00")
    worked = calendar(special=[{"date": "2026-04-03", "hours": None}])
    assert not calendar().is_open(local("2026-04-03 10:00"))
    assert worked.is_open(local("2026-04-03 10:00"))
    assert not worked.is_open(local("2027-03-26 10:00"))  # that year only


def test_a_holiday_can_be_switched_off_for_every_year():
    worked = calendar(special=[{"holiday": "Goede vrijdag"}])
    assert worked.is_open(local("2026-04-03 10:00"))
    assert worked.is_open(local("2027-03-26 10:00"))
    assert worked.holiday_on(date(2026, 4, 6)) == "Tweede paasdag"


def test_holidays_are_those_of_the_region():
    berlin, munich = (calendar(country="DE", region=region) for region in ("BE", "BY"))
    epiphany = local("2026-01-06 10:00")
    assert berlin.is_open(epiphany)
    assert not munich.is_open(epiphany)
    assert calendar(country="XX").is_open(epiphany)


def test_names_of_holidays_come_in_the_readers_language_where_there_is_one():
    easter = date(2026, 4, 6)
    assert public_holidays.of_year("NL", "", 2026)[easter] == ("Tweede paasdag",)
    assert public_holidays.of_year("NL", "", 2026, "en")[easter] == ("Easter Monday",)
    assert public_holidays.of_year("NL", "", 2026, "de")[easter] == ("Tweede paasdag",)


def test_a_company_that_never_opens_promises_nothing():
    never = calendar({"mon": []})
    assert never.add_minutes(local("2026-06-10 10:00"), 1) is None
    assert never.next_opening(local("2026-06-10 10:00")) is None
    assert never.minutes_between(local("2026-06-10 10:00"), local("2027-06-10 10:00")) == 0


clocks = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02d}:{quarter % 4 * 15:02d}")
spans = st.lists(st.tuples(clocks, clocks).filter(lambda span: span[0] < span[1]).map(list), max_size=2)
weeks = st.dictionaries(st.sampled_from(business_hours.WEEKDAYS), spans, min_size=1).filter(
    lambda week: any(week.values())
)
zones = st.sampled_from(["Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"])
moments = st.datetimes(datetime(2025, 12, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
durations = st.integers(1, 3000)


@given(weeks, zones, moments, durations)
def test_what_is_added_lies_between(week, zone, at, minutes):
    hours = calendar(week, zone=zone)
    due = hours.add_minutes(at, minutes)
    assert due is not None
    assert due >= at
    assert hours.minutes_between(at, due) == pytest.approx(minutes)
    assert hours.is_open(due - timedelta(microseconds=1))  # the last of it was business time


@given(weeks, zones, moments, durations, durations)
def test_adding_twice_is_adding_the_sum(week, zone, at, first, second):
    hours = calendar(week, zone=zone)
    between = hours.add_minutes(at, first)
    assert between is not None
    assert hours.add_minutes(between, second) == hours.add_minutes(at, first + second)


@given(weeks, zones, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(week, zone, at):
    hours = calendar(week, zone=zone)
    opens = hours.next_opening(at)
    assert opens is not None
    assert hours.is_open(opens)
    assert hours.minutes_between(at, opens) == 0


def test_a_batch_of_five_hundred_takes_no_time():
    hours = calendar()
    start = local("2026-06-10 10:00")
    hours.add_minutes(start, 60)
    moments = [start + timedelta(minutes=17 * n) for n in range(500)]
    best = min(_timed(lambda: [hours.add_minutes(at, 90) for at in moments]) for _try in range(5))
    assert best < 0.02


def _timed(work):
    began = perf_counter()
    work()
    return perf_counter() - began
