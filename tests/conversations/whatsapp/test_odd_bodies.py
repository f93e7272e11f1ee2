"""Whatever comes in, reading it never raises, loses nothing and gives only what PostgreSQL can hold."""

import dataclasses
import json
import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.whatsapp.payloads import InboundMessage, Unknown, parse, split
from conversations.whatsapp.payloads.clean import MAX_DEPTH, clean, moment
from tests.conversations.whatsapp.bodies import NAMES, document, events, parsed

texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=12)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
KEYS = [
    "entry", "changes", "field", "value", "messages", "statuses", "contacts", "metadata", "id", "type", "from", "to",
    "text", "body", "timestamp", "system", "interactive", "context", "errors", "history", "threads", "state_sync",
    "user_preferences", "calls", "message_echoes", "edit", "message", "user_id", "wa_id", "pricing", "event", "status",
    "nfm_reply", "response_json", "image", "reaction", "waba_info", "contact", "action", "category", "referral",
]  # fmt: skip
WORDS = [
    "messages",
    "account_update",
    "calls",
    "history",
    "text",
    "system",
    "interactive",
    "edit",
    "nfm_reply",
    "wamid.1",
]
documents = st.recursive(
    leaves | st.sampled_from([*WORDS, "31612345678", "NL.1", "1795000000"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | texts, inner, max_size=6),
    max_leaves=30,
)


def storable(value: Any) -> bool:
    """Whether text and jsonb columns take it."""
    written = json.dumps(value, default=str, allow_nan=False)
    return "\\u0000" not in written and not any(f"\\ud{digit}" in written and _lone(value) for digit in "89abcdef")


def _lone(value: Any) -> bool:
    try:
        json.dumps(value, default=str, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


@settings(max_examples=300, deadline=None)
@given(documents)
def test_any_json_is_read_without_raising(value):
    for change in split(value):
        for event in parse(change).events:
            assert storable(dataclasses.asdict(event))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NAMES), st.randoms(use_true_random=False), documents)
def test_a_real_body_with_one_part_replaced_is_read_without_raising(name, chance, odd):
    for change in split(_replace_one(document(name), chance, odd)):
        for event in parse(change).events:
            assert storable(dataclasses.asdict(event))


def _replace_one(value: Any, chance: random.Random, odd: Any) -> Any:
    """The same document with one randomly chosen part exchanged."""
    if chance.random() < 0.1 or not isinstance(value, dict | list) or not value:
        return odd
    copy = dict(value) if isinstance(value, dict) else list(value)
    key = chance.choice(list(copy)) if isinstance(copy, dict) else chance.randrange(len(copy))
    copy[key] = _replace_one(copy[key], chance, odd)
    return copy


@pytest.mark.parametrize("body", [None, 5, "text", [], {}, {"entry": None}, {"entry": "x"}, [{"entry": []}]])
def test_a_document_of_another_shape_is_kept_as_one_unknown_change(body):
    (change,) = split(body)
    (event,) = parse(change).events

    assert change.field == ""
    assert isinstance(event, Unknown)


def test_odd_entries_and_changes_do_not_hide_the_good_ones():
    (good,) = document("message_text")["entry"]
    changes = split({"entry": [7, {"id": "1"}, {"id": "2", "changes": [None, {"value": {}}, *good["changes"]]}, good]})

    assert [change.field for change in changes] == ["", "", "", "", "messages", "messages"]
    assert sum(isinstance(event, InboundMessage) for change in changes for event in parse(change).events) == 2


def test_deep_nesting_is_cut_instead_of_ending_the_process():
    deep: Any = "core"
    for _ in range(900):
        deep = {"a": [deep]}
    body = document("message_type_unseen")
    body["entry"][0]["changes"][0]["value"]["messages"][0]["hologram"] = deep

    (change,) = split(body)
    (event,) = parse(change).events

    assert json.dumps(event.content).count("{") <= MAX_DEPTH


def test_a_form_answer_nested_beyond_reason_stays_text():
    body = document("message_form_reply")
    nested = "[" * 50_000
    body["entry"][0]["changes"][0]["value"]["messages"][0]["interactive"]["nfm_reply"]["response_json"] = nested

    (event,) = parse(split(body)[0]).events

    assert event.content["response"] == nested


def test_numbers_that_are_none_become_null():
    assert clean({"a": [float("nan"), float("inf"), 1.5]}) == {"a": [None, None, 1.5]}


@given(st.one_of(st.integers(), st.text(max_size=25), st.floats(), st.none(), st.booleans()))
def test_a_time_is_within_reason_or_none(value):
    found = moment(value)

    assert found is None or 2009 <= found.year < 2100


def test_an_empty_change_says_nothing():
    assert parse(split({"entry": [{"id": "1", "changes": [{"field": "messages", "value": {}}]}]})[0]).events == []
    quiet = {"metadata": {"phone_number_id": "1"}, "messages": [], "statuses": []}
    assert parse(split({"entry": [{"id": "1", "changes": [{"field": "messages", "value": quiet}]}]})[0]).events == []


def test_a_post_of_a_thousand_changes_is_read_in_order_and_quickly():
    (entry,) = document("message_text")["entry"]
    (change,) = entry["changes"]
    body = {"entry": [{"id": "1", "changes": [_numbered(change, n) for n in range(1000)]}]}

    began = time.process_time()  # our own work only, whatever else the machine does
    wamids = [event.wamid for part in split(body) for event in parse(part).events]
    seconds = time.process_time() - began

    assert wamids == [f"wamid.{n}" for n in range(1000)]
    assert 1000 / seconds > 2_000  # a tenth of what one core does, so that a busy machine does not fail


def _numbered(change: dict[str, Any], n: int) -> dict[str, Any]:
    value = change["value"]
    return {**change, "value": {**value, "messages": [{**value["messages"][0], "id": f"wamid.{n}"}]}}


@pytest.mark.parametrize("name", NAMES)
def test_every_body_gives_only_what_can_be_stored(name):
    found = events(name)

    assert found
    assert all(storable(dataclasses.asdict(event)) for event in found)
    assert all(part.change.phone_number_id or part.change.waba_id or "partner" in name for part in parsed(name))
