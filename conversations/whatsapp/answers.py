"""Reads the platform's answer to a request: an error with its rule, or the outcome of a send."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from conversations.whatsapp.error_rules import ErrorRule, Retry
from conversations.whatsapp.errors import CATALOGUE, is_token_dead, rule_for
from conversations.whatsapp.outcomes import Accepted, Outcome, Permanent, Scope, Throttled, TokenDead, Unknown
from conversations.whatsapp.payloads.clean import bsuid, identifier, number, record, rows, text, wa_id, whole

MAX_WAIT_SECONDS = 6 * 3600.0
MAX_DETAIL_CHARS = 1000
BAD_PARAMETER, GONE_SUBCODE = 100, 33  # how the Graph API words an object that does not exist
FIRST_TELLING_SUBCODE = 2_388_000  # refusals of templates and registrations, which the code itself only calls wrong
TEMPORARY_STATUS = 503
NUMBER_PAUSE_SECONDS = 1.0
SCOPES = {Retry.NUMBER_SLOW: Scope.NUMBER, Retry.PAIR_SLOW: Scope.PAIR, Retry.ACCOUNT_SLOW: Scope.ACCOUNT}


@dataclass(slots=True, frozen=True)
class Refusal:
    """An error object of the platform."""

    rule: ErrorRule
    code: int | None
    details: str


def document(body: bytes) -> Any:
    """The JSON of an answer, or None when it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def refusal(answer: Any, http_status: int) -> Refusal | None:
    """The error in an answer, or None if it has none."""
    error = record(answer).get("error")
    if not isinstance(error, dict):
        return None
    code = whole(error.get("code"))
    details = (
        text(record(error.get("error_data")).get("details"))
        or text(error.get("error_user_msg"))
        or text(error.get("message"))
        or ""
    )
    subcode = whole(error.get("error_subcode"))
    if code == BAD_PARAMETER and subcode in CATALOGUE and (subcode or 0) >= FIRST_TELLING_SUBCODE:
        code = subcode
    if code == BAD_PARAMETER and subcode == GONE_SUBCODE:
        rule = replace(CATALOGUE[GONE_SUBCODE], code=code)
    elif error.get("is_transient") is True and code not in CATALOGUE:
        rule = rule_for(code, TEMPORARY_STATUS)
    else:
        rule = rule_for(code, http_status)
    return Refusal(rule, code, details[:MAX_DETAIL_CHARS])


def outcome(body: bytes, *, http_status: int, headers: Mapping[str, str]) -> Outcome:
    """What an answer to a send means. Anything that does not clearly say yes or no is Unknown."""
    answer = document(body)
    found = refusal(answer, http_status)
    if found is not None:
        return _refused(found, headers)
    if 200 <= http_status < 300:
        return _accepted(answer)
    if http_status in {413, 429}:  # a gateway in front of the platform, which has not passed it on
        return _refused(Refusal(rule_for(None, http_status), None, ""), headers)
    return Unknown(f"The answer with HTTP status {http_status} could not be read.")


def _accepted(answer: Any) -> Outcome:
    message = record(next(iter(rows(record(answer).get("messages"))), None))
    contact = record(next(iter(rows(record(answer).get("contacts"))), None))
    wamid = identifier(message.get("id"))
    if wamid is None:
        return Unknown("The answer does not name the message.")
    return Accepted(
        wamid,
        wa_id(contact.get("wa_id")),
        bsuid(contact.get("user_id")) or bsuid(contact.get("wa_id")),
        text(message.get("message_status"), limit=40),
    )


def _refused(found: Refusal, headers: Mapping[str, str]) -> Outcome:
    if is_token_dead(found.rule):
        return TokenDead(found.rule, found.details, found.code)
    if found.rule.waits:
        scope = SCOPES.get(found.rule.retry, Scope.MESSAGE)
        return Throttled(found.rule, wait_of(found.rule, headers), scope, found.code, found.details)
    return Permanent(found.rule, found.code, found.details)


def wait_of(rule: ErrorRule, headers: Mapping[str, str]) -> float | None:
    """Seconds to wait: what the answer says, else what the rule says."""
    told = number(headers.get("Retry-After"))
    if told is None and rule.retry is Retry.ACCOUNT_SLOW:
        told = _usage_wait(headers.get("X-Business-Use-Case-Usage"))
    if told is not None and told >= 0:
        return min(told, MAX_WAIT_SECONDS)
    if rule.wait is not None:
        return rule.wait.total_seconds()
    return {Retry.NUMBER_SLOW: NUMBER_PAUSE_SECONDS, Retry.ACCOUNT_SLOW: 60.0}.get(rule.retry)


def _usage_wait(header: str | None) -> float | None:
    """The longest ``estimated_time_to_regain_access``, which is in minutes."""
    usage = record(document(header.encode())) if header else {}
    minutes = [
        number(record(item).get("estimated_time_to_regain_access")) or 0.0
        for items in usage.values()
        for item in rows(items)
    ]
    return max(minutes, default=0.0) * 60 or None
