"""What an outcome of the platform means for its message."""

import random
from dataclasses import dataclass
from uuid import UUID

from conversations.services.sender.lease import UNKNOWN_BLOCKS_SECONDS
from conversations.status import MessageStatus
from conversations.whatsapp.error_rules import STOPPING, Retry
from conversations.whatsapp.outcomes import Accepted, NotSent, Outcome, Permanent, Scope, Throttled, TokenDead, Unknown

MAX_TRIES = 5
FIRST_WAIT_SECONDS = 8.0  # 8, 24, 72, 216: five tries in five minutes, a little apart from each other
WAIT_FACTOR = 3.0
OFFLINE_WAIT_SECONDS = 5.0
DETAIL_CHARS = 500


@dataclass(slots=True)
class News:
    """The next state of one message. ``wait``: seconds before it, or what comes after it, may go."""

    id: UUID
    conversation_id: UUID
    status: MessageStatus
    wamid: str | None = None
    error_code: int | None = None
    details: str = ""
    refusal: str = ""
    wait: float | None = None
    tries: int = 0  # what this changes in the count of tries; marking SENDING has counted one already


def of(outcome: Outcome, *, id: UUID, conversation_id: UUID, tries: int) -> News:
    """The next state of a message after one try; ``tries`` counts this one."""
    match outcome:
        case Accepted(wamid=wamid):
            return News(id, conversation_id, MessageStatus.ACCEPTED, wamid=wamid)
        case Throttled(rule=rule, scope=scope):
            again = _again(id, conversation_id, outcome.code, outcome.details)
            if rule.retry is Retry.BACKOFF and tries >= MAX_TRIES:
                again.status = MessageStatus.FAILED
            elif scope is Scope.MESSAGE:
                again.wait = outcome.retry_after if outcome.retry_after is not None else backoff(tries)
                again.tries = 0 if rule.retry is Retry.BACKOFF else -1
            else:
                again.tries = -1
            return again
        case Permanent(rule=rule) if rule.effect in STOPPING:
            return _again(id, conversation_id, outcome.code, outcome.details, tries=-1)
        case Permanent():
            failed = _again(id, conversation_id, outcome.code, outcome.details)
            failed.status = MessageStatus.FAILED
            return failed
        case TokenDead():
            return _again(id, conversation_id, outcome.code, outcome.details, tries=-1)
        case NotSent(reason=reason):
            return News(id, conversation_id, MessageStatus.QUEUED, details=reason, wait=OFFLINE_WAIT_SECONDS, tries=-1)
        case Unknown(reason=reason):
            return unknown(id, conversation_id, reason)
    return unknown(id, conversation_id, "The answer does not name the message.")


def unknown(id: UUID, conversation_id: UUID, reason: str) -> News:
    """The message may have left."""
    return News(id, conversation_id, MessageStatus.UNKNOWN, details=reason, wait=UNKNOWN_BLOCKS_SECONDS)


def refused(id: UUID, conversation_id: UUID, refusal: str, *, details: str = "") -> News:
    """We do not send it: a rule of ours says no."""
    return News(id, conversation_id, MessageStatus.FAILED, refusal=refusal, details=details)


def backoff(tries: int) -> float:
    """Seconds before the next try, growing and spread."""
    return FIRST_WAIT_SECONDS * WAIT_FACTOR ** (tries - 1) * random.uniform(0.8, 1.2)  # noqa: S311  no secret


def _again(id: UUID, conversation_id: UUID, code: int | None, details: str, *, tries: int = 0) -> News:
    return News(id, conversation_id, MessageStatus.QUEUED, error_code=code, details=details[:DETAIL_CHARS], tries=tries)
