"""What travels through the applying of a batch: the events with their surroundings, and what came of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from conversations.integrations.services.events import Fact
from conversations.models import PhoneNumber
from conversations.whatsapp import payloads

if TYPE_CHECKING:
    from conversations.services.inbound.draining import Call

CLOCKS_DIFFER = timedelta(minutes=5)
EVENTS_PER_CALL = 10_000


@dataclass(frozen=True, slots=True)
class Item:
    """One event of the batch, with the number it came to and the place of its change in the journal."""

    call: Call
    position: int
    event: payloads.Event
    number: PhoneNumber | None
    standby: bool
    at: datetime

    @property
    def sequence(self) -> int:
        """The journal's order."""
        return self.call.id * EVENTS_PER_CALL + self.position

    @property
    def our_number(self) -> PhoneNumber:
        """The number; raises NumberMissing where the company has none of that id."""
        if self.number is None:
            raise NumberMissing
        return self.number


def moment_of(event: payloads.Event, *, received_at: datetime) -> datetime:
    """The platform's time; ours where it gives none or one that has yet to come."""
    told: datetime | None = getattr(event, "at", None)
    if told is None or told > received_at + CLOCKS_DIFFER:
        return received_at.replace(microsecond=0)
    return told


class NumberMissing(LookupError):
    """A change speaks of a number that the company does not have."""


@dataclass(slots=True)
class Outcome:
    """What a batch changed: told to others when it is written.

    waits   changes that speak of a message not known yet, by call: taken up again when it comes
    arrived tokens of messages that were new in this batch, which others may have waited for
    senders numbers whose outbox may go on, because a message that held others up is settled or delivered
    """

    facts: list[Fact] = field(default_factory=list)
    conversations: set[UUID] = field(default_factory=set)
    numbers: set[UUID] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    senders: set[UUID] = field(default_factory=set)
    files: bool = False
    waits: dict[int, str] = field(default_factory=dict)
    arrived: set[str] = field(default_factory=set)

    def wait(self, item: Item, wamid: str) -> None:
        self.waits.setdefault(item.call.id, token(item.our_number, wamid))

    def came(self, number: PhoneNumber, wamids: Iterable[str]) -> None:
        self.arrived.update(token(number, wamid) for wamid in wamids)


def token(number: PhoneNumber, wamid: str) -> str:
    """What stands in the journal's ``error`` while a change waits for a message."""
    return f"waits:{number.phone_number_id}:{wamid}"
