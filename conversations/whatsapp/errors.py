"""What to do about an error of the platform: by its code, else by the range or HTTP status it came with."""

from dataclasses import replace

from conversations.whatsapp.error_catalogue import CATALOGUE, TOKEN_DEAD, unseen
from conversations.whatsapp.error_rules import Actor, Effect, ErrorRule, Retry

__all__ = ["CATALOGUE", "Actor", "Effect", "ErrorRule", "Retry", "is_token_dead", "rule_for"]


def rule_for(code: int | None, http_status: int | None = None) -> ErrorRule:
    """The rule for a code; one that nobody has seen is judged by its HTTP status, never retried without a reason."""
    if code is not None and (known := CATALOGUE.get(code)):
        return known
    rule = _by_status(http_status)
    return rule if code is None else replace(rule, code=code)


def is_token_dead(rule: ErrorRule) -> bool:
    """Whether the number needs a new token before anything else can leave."""
    return rule.retry is Retry.RECONNECT


def _by_status(http_status: int | None) -> ErrorRule:
    if http_status is None:
        return unseen.REFUSED
    if http_status >= 500:
        return unseen.DOWN
    return {401: TOKEN_DEAD, 403: unseen.FORBIDDEN, 413: unseen.TOO_LARGE, 429: unseen.BUSY}.get(
        http_status, unseen.REFUSED
    )
