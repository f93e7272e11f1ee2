"""The shape of an error rule: what went wrong, who acts, whether to try again, and what it changes for us."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.functional import Promise

Text = str | Promise


class Actor(StrEnum):
    """Who can do something about it."""

    NOBODY = "nobody"
    AGENT = "agent"
    COMPANY_ADMIN = "company_admin"
    AGENCY = "agency"
    META = "meta"  # the platform itself; it passes or is told in its support
    DEVELOPER = "developer"


class Retry(StrEnum):
    """Whether and when the same message may be sent again."""

    NEVER = "never"
    BACKOFF = "backoff"  # a few times, with growing waits
    AFTER_FIX = "after_fix"  # once somebody has put it right
    RECONNECT = "reconnect"  # once the number has a living token again
    LATER = "later"  # not before ``wait`` has passed
    NUMBER_SLOW = "number_slow"  # the whole number slows down
    PAIR_SLOW = "pair_slow"  # this person's messages slow down
    ACCOUNT_SLOW = "account_slow"  # management calls of the account wait, and this number


class Effect(StrEnum):
    """What else changes, beyond this one message."""

    NONE = "none"
    NUMBER_STOPS = "number_stops"
    NUMBER_GONE = "number_gone"
    ACCOUNT_STOPS = "account_stops"
    HOLD_QUEUE = "hold_queue"
    NUMBER_PAUSES = "number_pauses"  # nothing leaves for ``wait``, then by itself
    MARKETING_SLOWS = "marketing_slows"  # marketing of the number waits, replies go on
    CONTACT_RESTS_MARKETING = "contact_rests_marketing"  # no marketing to this person for ``wait``
    CONTACT_SUPPRESSED_MARKETING = "contact_suppressed_marketing"
    CONTACT_UNREACHABLE = "contact_unreachable"
    CONTACT_BLOCKED = "contact_blocked"
    CONTACT_NEEDS_PHONE = "contact_needs_phone"
    CONTACT_REVERIFY = "contact_reverify"
    TEMPLATE_UNUSABLE = "template_unusable"
    TEMPLATE_RESYNC = "template_resync"
    WINDOW_CLOSED = "window_closed"


# The number sends nothing more until somebody acts; its queue is kept.
STOPPING = frozenset({Effect.NUMBER_STOPS, Effect.NUMBER_GONE, Effect.ACCOUNT_STOPS, Effect.HOLD_QUEUE})
WAITS = {Retry.BACKOFF, Retry.LATER, Retry.NUMBER_SLOW, Retry.PAIR_SLOW, Retry.ACCOUNT_SLOW}


@dataclass(slots=True, frozen=True)
class ErrorRule:
    """One refusal of the platform. ``code`` is None for an answer without a code (0 is a code: a dead token)."""

    code: int | None
    title: Text
    cause: Text
    next_step: Text
    actor: Actor = Actor.NOBODY
    retry: Retry = Retry.NEVER
    effect: Effect = Effect.NONE
    wait: timedelta | None = None

    @property
    def waits(self) -> bool:
        """Whether the message stays in the queue and goes again by itself."""
        return self.retry in WAITS

    @property
    def retry_word(self) -> str:
        """Automatic, after_fix or never, as the API says it. A whole number that stops keeps its queue."""
        if self.waits:
            return "automatic"
        return "after_fix" if self.resumes_after_fix or self.effect in STOPPING else "never"

    @property
    def resumes_after_fix(self) -> bool:
        """Whether a person must act first, after which the same message may go."""
        return self.retry in {Retry.AFTER_FIX, Retry.RECONNECT}


def entry(
    *codes: int,
    title: Text,
    cause: Text,
    next_step: Text,
    actor: Actor = Actor.NOBODY,
    retry: Retry = Retry.NEVER,
    effect: Effect = Effect.NONE,
    wait: timedelta | None = None,
) -> list[ErrorRule]:
    """The same rule for every code given."""
    return [ErrorRule(code, title, cause, next_step, actor, retry, effect, wait) for code in codes]
