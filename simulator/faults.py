"""Troubles to order: which requests and webhooks they hit, and how often."""

import random
import time
from dataclasses import asdict, dataclass
from typing import Any

from simulator.errors import GraphError

# kind: where it can happen
KINDS: dict[str, tuple[str, ...]] = {
    "delay": ("send", "media", "webhook", "status"),
    "double": ("webhook", "status"),
    "reorder": ("webhook", "status"),
    "drop": ("webhook", "status"),
    "outage": ("webhook", "status"),
    "drop_after_accept": ("send", "media", "webhook", "status"),
    "rate_limit": ("send", "media"),
    "http_5xx": ("send", "media"),
    "refuse": ("send", "media", "status"),
}


class FaultError(ValueError):
    """A fault that cannot be set; the text names what is wrong."""


@dataclass
class Fault:
    """One trouble.

    where        send, media (requests), webhook (inbound and account changes) or status (status webhooks)
    number       only this phone_number_id; person: only this person's key
    code         refuse, rate_limit: the platform's code; http_5xx: the HTTP status
    status       of statuses only this one: sent, delivered, read …
    ms           delay: how long; reorder: for how long changes are held back and mixed; outage: for how long nothing
                 is posted, after which all of it comes at once, in order
    for_ms       the trouble lifts by itself after so long
    copies       double: how many times in all
    probability  chance per occasion; count: how many occasions; skip: how many pass before the first
    """

    id: str
    kind: str
    where: str
    number: str | None = None
    person: str | None = None
    code: int | None = None
    status: str | None = None
    ms: int = 1000
    copies: int = 2
    probability: float | None = None
    count: int | None = None
    skip: int = 0
    for_ms: int | None = None
    until: float | None = None
    hits: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For the control API."""
        return asdict(self)

    def over(self) -> bool:
        """Its time has passed."""
        return self.until is not None and time.monotonic() >= self.until


class Faults:
    """The faults in force, oldest first."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._faults: dict[str, Fault] = {}
        self._made = 0

    def add(self, given: dict[str, Any]) -> Fault:
        """Set a fault. Raises FaultError."""
        kind, where = str(given.get("kind")), str(given.get("where", "send"))
        if kind not in KINDS:
            raise FaultError(f"kind must be one of {', '.join(KINDS)}")
        if where not in KINDS[kind]:
            raise FaultError(f"{kind} can happen at {', '.join(KINDS[kind])}, not at {where}")
        if kind == "refuse" and given.get("code") is None:
            raise FaultError("refuse needs a code")
        self._made += 1
        given = {
            name: value for name, value in given.items() if name not in ("id", "hits", "until") and value is not None
        }
        try:
            fault = Fault(**{**given, "id": str(self._made), "kind": kind, "where": where})
        except TypeError as error:
            raise FaultError(str(error).replace("Fault.__init__()", "a fault")) from None
        if fault.for_ms is not None:
            fault.until = time.monotonic() + fault.for_ms / 1000
        self._faults[fault.id] = fault
        return fault

    def clear(self, fault_id: str | None = None) -> None:
        """Lift one fault, or all."""
        if fault_id is None:
            self._faults.clear()
        else:
            self._faults.pop(fault_id, None)

    def __len__(self) -> int:
        return len(self._faults)

    def all(self) -> list[Fault]:
        """What is in force."""
        for fault in [fault for fault in self._faults.values() if fault.over()]:
            del self._faults[fault.id]
        return list(self._faults.values())

    def strike(
        self,
        where: str,
        *,
        number: str | None,
        person: str | None = None,
        status: str | None = None,
        refusing: bool | None = None,
    ) -> list[Fault]:
        """The faults that hit this occasion; counts them down. refusing  only refusals, or only the others."""
        if not self._faults:
            return []
        asked = [fault for fault in self.all() if refusing is None or (fault.kind == "refuse") == refusing]
        return [fault for fault in asked if self._hits(fault, where, number, person, status)]

    def _hits(self, fault: Fault, where: str, number: str | None, person: str | None, status: str | None) -> bool:
        if fault.where != where or fault.number not in (None, number) or fault.person not in (None, person):
            return False
        if fault.status is not None and fault.status != status:
            return False
        if fault.probability is not None and self._chance.random() >= fault.probability:
            return False
        if fault.skip > 0:
            fault.skip -= 1
            return False
        fault.hits += 1
        if fault.count is not None and fault.hits >= fault.count:
            self._faults.pop(fault.id, None)
        return True


def refuse_before_accepting(faults: list[Fault]) -> None:
    """Raise the refusal among these faults, if there is one."""
    for fault in faults:
        if fault.kind == "refuse":
            raise GraphError(131000 if fault.code is None else fault.code, "Refused because a fault is set.")
        if fault.kind == "rate_limit":
            raise GraphError(fault.code or 130429, "Cloud API message throughput has been reached.", http=429)
        if fault.kind == "http_5xx":
            raise GraphError(131016, "Service is temporarily unavailable.", http=fault.code or 503)


def delay_of(faults: list[Fault]) -> float:
    """Seconds that these faults add."""
    return sum(fault.ms for fault in faults if fault.kind == "delay") / 1000


def drops(faults: list[Fault]) -> bool:
    """The answer gets lost after the work was done."""
    return any(fault.kind == "drop_after_accept" for fault in faults)
