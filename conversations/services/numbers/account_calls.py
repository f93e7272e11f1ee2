"""The hourly limit on management calls of a WhatsApp Business Account, shared by companies and machines through Valkey.

Sending is not held up by it. With Valkey away each process remembers for itself: the platform says it again to whoever
goes on too soon.
"""

import time

from django.conf import settings
from redis.exceptions import RedisError

from tenants import wake

DEFAULT_SECONDS = 60.0

_resting: dict[str, float] = {}


def rest(waba_id: str, *, seconds: float | None) -> None:
    """Ask the platform nothing about this account for so long."""
    seconds = DEFAULT_SECONDS if seconds is None else seconds
    _resting[waba_id] = max(_resting.get(waba_id, 0.0), time.monotonic() + seconds)
    if wake.away():
        return
    try:
        wake.client().set(_key(waba_id), 1, px=max(1, int(seconds * 1000)))
    except (RedisError, OSError):
        wake.trip()


def wait(waba_id: str) -> float:
    """Seconds until the account may be asked again; 0 if now."""
    here = _resting.get(waba_id, 0.0) - time.monotonic()
    if here <= 0:
        _resting.pop(waba_id, None)
    return max(here, _told(waba_id), 0.0)


def forget(waba_id: str) -> None:
    """The account may be asked again: its owner has reconnected it, or another test begins."""
    _resting.pop(waba_id, None)
    if wake.away():
        return
    try:
        wake.client().delete(_key(waba_id))
    except (RedisError, OSError):
        wake.trip()


def _told(waba_id: str) -> float:
    if wake.away():
        return 0.0
    try:
        left = wake.client().pttl(_key(waba_id))
    except (RedisError, OSError):
        wake.trip()
        return 0.0
    return max(0, int(left)) / 1000


def _key(waba_id: str) -> str:
    return f"balie:{settings.INSTALLATION}:account-rests:{waba_id}"
