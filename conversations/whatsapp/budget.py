"""How fast one number and one pair of number and person may send. Pure: the moment comes in as seconds of any clock
that never goes back."""

from collections import OrderedDict
from dataclasses import dataclass

BURST_SECONDS = 0.5
PAIR_SECONDS = 6.0  # one message per six seconds to one person
PAIR_BURST = 45  # so many at once, borrowed from later
PAIR_BACKOFF_BASE = 4.0
PAIR_BACKOFF_MAX_SECONDS = 3600.0
PAIR_CALM_SECONDS = PAIR_SECONDS * PAIR_BURST


class NumberBudget:
    """A token bucket for one number: ``rate`` messages a second in and out together, a burst of half a second."""

    __slots__ = ("_at", "_level", "rate")

    def __init__(self, rate: float, *, now: float) -> None:
        if rate <= 0:
            raise ValueError("rate must be above zero")
        self.rate = rate
        self._level = self.burst
        self._at = now

    @property
    def burst(self) -> float:
        """The most that may leave at once."""
        return max(1.0, self.rate * BURST_SECONDS)

    def available(self, *, now: float) -> int:
        """How many messages may leave now."""
        self._refill(now)
        return 0 if now < self._at else max(0, int(self._level + 1e-9))

    def take(self, wanted: int = 1, *, now: float) -> int:
        """Use up to ``wanted`` messages of the budget; gives how many were granted."""
        granted = min(wanted, self.available(now=now))
        self._level -= granted
        return granted

    def give_back(self, count: int = 1, *, now: float) -> None:
        """Return what was taken and never left."""
        self._refill(now)
        self._level = min(self.burst, self._level + count)

    def received(self, count: int = 1, *, now: float) -> None:
        """Count inbound messages, which the platform counts too; at most one second of debt is remembered."""
        self._refill(now)
        self._level = max(self._level - count, -self.rate)

    def slow_down(self, seconds: float, *, now: float) -> None:
        """Send nothing for so long, and begin again without a burst (the platform said it was too fast)."""
        self._refill(now)
        self._at = max(self._at, now + max(0.0, seconds))  # refilling goes on from there
        self._level = min(self._level, 0.0)

    def wait(self, *, now: float) -> float:
        """Seconds until at least one message may leave; 0 if now."""
        self._refill(now)
        held = max(0.0, self._at - now)
        return held + max(0.0, (1.0 - self._level) / self.rate)

    def _refill(self, now: float) -> None:
        if now > self._at:
            self._level = min(self.burst, self._level + (now - self._at) * self.rate)
            self._at = now


@dataclass(slots=True)
class _Pair:
    """``paid_until``: the time up to which the messages already sent have used the quota."""

    paid_until: float
    held_until: float = 0.0
    refusals: int = 0


class PairBudget:
    """One message per six seconds to one person, up to 45 at once borrowed from later. Keys are the caller's.

    Pairs whose quota is whole again are forgotten, oldest first, a few with each call: memory follows the people
    written to in the last minutes.
    """

    __slots__ = ("_pairs",)
    FORGET_PER_CALL = 2

    def __init__(self) -> None:
        self._pairs: OrderedDict[object, _Pair] = OrderedDict()

    def __len__(self) -> int:
        return len(self._pairs)

    def wait(self, pair: object, *, now: float) -> float:
        """Seconds until one more message may go to this person; 0 if now."""
        found = self._pairs.get(pair)
        if found is None:
            return 0.0
        borrowed = found.paid_until - now - PAIR_SECONDS * (PAIR_BURST - 1)
        return max(0.0, borrowed, found.held_until - now)

    def take(self, pair: object, *, now: float) -> bool:
        """Use one message of this person's budget, if there is one."""
        if self.wait(pair, now=now) > 0:
            return False
        found = self._pairs.get(pair)
        if found is None:
            found = self._pairs[pair] = _Pair(paid_until=now)
        found.paid_until = max(found.paid_until, now) + PAIR_SECONDS
        self._pairs.move_to_end(pair)
        self._forget(now)
        return True

    def refused(self, pair: object, *, now: float) -> float:
        """The platform said it was too fast for this person: hold for 4^n seconds, n growing; gives the seconds."""
        found = self._pairs.setdefault(pair, _Pair(paid_until=now))
        found.refusals += 1
        seconds = min(PAIR_BACKOFF_BASE ** min(found.refusals, 10), PAIR_BACKOFF_MAX_SECONDS)
        found.held_until = max(found.held_until, now + seconds)
        self._pairs.move_to_end(pair)
        self._forget(now)
        return seconds

    def accepted(self, pair: object) -> None:
        """A message to this person was taken again: the next hold begins small."""
        if found := self._pairs.get(pair):
            found.refusals = 0

    def prune(self, *, now: float) -> int:
        """Forget every pair whose quota is whole again; gives how many."""
        gone = [pair for pair, found in self._pairs.items() if _whole(found, now)]
        for pair in gone:
            del self._pairs[pair]
        return len(gone)

    def _forget(self, now: float) -> None:
        for _ in range(self.FORGET_PER_CALL):
            oldest = next(iter(self._pairs), None)
            if oldest is None or not _whole(self._pairs[oldest], now):
                return
            del self._pairs[oldest]


def _whole(found: _Pair, now: float) -> bool:
    calm = PAIR_CALM_SECONDS if found.refusals else 0.0
    return found.paid_until <= now and found.held_until + calm <= now
