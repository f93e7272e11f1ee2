"""Whether somebody takes conversations now: what she chose, and when a page of hers was last alive. Pure rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tenants.accounts.models import Presence

SILENT = timedelta(minutes=5)  # pages say every minute that they are open; longer without a word is away
# why conversations come back
AWAY, GONE_SILENT, LEFT, UNCLEARED = "away", "silent", "left", "uncleared"
SHUT_OUT, RULES_UNREAD = "shut_out", "rules_unread"  # a condition of an agency's grant is not met any more
FOR_GOOD = frozenset({LEFT, SHUT_OUT})  # everything goes back, also where nobody waits


@dataclass(frozen=True, slots=True)
class Stand:
    """Where somebody stands.

    chosen   her own word; ``since`` null: she never used the switch
    seen_at  last sign of life of a page of hers, null: never
    """

    chosen: str = Presence.AWAY
    since: datetime | None = None
    reason: str = ""
    seen_at: datetime | None = None

    def silent(self, *, at: datetime, limit: timedelta = SILENT) -> bool:
        return self.seen_at is None or self.seen_at + limit <= at

    def effective(self, *, at: datetime) -> Presence:
        """What others count on: her own word, unless all her pages have fallen silent."""
        return Presence.AWAY if self.silent(at=at) else Presence(self.chosen)

    def available(self, *, at: datetime) -> bool:
        return self.effective(at=at) == Presence.AVAILABLE

    def gone(self, *, held_since: datetime | None, at: datetime, limit: timedelta) -> str:
        """Why a conversation that she holds goes back while its customer waits; empty when it stays hers.

        Going away gives back what she held by then; what she takes afterwards is her wish. Somebody who was never seen
        counts as neither: nothing is known of her.
        limit  silence that the company allows; none: any
        """
        if self.chosen == Presence.AWAY and self.since and (held_since is None or held_since <= self.since):
            return AWAY
        return GONE_SILENT if limit and self.seen_at and self.silent(at=at, limit=limit) else ""

    def stopped_at(self, *, at: datetime) -> datetime | None:
        """Since when she has not been available; null when she is, or never was as far as anybody knows."""
        if self.available(at=at):
            return None
        ends = [self.since] if self.since and self.chosen != Presence.AVAILABLE else []
        if self.seen_at and self.silent(at=at):
            ends.append(self.seen_at + SILENT)
        return min(ends, default=None)
