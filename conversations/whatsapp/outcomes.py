"""What can come of one attempt to send. The sender turns each into a state of the message."""

from dataclasses import dataclass
from enum import StrEnum

from conversations.whatsapp.error_rules import ErrorRule


class Scope(StrEnum):
    """Who has to wait after a Throttled."""

    NUMBER = "number"
    PAIR = "pair"
    ACCOUNT = "account"
    MESSAGE = "message"


@dataclass(slots=True, frozen=True)
class Accepted:
    """The platform took the message; delivery is told later by statuses. ``wa_id`` may differ from the number given."""

    wamid: str
    wa_id: str | None = None
    bsuid: str | None = None
    message_status: str | None = None  # templates: accepted, held_for_quality_assessment, paused


@dataclass(slots=True, frozen=True)
class Done:
    """The platform did what was asked and has no message to name (read receipt, typing)."""


@dataclass(slots=True, frozen=True)
class Throttled:
    """Refused for now: the message stays queued. ``retry_after`` is in seconds; None leaves it to the budget."""

    rule: ErrorRule
    retry_after: float | None
    scope: Scope
    code: int | None = None
    details: str = ""


@dataclass(slots=True, frozen=True)
class Permanent:
    """Refused: it will not go as it is. ``rule.resumes_after_fix`` tells whether it may go once somebody has acted."""

    rule: ErrorRule
    code: int | None
    details: str


@dataclass(slots=True, frozen=True)
class TokenDead:
    """The number's token is not accepted: the number stops, its queue is kept."""

    rule: ErrorRule
    details: str
    code: int | None = None


@dataclass(slots=True, frozen=True)
class Unknown:
    """The message may have gone. Never send it again blindly."""

    reason: str


@dataclass(slots=True, frozen=True)
class NotSent:
    """No byte of the message left this machine: safe to try again."""

    reason: str


Outcome = Accepted | Done | Throttled | Permanent | TokenDead | Unknown | NotSent
