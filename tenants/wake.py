"""Wakes workers over Valkey: a hint that may be lost, so it never blocks and never raises.

A raw client with a 50 ms limit and a breaker, because publishing a task with the broker away blocks for a second. One
wake-up per company, kind and key is under way at a time: a flag with a lifetime, cleared when the drain starts.
"""

import logging
import time
from functools import lru_cache

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.05
BREAKER_SECONDS = 2.0
FLAG_SECONDS = 10

TASKS = {
    "inbound": ("conversations.drain_journal", "inbound"),
    "outbound": ("conversations.drain_outbox", "outbound"),
    "media": ("conversations.drain_media", "media"),
    "receipts": ("conversations.drain_receipts", "outbound"),
    "metering": ("billing.meter", "default"),
    "housekeeping": ("conversations.keep_house", "default"),
    "retention": ("privacy.retain", "bulk"),
    "search": ("conversations.index_words", "default"),
    "agreement": ("privacy.follow_agreement", "default"),
}

_away_until = 0.0


@lru_cache(maxsize=1)
def client() -> "Redis":
    return Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS, retry=None
    )


def away() -> bool:
    """Whether the breaker is open: Valkey did not answer a moment ago."""
    return time.monotonic() < _away_until


def reset() -> None:
    """Close the breaker and forget the connection: a new process, or another server."""
    global _away_until
    _away_until = 0.0
    if client.cache_info().currsize:
        client().close()
        client.cache_clear()


def trip() -> None:
    global _away_until
    _away_until = time.monotonic() + BREAKER_SECONDS


def _flag(schema_name: str, kind: str, key: str) -> str:
    return f"balie:{settings.INSTALLATION}:awake:{schema_name}:{kind}:{key}"


def worker(schema_name: str, kind: str, key: str = "") -> None:
    """Enqueue the drain of this work unless one is already on its way."""
    if away():
        return
    try:
        if not client().set(_flag(schema_name, kind, key), 1, nx=True, ex=FLAG_SECONDS):
            return
    except (RedisError, OSError):
        trip()
        return
    send(schema_name, kind, key)


def later(schema_name: str, kind: str, key: str = "", *, seconds: float) -> None:
    """Enqueue the drain for a moment from now; a worker keeps it until then."""
    if seconds <= 0:
        worker(schema_name, kind, key)
    elif not away():
        send(schema_name, kind, key, countdown=seconds)


def send(schema_name: str, kind: str, key: str = "", *, countdown: float | None = None) -> None:
    """Enqueue the drain; an unreachable broker is noted, the sweep comes again."""
    name, queue = TASKS[kind]
    arguments = [schema_name, key] if key else [schema_name]
    try:
        current_app.send_task(name, args=arguments, queue=queue, countdown=countdown, retry=False, ignore_result=True)
    except (OperationalError, RedisError, OSError) as error:
        trip()
        logger.warning("broker is away (%s); the work index keeps %s", type(error).__name__, kind)


def started(schema_name: str, kind: str, key: str = "") -> None:
    """A drain began: the next mark may wake another."""
    if away():
        return
    try:
        client().delete(_flag(schema_name, kind, key))
    except (RedisError, OSError):
        trip()


def publish(channel: str, message: str) -> None:
    """Publish a hint on a channel; lost when nobody listens or Valkey is away."""
    if away():
        return
    try:
        client().publish(channel, message)
    except (RedisError, OSError):
        trip()
