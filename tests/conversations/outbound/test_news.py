"""What each outcome means for its message: pure rules, every code of the catalogue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.services.sender import news
from conversations.status import MessageStatus
from conversations.whatsapp.answers import SCOPES
from conversations.whatsapp.error_rules import STOPPING, ErrorRule, Retry
from conversations.whatsapp.errors import CATALOGUE
from conversations.whatsapp.outcomes import Accepted, NotSent, Outcome, Permanent, Scope, Throttled, TokenDead, Unknown
from tenants.ids import uuid7

RULES = st.sampled_from(list(CATALOGUE.values()))
TRIES = st.integers(min_value=1, max_value=20)


def of(outcome: Outcome, tries: int = 1) -> news.News:
    return news.of(outcome, id=uuid7(), conversation_id=uuid7(), tries=tries)


def throttled(rule: ErrorRule) -> Throttled:
    wait = rule.wait.total_seconds() if rule.wait else None
    return Throttled(rule, wait, SCOPES.get(rule.retry, Scope.MESSAGE), rule.code)


@given(TRIES)
def test_what_may_have_left_never_goes_back_into_the_queue(tries: int) -> None:
    assert of(Unknown("no answer"), tries).status == MessageStatus.UNKNOWN


@given(TRIES)
def test_what_never_left_always_goes_back_and_costs_no_try(tries: int) -> None:
    told = of(NotSent("no connection"), tries)

    assert (told.status, told.tries) == (MessageStatus.QUEUED, -1)
    assert told.wait and told.wait > 0


@given(RULES, TRIES)
def test_a_rule_that_waits_fails_only_after_all_tries_of_its_backoff(rule: ErrorRule, tries: int) -> None:
    if not rule.waits:
        return
    told = of(throttled(rule), tries)

    given_up = rule.retry is Retry.BACKOFF and tries >= news.MAX_TRIES
    assert told.status == (MessageStatus.FAILED if given_up else MessageStatus.QUEUED)
    if rule.retry in (Retry.NUMBER_SLOW, Retry.PAIR_SLOW, Retry.ACCOUNT_SLOW):
        assert told.tries == -1


@given(RULES)
def test_a_refusal_fails_the_message_unless_it_is_the_number_that_is_refused(rule: ErrorRule) -> None:
    if rule.waits or rule.retry is Retry.RECONNECT:
        return
    told = of(Permanent(rule, rule.code, ""))

    kept = rule.effect in STOPPING
    assert told.status == (MessageStatus.QUEUED if kept else MessageStatus.FAILED)
    assert told.error_code == rule.code


def test_a_dead_token_keeps_the_message() -> None:
    assert of(TokenDead(CATALOGUE[190], "expired", 190)).status == MessageStatus.QUEUED


def test_an_accepted_message_has_its_wamid() -> None:
    told = of(Accepted("wamid.1"))

    assert (told.status, told.wamid) == (MessageStatus.ACCEPTED, "wamid.1")


@given(st.integers(min_value=1, max_value=news.MAX_TRIES))
def test_each_wait_is_longer_than_the_one_before(tries: int) -> None:
    assert news.backoff(tries) < news.backoff(tries + 1)
    assert news.backoff(tries) == pytest.approx(news.FIRST_WAIT_SECONDS * news.WAIT_FACTOR ** (tries - 1), rel=0.25)
