"""Switches of the whole simulator, read and set over the control API."""

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar


class OptionError(ValueError):
    """An option that does not exist or cannot have this value."""


@dataclass
class Options:
    """How the stand-in platform behaves; times in milliseconds.

    latency_ms         from accepting a send to its answer
    status_delay_ms    between accepted and sent, and between sent and delivered
    statuses           off: people get messages at once and no status is reported
    auto_read          people read everything that reaches them
    window_check       free-form outside 24 hours is refused "sync", reported as "failed", or let through ("off")
    throughput_check   refuse more than a number's messages per second with 130429
    limit_check        refuse templates to more new people in a day than the portfolio's limit allows with 131048
    pair_check         refuse more than 45 at once and one per six seconds to one person with 131056
    unknown_people     sending to an address nobody has: "undeliverable" fails with 131026, "create" makes the person
    webhook_batch      changes in one POST at most
    webhook_attempts   POSTs of one body before it is given up
    webhook_retry_ms   wait after the first failure; doubles, at most a minute
    review             templates and names are reviewed "auto" after review_ms, or "manual" over the control API
    refused_words      an automatic review rejects what holds one of these
    promotional_words  an automatic review sees a utility template with one of these as marketing
    pause_seconds      how long a template pauses for quality, the first time and the next; then it is disabled
    quality_hold_ms    sends of a new template wait this long as held_for_quality_assessment; 0 for never
    code_seconds       how long a code of Embedded Signup can be exchanged
    pin_guess_ms       a guess of a PIN sooner after a wrong one is refused with 133009
    management_check   count management calls and refuse those over the hourly limit with 80007
    history_chunk      threads in one webhook of a coexistence history
    claimed_usernames  taken by others: "acme", "facebook:acme" or "instagram:acme"
    """

    latency_ms: int = 30
    status_delay_ms: int = 120
    statuses: bool = True
    auto_read: bool = False
    window_check: str = "sync"
    throughput_check: bool = True
    pair_check: bool = True
    limit_check: bool = True
    unknown_people: str = "undeliverable"
    webhook_batch: int = 50
    webhook_attempts: int = 20
    webhook_retry_ms: int = 500
    review: str = "manual"
    review_ms: int = 2000
    refused_words: list[str] = field(default_factory=list)
    promotional_words: list[str] = field(default_factory=list)
    pause_seconds: list[int] = field(default_factory=lambda: [3 * 3600, 6 * 3600])
    quality_hold_ms: int = 0
    code_seconds: int = 30
    pin_guess_ms: int = 0
    management_check: bool = True
    history_chunk: int = 20
    claimed_usernames: list[str] = field(default_factory=list)

    CHOICES: ClassVar[dict[str, tuple[str, ...]]] = {
        "window_check": ("sync", "failed", "off"),
        "unknown_people": ("undeliverable", "create"),
        "review": ("auto", "manual"),
    }

    def update(self, given: dict[str, Any]) -> None:
        """Set some options. Raises OptionError and then changes nothing."""
        kinds = {name: type(value) for name, value in asdict(Options()).items()}
        checked: dict[str, Any] = {}
        for name, value in given.items():
            if name not in kinds:
                raise OptionError(f"there is no option {name}")
            if name == "window_check" and isinstance(value, bool):
                value = "sync" if value else "off"
            if type(value) is not kinds[name] or (isinstance(value, int) and value < 0):
                raise OptionError(f"{name} must be a {kinds[name].__name__} that is not negative")
            if value not in self.CHOICES.get(name, (value,)):
                raise OptionError(f"{name} must be one of {', '.join(self.CHOICES[name])}")
            checked[name] = value
        for name, value in checked.items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        """All options with their values."""
        return asdict(self)
