"""The response promise: until when an answer was promised to somebody who wrote."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.models import InboxSettings, Intent


@dataclass(frozen=True, slots=True)
class Promise:
    """What the entered company promises.

    minutes    until an answer, unless the intent says otherwise
    """

    minutes: int

    @classmethod
    def of(cls, settings: InboxSettings) -> "Promise":
        return cls(settings.response_minutes)

    def due(self, waiting_since: datetime, *, intent: Intent | None = None) -> datetime:
        """When the promise to somebody waiting since then breaks."""
        minutes = intent.response_minutes if intent and intent.response_minutes else self.minutes
        return waiting_since + timedelta(minutes=minutes)
