"""Limits of a whole WhatsApp Business Account, shared by its numbers, companies and our machines through Valkey.

With Valkey away each process remembers for itself: the platform says it again to whoever goes on too soon.
"""

import asyncio
import time

from django.conf import settings
from redis.exceptions import RedisError

from tenants import wake

_held: dict[str, float] = {}


def _key(waba_id: str) -> str:
    return f"balie:{settings.INSTALLATION}:account-held:{waba_id}"


async def hold(waba_id: str, *, seconds: float) -> None:
    """Let no number of the account send for so long."""
    _held[waba_id] = max(_held.get(waba_id, 0.0), time.monotonic() + seconds)
    await asyncio.to_thread(_tell, waba_id, seconds)


async def held(waba_id: str) -> float:
    """Seconds until the account may be called again; 0 if now."""
    here = _held.get(waba_id, 0.0) - time.monotonic()
    if here <= 0:
        _held.pop(waba_id, None)
    return max(here, await asyncio.to_thread(_ask, waba_id), 0.0)


def _tell(waba_id: str, seconds: float) -> None:
    if wake.away():
        return
    try:
        wake.client().set(_key(waba_id), 1, px=max(1, int(seconds * 1000)))
    except (RedisError, OSError):
        wake.trip()


def _ask(waba_id: str) -> float:
    if wake.away():
        return 0.0
    try:
        left = wake.client().pttl(_key(waba_id))
    except (RedisError, OSError):
        wake.trip()
        return 0.0
    return max(0, int(left)) / 1000
