"""How many people the numbers of one portfolio may write to first within a day."""

from collections import defaultdict

_DAY_SECONDS = 24 * 3600.0
_LIMITS = {"TIER_250": 250, "TIER_2K": 2_000, "TIER_10K": 10_000, "TIER_100K": 100_000}
_FREE = ("TIER_UNLIMITED",)
USUAL = "TIER_2K"


class PortfolioLimits:
    """People written to outside their window, by portfolio, over the last 24 hours. One person counts once."""

    def __init__(self) -> None:
        self._opened: dict[str, dict[str, float]] = defaultdict(dict)

    def may_open(self, portfolio: str, *, person: str, limit: object, now: float) -> bool:
        """Count this person in, unless the day is full."""
        most = _most(limit)
        opened = self._opened[portfolio]
        for key in [key for key, at in opened.items() if now - at >= _DAY_SECONDS]:
            del opened[key]
        if person not in opened and most is not None and len(opened) >= most:
            return False
        opened.setdefault(person, now)
        return True

    def used(self, portfolio: str, *, now: float) -> int:
        """How many people count at this moment."""
        return sum(now - at < _DAY_SECONDS for at in self._opened[portfolio].values())


def _most(limit: object) -> int | None:
    """The number behind a tier; a plain number counts as it is."""
    if limit in _FREE:
        return None
    if isinstance(limit, int):
        return limit
    text = str(limit or USUAL)
    return int(text) if text.isdigit() else _LIMITS.get(text, _LIMITS[USUAL])
