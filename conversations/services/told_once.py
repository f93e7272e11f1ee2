"""One person, one browser, several hosts: the desk and clients that were entered from it tell the same news once."""

from collections.abc import Sequence

from django.conf import settings
from redis.exceptions import RedisError

from tenants import wake

SECONDS = 10  # as long as the slowest page takes, no longer: the next message is news again
MOST = 50


def claim(browser: str, *, side: str, news: Sequence[str]) -> list[str]:
    """Those of the news that pages of this side tell in this browser: the first side to ask tells, no other one does.

    browser  what ``entrances.browser_behind`` says; empty: not known, so everything is told
    side     the schema's name, or "public" for the agency's host
    news     what and of which conversation, the same text on every host
    While Valkey is away everything is told: twice is better than not at all.
    """
    listed = list(dict.fromkeys(news))[:MOST]
    if not browser or not listed or wake.away():
        return listed
    try:
        pipeline = wake.client().pipeline(transaction=False)
        for one in listed:
            pipeline.set(_key(browser, one), side, nx=True, get=True, ex=SECONDS)
        holders = pipeline.execute()
    except (RedisError, OSError):
        wake.trip()
        return listed
    return [one for one, holder in zip(listed, holders, strict=True) if holder in (None, side.encode())]


def _key(browser: str, news: str) -> str:
    return f"balie:{settings.INSTALLATION}:told:{browser}:{news}"
