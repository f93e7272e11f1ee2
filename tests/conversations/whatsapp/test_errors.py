"""Every documented error says what happened, who acts and when to try again; others degrade sensibly."""

import re

import pytest

from conversations.whatsapp.error_catalogue import RULES
from conversations.whatsapp.error_rules import Actor, Effect, ErrorRule, Retry
from conversations.whatsapp.errors import CATALOGUE, is_token_dead, rule_for

DOCUMENTED = [
    0, 190, 1, 2, 3, 10, 131005, 4, 80007, 33, 100, 368, 131031, 130403, 130429, 130472, 130497, 131000, 131016, 131008,
    131009, 135000, 131021, 131051, 131055, 131026, 131030, 131037, 131042, 131044, 131045, 131047, 131048, 131049,
    131050, 131052, 131060, 131053, 131056, 131057, 131062, 131063, 131064, 132000, 132005, 132008, 132012, 132018,
    132001, 132007, 132015, 132016, 132068, 132069, 133000, 133004, 133005, 133008, 133009, 133006, 133010, 133015,
    133016, 134011, 134100, 134101, 134102, 137000, 613, 131020, 131041, 131059, 141008, 141014, 2388019, 2388024,
    2388039, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299, 2388012, 2388091, 2388093, 2388103, 2494100,
    *range(200, 300), *range(138000, 138019), *range(139000, 139005), *range(139100, 139104), *range(131201, 131216),
    *range(147001, 147006), *range(2593107, 2593110), *range(200005, 200008),
]  # fmt: skip
SENTENCE = re.compile(r"[A-Z].*[^.]\.\Z", re.DOTALL)


def test_the_catalogue_holds_exactly_the_documented_codes_each_once():
    assert sorted(CATALOGUE) == sorted(DOCUMENTED)
    assert len(RULES) == len(CATALOGUE)


@pytest.mark.parametrize("rule", {rule.title: rule for rule in CATALOGUE.values()}.values(), ids=lambda rule: rule.code)
def test_texts_are_whole_sentences_without_codes(rule: ErrorRule):
    for text in (str(rule.title), str(rule.cause), str(rule.next_step)):
        assert SENTENCE.match(text), text
        assert not re.search(r"\d{3,}", text), text
        assert len(text) <= 130, text


@pytest.mark.parametrize(
    ("code", "actor", "retry", "effect"),
    [
        (190, Actor.COMPANY_ADMIN, Retry.RECONNECT, Effect.NUMBER_STOPS),
        (131000, Actor.META, Retry.BACKOFF, Effect.NONE),
        (33, Actor.AGENCY, Retry.NEVER, Effect.NUMBER_GONE),
        (368, Actor.COMPANY_ADMIN, Retry.NEVER, Effect.ACCOUNT_STOPS),
        (130429, Actor.NOBODY, Retry.NUMBER_SLOW, Effect.NONE),
        (131056, Actor.NOBODY, Retry.PAIR_SLOW, Effect.NONE),
        (80007, Actor.NOBODY, Retry.ACCOUNT_SLOW, Effect.NONE),
        (131042, Actor.COMPANY_ADMIN, Retry.AFTER_FIX, Effect.HOLD_QUEUE),
        (131047, Actor.AGENT, Retry.NEVER, Effect.WINDOW_CLOSED),
        (131049, Actor.NOBODY, Retry.NEVER, Effect.CONTACT_RESTS_MARKETING),
        (131050, Actor.NOBODY, Retry.NEVER, Effect.CONTACT_SUPPRESSED_MARKETING),
        (132015, Actor.COMPANY_ADMIN, Retry.NEVER, Effect.TEMPLATE_UNUSABLE),
        (131048, Actor.COMPANY_ADMIN, Retry.LATER, Effect.MARKETING_SLOWS),
        (271, Actor.AGENCY, Retry.AFTER_FIX, Effect.HOLD_QUEUE),
        (138007, Actor.AGENT, Retry.NEVER, Effect.NONE),
    ],
)
def test_a_known_code_says_who_acts_and_when_to_retry(code, actor, retry, effect):
    rule = rule_for(code, 400)

    assert (rule.code, rule.actor, rule.retry, rule.effect) == (code, actor, retry, effect)


@pytest.mark.parametrize(
    ("code", "http_status", "retry"),
    [
        (999999, 400, Retry.NEVER),
        (999999, 500, Retry.BACKOFF),
        (999999, 429, Retry.NUMBER_SLOW),
        (None, 401, Retry.RECONNECT),
        (None, 403, Retry.AFTER_FIX),
        (None, 413, Retry.NEVER),
        (None, 302, Retry.NEVER),
        (None, None, Retry.NEVER),
        (-5, None, Retry.NEVER),
    ],
)
def test_a_code_nobody_has_seen_is_judged_by_its_status(code, http_status, retry):
    rule = rule_for(code, http_status)

    assert rule.retry is retry
    assert rule.code == code or (code is None and is_token_dead(rule))
    assert SENTENCE.match(str(rule.next_step))


def test_rules_that_wait_and_rules_that_need_a_person_are_told_apart():
    assert rule_for(131056).waits
    assert not rule_for(131056).resumes_after_fix
    assert rule_for(131042).resumes_after_fix
    assert is_token_dead(rule_for(190))
    assert not is_token_dead(rule_for(131047))
