"""What is wrong with a number, from what is known of it: pure rules, values in, kinds of trouble out.

A kind is a stable code. Those of ``STATES`` last as long as what they say is true; those of ``EVENTS`` happened once
and end when a person has seen them. Sources: platform pages on messaging limits, quality rating and enforcement.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

WARNING, CRITICAL = "warning", "critical"
TOKEN_WARNING = timedelta(days=14)
TOKEN_LAST_CALL = timedelta(days=3)
RAMP_UP_WARNING = 0.8  # of the messaging limit
RATIO_WARNING, RATIO_FROM = 10, 200  # messages out for each one in, once so many left in a day
DELAY_WARNING = timedelta(seconds=60)
DELAY_FROM = 5  # messages; fewer say nothing
HEARD_LATELY = timedelta(hours=1)  # news of the platform's own prove more than a test of ours that failed
REGISTERING_FOR = timedelta(minutes=10)  # longer than registering again takes when nothing goes wrong
SILENT_FROM = 3  # accepted messages without any news
STATES = (
    "banned",
    "restricted",
    "disconnected",
    "app_uninstalled",
    "deleted",
    "token_dead",
    "no_funding",
    "number_stopped",
    "sending_blocked",
    "quality_red",
    "quality_yellow",
    "name_rejected",
    "token_expires_soon",
    "permission_missing",
    "subscription_missing",
    "webhooks_silent",
    "webhooks_unreachable",
    "display_delay",
    "ramp_up",
    "ratio",
)
EVENTS = ("limit_lowered", "pin_changed", "pin_reset", "account_warning", "template_paused", "marketing_slowed")
REASONS = {
    "banned": "banned",
    "account_disabled": "banned",
    "error_368": "banned",
    "error_131031": "banned",
    "error_141008": "banned",
    "error_141014": "banned",
    "account_restricted": "restricted",
    "restricted": "restricted",
    "disconnected": "disconnected",
    "partner_removed": "disconnected",
    "account_offboarded": "disconnected",
    "app_uninstalled": "app_uninstalled",
    "account_deleted": "deleted",
    "number_deleted": "deleted",
    "number_migrated": "deleted",
    "error_33": "deleted",
    "token_dead": "token_dead",
    "error_131042": "no_funding",
    "error_131044": "no_funding",
}
NOT_AT_WORK = ("connecting", "let_go")  # the path of connecting says what they lack
STATUSES = {
    "BANNED": "banned",
    "RESTRICTED": "restricted",
    "DISCONNECTED": "disconnected",
    "DELETED": "deleted",
    "MIGRATED": "deleted",
}
TIERS = {"TIER_50": 50, "TIER_250": 250, "TIER_1K": 1_000, "TIER_2K": 2_000, "TIER_10K": 10_000, "TIER_100K": 100_000}
UNLIMITED = "TIER_UNLIMITED"
SHORT = re.compile(r"(?:TIER_)?(\d+)(K)?\Z")


class Number(Protocol):
    """What the rules look at; a row of PhoneNumber fits."""

    state: Any
    state_reason: Any
    state_since: Any
    quality: Any
    messaging_limit: Any
    platform_status: Any
    name_status: Any
    can_send: Any
    health: Any
    funded: Any
    token_expires_at: Any
    webhook_probed_at: Any
    figures: Any


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong; ``data`` are small facts for the words about it."""

    kind: str
    severity: str = WARNING
    data: dict[str, Any] = field(default_factory=dict)


def troubles_of(number: Number, *, at: datetime) -> dict[str, Trouble]:
    """Everything that is wrong with a number now, by kind; nothing of one that is being connected or was let go."""
    if number.state_reason in NOT_AT_WORK:
        return {}
    if number.state_reason == "registering" and number.state_since and number.state_since > at - REGISTERING_FOR:
        return {}  # a person has just asked for it and looks on
    return {trouble.kind: trouble for trouble in (*_standing(number), *_warnings(number, at), *_measured(number, at))}


def limit_of(told: str) -> int | None:
    """How many people outside a window may be written to in 24 hours; None when unlimited or not known."""
    name = limit_name(told)
    if name in TIERS:
        return TIERS[name]
    found = SHORT.match(name)
    return int(found[1]) * (1000 if found[2] else 1) if found else None


def limit_name(told: str) -> str:
    """The limit as the platform's own word, whichever of its ways of writing came: TIER_2K, 2000, -1."""
    word = told.strip().upper()
    if word in ("-1", "UNLIMITED"):
        return UNLIMITED
    if word.isdecimal():
        named = {size: tier for tier, size in TIERS.items()}
        return named.get(int(word), word)
    return word


def limit_rank(told: str) -> float:
    """For comparing limits; one that says nothing ranks with the unlimited ones, so that no alarm comes of it."""
    size = limit_of(told)
    return float("inf") if size is None else size


def _standing(number: Number) -> Iterator[Trouble]:
    """Why it does not send at all."""
    stands_still = number.state in ("paused", "stopped")
    kind = REASONS.get(number.state_reason, "number_stopped") if stands_still else ""
    told = STATUSES.get(number.platform_status, "")
    if number.state == "setup" and told == "disconnected":
        told = ""  # not registered yet: that is what setting up is for
    for found in dict.fromkeys(filter(None, (kind, told))):
        yield Trouble(found, CRITICAL, {"reason": number.state_reason} if found == kind else {"status": told})
    if number.funded is False and kind != "no_funding":
        yield Trouble("no_funding", CRITICAL)
    if number.can_send == "BLOCKED" and not kind and not told and number.funded is not False:
        yield Trouble("sending_blocked", CRITICAL, {"details": _hindrance(number.health)})


def _warnings(number: Number, at: datetime) -> Iterator[Trouble]:
    if number.quality == "RED":
        yield Trouble("quality_red", CRITICAL)
    elif number.quality == "YELLOW":
        yield Trouble("quality_yellow")
    if number.name_status in ("DECLINED", "REJECTED", "EXPIRED"):
        yield Trouble("name_rejected", data={"status": number.name_status})
    expires = number.token_expires_at
    if expires is not None and expires - at < TOKEN_WARNING and number.state_reason != "token_dead":
        severity = CRITICAL if expires - at < TOKEN_LAST_CALL else WARNING
        yield Trouble("token_expires_soon", severity, {"until": expires.isoformat()})


def _measured(number: Number, at: datetime) -> Iterator[Trouble]:
    """What the probe and the watch found; a figure that is missing says nothing."""
    figures: dict[str, Any] = number.figures if isinstance(number.figures, dict) else {}
    if forbidden := [one for one in figures.get("restrictions", []) if one.get("until", "9") > at.isoformat()]:
        until = max(one.get("until", "") for one in forbidden)
        yield Trouble("restricted", CRITICAL, {"kinds": [one.get("kind", "") for one in forbidden], "until": until})
    if missing := figures.get("missing_scopes"):
        yield Trouble("permission_missing", CRITICAL, {"scopes": missing})
    if figures.get("subscribed") is False:
        yield Trouble("subscription_missing", CRITICAL)
    if figures.get("silent", 0) >= SILENT_FROM:
        yield Trouble("webhooks_silent", CRITICAL, {"count": figures["silent"]})
    loop = figures.get("loop") or {}
    if loop.get("problem") and not _heard_lately(number, at):
        yield Trouble(
            "webhooks_unreachable", CRITICAL, {"problem": loop["problem"], "address": loop.get("address", "")}
        )
    if figures.get("delays", 0) >= DELAY_FROM and figures.get("delay_high", 0) > DELAY_WARNING.total_seconds():
        yield Trouble("display_delay", data={"seconds": figures["delay_high"]})
    limit, reached = limit_of(number.messaging_limit), figures.get("reached", 0)
    if limit and reached >= limit * RAMP_UP_WARNING:
        yield Trouble("ramp_up", CRITICAL if reached >= limit else WARNING, {"reached": reached, "limit": limit})
    out, came = figures.get("out", 0), figures.get("in", 0)
    if out >= RATIO_FROM and out > RATIO_WARNING * max(came, 1):
        yield Trouble("ratio", data={"out": out, "in": came})


def _heard_lately(number: Number, at: datetime) -> bool:
    return number.webhook_probed_at is not None and number.webhook_probed_at > at - HEARD_LATELY


def _hindrance(health: Any) -> str:
    """What the platform says stands in the way, of the first entity that is blocked."""
    for entity in health if isinstance(health, list) else []:
        if isinstance(entity, dict) and entity.get("details"):
            return str(entity["details"])[:200]
    return ""
