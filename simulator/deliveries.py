"""Signed bodies on their way to apps: posted, logged, and retried with growing waits."""

import asyncio
import hashlib
import hmac
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from simulator.options import Options
from simulator.store import Store
from simulator.world import World

_TIMEOUT = aiohttp.ClientTimeout(total=10)
_LONGEST_WAIT_SECONDS = 60.0
_LOG_LENGTH = 5000
Answer = asyncio.Future[int | None]
log = logging.getLogger("simulator.webhooks")


def sign(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def settle(answer: Answer | None, status: int | None) -> None:
    """Tell whoever waits how it ended."""
    if answer is not None and not answer.done():
        answer.set_result(status)


@dataclass
class Delivery:
    """One body for one URL, the same over all attempts."""

    id: str
    app_id: str
    url: str
    body: str
    changes: int = 1
    attempt: int = 0
    answers: list[Answer] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For the record: enough to try again after a restart."""
        names = ("id", "app_id", "url", "body", "changes", "attempt")
        return {name: getattr(self, name) for name in names}


class Errands:
    """Tasks and timers that end together."""

    def __init__(self) -> None:
        self.tasks: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.TimerHandle] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something after a while."""

        def run() -> None:
            self._timers.discard(timer)
            action()

        timer = asyncio.get_running_loop().call_later(seconds, run)
        self._timers.add(timer)

    def halt(self) -> None:
        """End everything."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        for task in self.tasks:
            task.cancel()


class Postman:
    """Posts deliveries until each was answered with 200 or given up."""

    def __init__(self, *, world: World, options: Options, store: Store, errands: Errands) -> None:
        self._world, self._options, self._store, self._errands = world, options, store, errands
        self.log: deque[dict[str, Any]] = deque(maxlen=_LOG_LENGTH)
        self.waiting: dict[str, Delivery] = {}
        self._logged = 0

    async def start(self) -> None:
        """Open the client and take up what an earlier process could not deliver."""
        self.session = aiohttp.ClientSession(timeout=_TIMEOUT, connector=aiohttp.TCPConnector(limit=32))
        for _, row in self._store.load("deliveries"):
            delivery = Delivery(**row)
            self.waiting[delivery.id] = delivery
            self._errands.spawn(self.deliver(delivery))

    def clear(self) -> None:
        """Forget what waits, and the log."""
        self.waiting.clear()
        self.log.clear()
        self._store.clear("deliveries")

    def keep(self, delivery: Delivery) -> None:
        """Record a delivery that was not acknowledged yet."""
        self.waiting[delivery.id] = delivery
        self._store.put("deliveries", delivery.id, delivery.as_dict)

    async def deliver(self, delivery: Delivery, *, lost: bool = False) -> None:
        """Post once; retry later unless acknowledged. lost  the acknowledgement does not reach us."""
        status = await self._post(delivery)
        if status != 200 or lost:
            self._retry(delivery)
            return
        for answer in delivery.answers:
            settle(answer, status)
        self._forget(delivery)

    def _forget(self, delivery: Delivery) -> None:
        if self.waiting.pop(delivery.id, None):
            self._store.drop("deliveries", delivery.id)

    def _retry(self, delivery: Delivery) -> None:
        if delivery.attempt >= self._options.webhook_attempts:
            log.warning("webhook given up app=%s tries=%d", delivery.app_id, delivery.attempt)
            self._forget(delivery)
            for answer in delivery.answers:
                settle(answer, None)
            return
        self.keep(delivery)
        base = self._options.webhook_retry_ms / 1000
        wait = min(base * 2 ** min(max(delivery.attempt - 1, 0), 20), _LONGEST_WAIT_SECONDS)
        self._errands.later(wait, lambda: self._errands.spawn(self.deliver(delivery)))

    async def _post(self, delivery: Delivery) -> int | None:
        delivery.attempt += 1
        app = self._world.apps.get(delivery.app_id)
        body = delivery.body.encode()
        signature = sign(app.secret if app else "", body)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": signature,
        }
        began, status, error = time.time(), None, None
        try:
            async with self.session.post(delivery.url, data=body, headers=headers) as response:
                await response.read()
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            error = type(failure).__name__
        took = int((time.time() - began) * 1000)
        self._note(delivery, began=began, status=status, error=error, took=took, signature=signature)
        return status

    def _note(
        self, delivery: Delivery, *, began: float, status: int | None, error: str | None, took: int, signature: str
    ) -> None:
        self._logged += 1
        entry = delivery.as_dict()
        entry |= {"delivery": entry.pop("id"), "seq": self._logged, "at": began, "status": status}
        self.log.append({**entry, "error": error, "ms": took, "signature": signature})
        line = "webhook app=%s changes=%d try=%d answer=%s ms=%d"
        log.info(line, delivery.app_id, delivery.changes, delivery.attempt, status or error, took)
