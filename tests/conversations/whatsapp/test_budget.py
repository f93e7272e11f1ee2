"""Numbers and pairs never send faster than the platform allows, and never wait longer than they must."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.whatsapp.budget import PAIR_BURST, PAIR_SECONDS, NumberBudget, PairBudget

pauses = st.floats(min_value=0, max_value=5)


@given(st.sampled_from([5.0, 20.0, 80.0, 1000.0]), st.lists(st.tuples(pauses, st.integers(0, 2000)), max_size=40))
def test_no_stretch_of_time_lets_more_than_the_rate_and_one_burst_pass(rate, steps):
    budget, now, sent = NumberBudget(rate, now=0.0), 0.0, []
    for pause, wanted in steps:
        now += pause
        sent.append((now, budget.take(wanted, now=now)))

    for start in range(len(sent)):
        passed = sum(count for _, count in sent[start:])
        assert passed <= rate * (sent[-1][0] - sent[start][0]) + budget.burst + 1e-6


@given(st.sampled_from([5.0, 80.0, 1000.0]), st.lists(st.tuples(pauses, st.integers(0, 300)), max_size=30))
def test_after_the_wait_that_was_told_something_may_leave(rate, steps):
    budget, now = NumberBudget(rate, now=0.0), 0.0
    for pause, wanted in steps:
        now += pause
        budget.take(wanted, now=now)
        if wanted % 7 == 1:
            budget.slow_down(1.5, now=now)
        if wanted % 5 == 1:
            budget.received(wanted, now=now)
        wait = budget.wait(now=now)
        assert (wait == 0) == (budget.available(now=now) >= 1)
        now += wait + 1e-6
        assert budget.take(now=now) == 1


def test_the_burst_is_at_most_half_a_second_of_the_rate():
    assert NumberBudget(80, now=0.0).take(1000, now=100.0) == 40
    assert NumberBudget(1000, now=0.0).take(1000, now=100.0) == 500


def test_inbound_messages_use_the_same_budget():
    budget = NumberBudget(80, now=0.0)
    budget.received(30, now=0.0)

    assert budget.available(now=0.0) == 10


def test_a_flood_of_inbound_messages_holds_sending_for_little_more_than_a_second():
    budget = NumberBudget(80, now=0.0)
    budget.received(100_000, now=0.0)

    assert budget.available(now=1.0) == 0
    assert budget.take(now=1.1) == 1


def test_slowing_down_stops_everything_and_begins_again_without_a_burst():
    budget = NumberBudget(80, now=0.0)
    budget.slow_down(10, now=0.0)

    assert budget.available(now=9.9) == 0
    assert budget.available(now=10.0) == 0
    assert budget.available(now=10.1) == 8


def test_what_never_left_is_given_back():
    budget = NumberBudget(20, now=0.0)
    assert budget.take(10, now=0.0) == 10
    budget.give_back(4, now=0.0)

    assert budget.take(10, now=0.0) == 4


def test_a_clock_that_stands_still_or_a_rate_of_nothing_does_no_harm():
    budget = NumberBudget(1, now=5.0)
    assert budget.take(3, now=5.0) == 1
    assert budget.take(3, now=4.0) == 0
    with pytest.raises(ValueError, match="rate"):
        NumberBudget(0, now=0.0)


@given(st.lists(st.floats(min_value=0, max_value=60), min_size=1, max_size=200))
def test_one_person_never_gets_more_than_a_burst_and_one_in_six_seconds(pauses):
    budget, now, sent = PairBudget(), 0.0, []
    for pause in pauses:
        now += pause
        if budget.take("pair", now=now):
            sent.append(now)

    for start, first in enumerate(sent):
        for end in range(start, len(sent)):
            assert end - start + 1 <= PAIR_BURST + (sent[end] - first) / PAIR_SECONDS + 1e-6


def test_forty_five_at_once_are_borrowed_from_later():
    budget = PairBudget()
    assert all(budget.take("ana", now=0.0) for _ in range(PAIR_BURST))

    assert not budget.take("ana", now=5.9)
    assert budget.wait("ana", now=0.0) == pytest.approx(PAIR_SECONDS)
    assert budget.take("ana", now=6.0)
    assert not budget.take("ana", now=6.1)
    assert budget.take("bo", now=6.1)


def test_refusals_hold_one_person_ever_longer_until_a_message_is_taken():
    budget = PairBudget()
    assert [budget.refused("ana", now=0.0) for _ in range(3)] == [4.0, 16.0, 64.0]
    assert budget.wait("ana", now=60.0) == 4.0
    assert not budget.take("ana", now=63.0)
    assert budget.take("ana", now=64.0)
    assert budget.wait("bo", now=0.0) == 0.0

    budget.accepted("ana")
    assert budget.refused("ana", now=70.0) == 4.0
    assert max(budget.refused("ana", now=70.0) for _ in range(20)) == 3600.0


def test_people_who_were_written_to_long_ago_are_forgotten():
    budget = PairBudget()
    for n in range(1000):
        budget.take(n, now=n * 0.001)
    assert len(budget) == 1000

    for n in range(600):
        budget.take(f"later {n}", now=1000.0)
    assert len(budget) == 600
    assert budget.prune(now=2000.0) == 600
    assert len(budget) == 0
