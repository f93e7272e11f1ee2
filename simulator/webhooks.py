"""Signed webhooks: queued in lanes, posted in batches, retried with growing waits."""

import asyncio
import hashlib
import hmac
import json
import logging
import time
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from simulator.faults import Fault, Faults
from simulator.ids import Ids
from simulator.options import Options
from simulator.store import Store
from simulator.world import App, Number, Waba, World

_LANES = 4
_TIMEOUT = aiohttp.ClientTimeout(total=10)
_LONGEST_WAIT_SECONDS = 60.0
_LOG_LENGTH = 5000
log = logging.getLogger("simulator.webhooks")

# Fields that a callback override of an account or number may redirect; the rest always goes to the app's URL.
_OVERRIDABLE = {"messages", "message_echoes", "calls", "smb_message_echoes", "smb_app_state_sync", "history"}


def sign(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass
class Event:
    """One change on its way. `order` keeps the changes of one chat behind each other; `answer` tells the outcome."""

    waba: Waba
    change: dict[str, Any]
    where: str = "webhook"
    number: Number | None = None
    person: str | None = None
    order: str = ""
    entry_time: int | None = None
    answer: "asyncio.Future[int | None] | None" = None


@dataclass
class Delivery:
    """One body for one URL. Kept as it is over all attempts."""

    id: str
    app_id: str
    url: str
    body: str
    attempt: int = 0
    events: list[Event] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For the record: enough to try again after a restart."""
        return {"id": self.id, "app_id": self.app_id, "url": self.url, "body": self.body, "attempt": self.attempt}


class Webhooks:
    """Everything that goes from the platform to apps."""

    def __init__(
        self, *, world: World, options: Options, faults: Faults, ids: Ids, store: Store, default_url: str | None
    ) -> None:
        self._world, self._options, self._faults = world, options, faults
        self._ids, self._store, self._default_url = ids, store, default_url
        self.log: deque[dict[str, Any]] = deque(maxlen=_LOG_LENGTH)
        self._logged = 0
        self._clear()

    def _clear(self) -> None:
        self._lanes: dict[tuple[str, str, int], deque[Event]] = {}
        self._held: dict[str, list[Event]] = {}
        self._waiting: dict[str, Delivery] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.TimerHandle] = set()

    async def start(self) -> None:
        """Open the client and take up what an earlier process could not deliver."""
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT, connector=aiohttp.TCPConnector(limit=32))
        for _, row in self._store.load("deliveries"):
            self._retry(Delivery(**row))

    async def stop(self) -> None:
        """Stop posting; what was not delivered stands in the record for the next start."""
        self._halt()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for (url, app_id, _), lane in self._lanes.items():
            if lane:
                self._keep(self._pack(url, app_id, list(lane)))
        for held in self._held.values():
            for event in held:
                if target := self._target(event):
                    self._keep(self._pack(target[0], target[1].id, [event]))
        await self._session.close()

    def reset(self) -> None:
        """Forget everything that is on its way, and the log."""
        self._halt()
        self._clear()
        self.log.clear()
        self._store.clear("deliveries")

    def emit(self, event: Event) -> bool:
        """Send a change to whoever is subscribed; False when nobody is."""
        if self._target(event) is None:
            if event.answer and not event.answer.done():
                event.answer.set_result(None)
            return False
        faults = self._faults.strike(
            event.where, number=event.number.id if event.number else None, person=event.person, refusing=False
        )
        self._route(event, faults)
        return True

    def pending(self) -> int:
        """Changes and bodies that were not answered with 200 yet."""
        lanes = sum(len(lane) for lane in self._lanes.values()) + sum(len(held) for held in self._held.values())
        return lanes + len(self._waiting) + len(self._tasks)

    async def handshake(self, url: str, *, verify_token: str) -> bool:
        """Ask a callback to prove that it is expected to be called."""
        challenge = self._ids.digits(10)
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        try:
            async with self._session.get(url, params=query) as response:
                return response.status == 200 and await response.text() == challenge
        except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
            return False

    def _route(self, event: Event, faults: list[Fault]) -> None:
        for fault in faults:
            if fault.kind == "drop":
                return
            if fault.kind == "reorder":
                self._hold(event, fault)
                return
        copies = max([fault.copies for fault in faults if fault.kind == "double"], default=1)
        delay = sum(fault.ms for fault in faults if fault.kind == "delay") / 1000
        lost = any(fault.kind == "drop_after_accept" for fault in faults)
        if delay:
            self._later(delay, lambda: self._fan_out(event, copies, lost))
        else:
            self._fan_out(event, copies, lost)

    def _fan_out(self, event: Event, copies: int, lost: bool) -> None:
        if copies > 1 or lost:  # each in a POST of its own, as the platform's retries are
            for copy in range(copies):
                self._post_alone(event, lost=lost and copy == 0)
        else:
            self._queue(event)

    def _hold(self, event: Event, fault: Fault) -> None:
        held = self._held.setdefault(fault.id, [])
        held.append(event)
        if len(held) == 1:
            self._later(fault.ms / 1000, lambda: self._release(fault.id))

    def _release(self, fault_id: str) -> None:
        held = self._held.pop(fault_id, [])
        mixed = list(held)
        self._ids.random.shuffle(mixed)
        if mixed == held:
            mixed.reverse()
        lane = f"reorder:{fault_id}"
        for event in mixed:
            event.order = lane
            self._queue(event)

    def _post_alone(self, event: Event, *, lost: bool) -> None:
        if target := self._target(event):
            delivery = self._pack(target[0], target[1].id, [event])
            self._spawn(self._deliver(delivery, lost=lost))

    def _queue(self, event: Event) -> None:
        target = self._target(event)
        if target is None:
            return
        order = event.order or f"{event.number.id if event.number else ''}:{event.person}"
        key = (target[0], target[1].id, zlib.crc32(order.encode()) % _LANES)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = deque()
            self._spawn(self._drive(key, lane))
        lane.append(event)

    async def _drive(self, key: tuple[str, str, int], lane: deque[Event]) -> None:
        """Post what waits in a lane, as many at once as wait, until it is empty."""
        await asyncio.sleep(0)
        while lane:
            limit = max(self._options.webhook_batch, 1)
            events = [lane.popleft() for _ in range(min(limit, len(lane)))]
            delivery = self._pack(key[0], key[1], events)
            try:
                await self._deliver(delivery)
            except asyncio.CancelledError:
                self._keep(delivery)
                raise
        self._lanes.pop(key, None)

    async def _deliver(self, delivery: Delivery, *, lost: bool = False) -> None:
        status = await self._post(delivery)
        for event in delivery.events:
            if event.answer and not event.answer.done() and status == 200:
                event.answer.set_result(status)
        if status == 200 and not lost:
            if self._waiting.pop(delivery.id, None):
                self._store.drop("deliveries", delivery.id)
            return
        self._retry(delivery)

    def _retry(self, delivery: Delivery) -> None:
        if delivery.attempt >= self._options.webhook_attempts:
            log.warning("webhook given up app=%s attempts=%d", delivery.app_id, delivery.attempt)
            self._waiting.pop(delivery.id, None)
            self._store.drop("deliveries", delivery.id)
            for event in delivery.events:
                if event.answer and not event.answer.done():
                    event.answer.set_result(None)
            return
        self._keep(delivery)
        base = self._options.webhook_retry_ms / 1000
        wait = min(base * 2 ** min(max(delivery.attempt - 1, 0), 20), _LONGEST_WAIT_SECONDS)
        self._later(wait, lambda: self._spawn(self._deliver(delivery)))

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
            async with self._session.post(delivery.url, data=body, headers=headers) as response:
                await response.read()
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            error = type(failure).__name__
        took = int((time.time() - began) * 1000)
        self._logged += 1
        self.log.append(
            {
                "seq": self._logged,
                "delivery": delivery.id,
                "app_id": delivery.app_id,
                "url": delivery.url,
                "at": began,
                "attempt": delivery.attempt,
                "status": status,
                "error": error,
                "ms": took,
                "signature": signature,
                "body": delivery.body,
            }
        )
        changes = len(delivery.events)
        answer = status or error
        log.info(
            "webhook app=%s changes=%d try=%d answer=%s ms=%d",
            app.id if app else "",
            changes,
            delivery.attempt,
            answer,
            took,
        )
        return status

    def _pack(self, url: str, app_id: str, events: list[Event]) -> Delivery:
        entries: list[dict[str, Any]] = []
        for event in events:
            if not entries or entries[-1]["id"] != event.waba.id or event.entry_time:
                entries.append({"id": event.waba.id, "changes": []})
                if event.entry_time:
                    entries[-1]["time"] = event.entry_time
            entries[-1]["changes"].append(event.change)
        # json.dumps escapes everything beyond ASCII, and so does the platform: the signature is over these bytes.
        body = json.dumps({"object": "whatsapp_business_account", "entry": entries}, separators=(",", ":"))
        return Delivery(id=self._ids.digits(15), app_id=app_id, url=url, body=body, events=events)

    def _keep(self, delivery: Delivery) -> None:
        self._waiting[delivery.id] = delivery
        self._store.put("deliveries", delivery.id, delivery.as_dict)

    def _target(self, event: Event) -> tuple[str, App] | None:
        app = self._world.apps.get(event.waba.app_id)
        if app is None or not event.waba.subscribed:
            return None
        url = app.webhook_url or self._default_url
        if event.change.get("field") in _OVERRIDABLE:
            url = (event.number.override_url if event.number else None) or event.waba.override_url or url
        return (url, app) if url else None

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _later(self, seconds: float, action: Any) -> None:
        def run() -> None:
            self._timers.discard(timer)
            action()

        timer = asyncio.get_running_loop().call_later(seconds, run)
        self._timers.add(timer)

    def _halt(self) -> None:
        for timer in self._timers:
            timer.cancel()
        for task in self._tasks:
            task.cancel()
