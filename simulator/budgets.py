"""The platform's speed limits: messages per second of a number, and messages to one person."""

from dataclasses import dataclass

from simulator.limits import PortfolioLimits

_PAIR_BURST = 45.0
_PAIR_PER_SECOND = 1 / 6


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float

    def take(self, *, rate: float, size: float, now: float) -> bool:
        self.level = min(size, self.level + (now - self.at) * rate)
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


class Budgets:
    """Token buckets: one second's worth for a number, a burst of 45 and one per six seconds for a pair."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Everybody starts with full budgets again."""
        self._numbers: dict[str, _Bucket] = {}
        self._pairs: dict[tuple[str, str], _Bucket] = {}
        self.portfolios = PortfolioLimits()

    def number_may_send(self, number_id: str, *, per_second: int, now: float) -> bool:
        """Take one message from a number's second."""
        bucket = self._numbers.setdefault(number_id, _Bucket(float(per_second), now))
        return bucket.take(rate=per_second, size=float(per_second), now=now)

    def pair_may_send(self, number_id: str, *, address: str, now: float) -> bool:
        """Take one message from what a number may send to one person."""
        bucket = self._pairs.setdefault((number_id, address), _Bucket(_PAIR_BURST, now))
        return bucket.take(rate=_PAIR_PER_SECOND, size=_PAIR_BURST, now=now)
