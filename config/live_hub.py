"""One pub/sub connection for a whole process, and the streams it feeds. Nothing here grows without bound."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Iterable

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from tenants import live

logger = logging.getLogger(__name__)

MAX_IDS = 200  # per name and stream; above that a page fetches everything it shows
MAX_NAMES = 20
MAX_ENDED = 10_000  # above that those are forgotten that no living token is older than
PERSONAL = ("user:", "staff:")
PING_SECONDS = 5.0
SILENCE_SECONDS = 12.0  # a connection that does not even answer a ping this long is dead
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0


class Stream:
    """What waits to be told to one browser: ids by name, each once, and a few signals."""

    __slots__ = ("_hints", "_more", "_news", "_signals", "gone", "over", "topics")

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = tuple(topics)
        self.gone = False
        self.over = False  # its token no longer counts
        self._hints: dict[str, dict[str, None]] = {}
        self._more: set[str] = set()
        self._signals: list[str] = []
        self._news = asyncio.Event()

    def hint(self, name: str, ids: Iterable[str], *, more: bool) -> None:
        if len(self._hints) >= MAX_NAMES and name not in self._hints:
            return
        known = self._hints.setdefault(name, {})
        known.update(dict.fromkeys(ids))
        if more or len(known) > MAX_IDS:
            known.clear()
            self._more.add(name)
        self._news.set()

    def signal(self, name: str) -> None:
        if name not in self._signals[-1:]:
            self._signals = [*self._signals[-3:], name]
        self._news.set()

    def leave(self) -> None:
        self.gone = True
        self._news.set()

    async def wait(self, seconds: float) -> bool:
        """Whether there was news within the time."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True

    def has_hints(self) -> bool:
        return bool(self._hints)

    def take_hints(self) -> list[dict[str, object]]:
        taken = [{"name": name, "ids": list(ids), "more": name in self._more} for name, ids in self._hints.items()]
        self._hints, self._more = {}, set()
        return taken

    def take_signals(self) -> list[str]:
        taken, self._signals = self._signals, []
        return taken


class Hub:
    """Listens to every topic of this installation and passes each hint to the streams of its topic.

    One pattern instead of a subscription per topic: no hint is lost between a stream's begin and its subscription.
    """

    def __init__(self, url: str, *, pattern: str) -> None:
        self.streams: set[Stream] = set()
        self.away = True
        self._url = url
        self._pattern = pattern
        self._prefix = pattern.removesuffix("*")
        self._by_topic: dict[str, set[Stream]] = {}
        self._ended: dict[str, float] = {}  # topics whose older tokens no longer count, and since when
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._listen_for_ever())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for stream in list(self.streams):
            stream.leave()

    def add(self, stream: Stream) -> None:
        self.streams.add(stream)
        for topic in stream.topics:
            self._by_topic.setdefault(topic, set()).add(stream)

    def remove(self, stream: Stream) -> None:
        self.streams.discard(stream)
        for topic in stream.topics:
            listeners = self._by_topic.get(topic, set())
            listeners.discard(stream)
            if not listeners:
                self._by_topic.pop(topic, None)

    def counts(self, token: live.LiveToken) -> bool:
        """Whether nothing happened since it was signed that took rights from its person."""
        return all(token.signed_at > self._ended.get(topic, 0.0) for topic in token.topics)

    def _end_tokens(self, topic: str) -> None:
        now = time.time()
        if len(self._ended) >= MAX_ENDED:
            oldest = now - live.LIFETIME.total_seconds()
            self._ended = {name: at for name, at in self._ended.items() if at > oldest}
        self._ended[topic] = now
        for stream in self._by_topic.get(topic, ()):
            stream.over = True

    def deliver(self, channel: str, data: bytes) -> None:
        """One hint for everybody who listens to its topic."""
        topic = channel.removeprefix(self._prefix)
        listeners = self._by_topic.get(topic, set())
        if not listeners and not topic.startswith(PERSONAL):
            return
        try:
            hint = json.loads(data)
            name, ids, more = str(hint["name"]), [str(pk) for pk in hint["ids"]], bool(hint.get("more"))
        except (ValueError, KeyError, TypeError):
            logger.warning("an unreadable hint was dropped")
            return
        if name == live.ACCESS:
            self._end_tokens(topic)
        for stream in listeners:
            stream.hint(name, ids, more=more)

    async def _listen_for_ever(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                await self._listen()
            except (RedisError, OSError, TimeoutError) as error:
                if not self.away:
                    logger.warning("Valkey is away (%s); pages look for themselves", type(error).__name__)
                    wait = FIRST_WAIT
                self._set_away(True)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _listen(self) -> None:
        """Until the connection dies. The client's own reconnecting is off: it would hide that hints were lost."""
        client = Redis.from_url(self._url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=2, socket_timeout=None)
        loop = asyncio.get_running_loop()
        try:
            async with client.pubsub() as pubsub:
                async with asyncio.timeout(5):
                    await pubsub.psubscribe(f"{self._pattern}")
                heard = loop.time()
                while True:
                    message = await pubsub.get_message(timeout=PING_SECONDS)
                    if message is not None:
                        heard = loop.time()
                        self._take(message)
                    elif loop.time() - heard > SILENCE_SECONDS:
                        raise TimeoutError
                    else:
                        await pubsub.ping()
        finally:
            with contextlib.suppress(RedisError, OSError):
                await client.aclose()

    def _take(self, message: dict[str, bytes | str]) -> None:
        if message["type"] == "psubscribe":
            self._set_away(False)
        elif message["type"] == "pmessage":
            channel, data = message["channel"], message["data"]
            self.deliver(
                channel.decode() if isinstance(channel, bytes) else channel,
                data if isinstance(data, bytes) else data.encode(),
            )

    def _set_away(self, away: bool) -> None:
        if away == self.away:
            return
        self.away = away
        for stream in self.streams:
            stream.signal("away" if away else "back")
