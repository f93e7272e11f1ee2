"""Webhooks to apps: which URL hears a change, behind which others, and what faults do to it on the way."""

import asyncio
import json
import zlib
from collections import deque
from dataclasses import dataclass
from typing import Any

import aiohttp

from simulator.deliveries import Answer, Delivery, Errands, Postman, settle
from simulator.faults import Fault, Faults
from simulator.ids import Ids
from simulator.options import Options
from simulator.store import Store
from simulator.world import App, Number, Waba, World

_LANES = 4
# Fields that a callback override of an account or number may redirect; the rest always goes to the app's URL.
_OVERRIDABLE = {"messages", "message_echoes", "calls", "smb_message_echoes", "smb_app_state_sync", "history"}
_OVERRIDABLE |= {"group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update"}
_OVERRIDABLE |= {"consumer_profile", "messaging_handovers", "account_settings_update"}


@dataclass
class Event:
    """One change on its way.

    order     keeps the changes of one chat behind each other
    answer    tells the outcome
    entry_id  stands in the entry instead of the account's id
    always    goes out whether or not the app subscribed to the account
    """

    waba: Waba
    change: dict[str, Any]
    where: str = "webhook"
    number: Number | None = None
    person: str | None = None
    order: str = ""
    entry_time: int | None = None
    entry_id: str | None = None
    always: bool = False
    answer: Answer | None = None


class Webhooks:
    """Everything that goes from the platform to apps."""

    def __init__(
        self, *, world: World, options: Options, faults: Faults, ids: Ids, store: Store, default_url: str | None
    ) -> None:
        self._world, self._options, self._faults = world, options, faults
        self._ids, self._default_url = ids, default_url
        self._errands = Errands()
        self._postman = Postman(world=world, options=options, store=store, errands=self._errands)
        self._lanes: dict[tuple[str, str, int], deque[Event]] = {}
        self._held: dict[str, list[Event]] = {}

    @property
    def log(self) -> deque[dict[str, Any]]:
        """The latest posts with their answers."""
        return self._postman.log

    async def start(self) -> None:
        """Open the client and take up what an earlier process could not deliver."""
        await self._postman.start()

    async def stop(self) -> None:
        """Stop posting; what was not delivered stands in the record for the next start."""
        self._errands.halt()
        await asyncio.gather(*self._errands.tasks, return_exceptions=True)
        for (url, app_id, _), lane in self._lanes.items():
            if lane:
                self._postman.keep(self._pack(url, app_id, list(lane)))
        for held in self._held.values():
            for event in held:
                if target := self._target(event):
                    self._postman.keep(self._pack(target[0], target[1].id, [event]))
        await self._postman.session.close()

    def reset(self) -> None:
        """Forget everything that is on its way, and the log."""
        self._errands.halt()
        self._lanes, self._held = {}, {}
        self._postman.clear()

    def emit(self, event: Event) -> bool:
        """Send a change to whoever is subscribed; False when nobody is."""
        if self._target(event) is None:
            settle(event.answer, None)
            return False
        faults = self._faults.strike(
            event.where,
            number=event.number.id if event.number else None,
            person=event.person,
            status=_status_of(event),
            refusing=False,
        )
        self._route(event, faults)
        return True

    def pending(self) -> int:
        """Changes and bodies that were not answered with 200 yet."""
        lanes = sum(len(lane) for lane in self._lanes.values()) + sum(len(held) for held in self._held.values())
        return lanes + len(self._postman.waiting) + len(self._errands.tasks)

    async def handshake(self, url: str, *, verify_token: str) -> bool:
        """Ask a callback to prove that it is expected to be called."""
        challenge = self._ids.digits(10, "challenges")
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        try:
            async with self._postman.session.get(url, params=query) as response:
                return response.status == 200 and await response.text() == challenge
        except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
            return False

    def _route(self, event: Event, faults: list[Fault]) -> None:
        for fault in faults:
            if fault.kind == "drop":
                settle(event.answer, None)
                return
            if fault.kind in ("reorder", "outage"):
                self._hold(event, fault)
                return
        copies = max([fault.copies for fault in faults if fault.kind == "double"], default=1)
        delay = sum(fault.ms for fault in faults if fault.kind == "delay") / 1000
        lost = any(fault.kind == "drop_after_accept" for fault in faults)
        if delay:
            self._errands.later(delay, lambda: self._fan_out(event, copies, lost))
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
            self._errands.later(fault.ms / 1000, lambda: self._release(fault))

    def _release(self, fault: Fault) -> None:
        """Let go of what was held: mixed, or after an outage in order and all at once."""
        held = self._held.pop(fault.id, [])
        if fault.kind == "outage":
            for event in held:
                self._queue(event)
            return
        mixed = list(held)
        self._ids.stream("mixing").shuffle(mixed)
        if mixed == held:
            mixed.reverse()
        lane = f"reorder:{fault.id}"
        for event in mixed:
            event.order = lane
            self._queue(event)

    def _post_alone(self, event: Event, *, lost: bool) -> None:
        if target := self._target(event):
            delivery = self._pack(target[0], target[1].id, [event])
            self._errands.spawn(self._postman.deliver(delivery, lost=lost))

    def _queue(self, event: Event) -> None:
        target = self._target(event)
        if target is None:
            return
        order = event.order or f"{event.number.id if event.number else ''}:{event.person}"
        key = (target[0], target[1].id, zlib.crc32(order.encode()) % _LANES)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = deque()
            self._errands.spawn(self._drive(key, lane))
        lane.append(event)

    async def _drive(self, key: tuple[str, str, int], lane: deque[Event]) -> None:
        """Post what waits in a lane, as many at once as wait, until it is empty."""
        await asyncio.sleep(0)
        while lane:
            limit = max(self._options.webhook_batch, 1)
            events = [lane.popleft() for _ in range(min(limit, len(lane)))]
            delivery = self._pack(key[0], key[1], events)
            try:
                await self._postman.deliver(delivery)
            except asyncio.CancelledError:
                self._postman.keep(delivery)
                raise
        self._lanes.pop(key, None)

    def _pack(self, url: str, app_id: str, events: list[Event]) -> Delivery:
        entries: list[dict[str, Any]] = []
        for event in events:
            entry_id = event.entry_id or event.waba.id
            if not entries or entries[-1]["id"] != entry_id or event.entry_time:
                entries.append({"id": entry_id, "changes": []})
                if event.entry_time:
                    entries[-1]["time"] = event.entry_time
            entries[-1]["changes"].append(event.change)
        # json.dumps escapes everything beyond ASCII, and so does the platform: the signature is over these bytes.
        body = json.dumps({"object": "whatsapp_business_account", "entry": entries}, separators=(",", ":"))
        return Delivery(
            id=self._ids.digits(15, "deliveries"),
            app_id=app_id,
            url=url,
            body=body,
            changes=len(events),
            answers=[e.answer for e in events if e.answer],
        )

    def _target(self, event: Event) -> tuple[str, App] | None:
        app = self._world.apps.get(event.waba.app_id)
        if app is None or not (event.waba.subscribed or event.always):
            return None
        url = app.webhook_url or self._default_url
        if event.change.get("field") in _OVERRIDABLE:
            url = (event.number.override_url if event.number else None) or event.waba.override_url or url
        return (url, app) if url else None


def _status_of(event: Event) -> str | None:
    """Which status a change tells, if it tells one."""
    listed = event.change.get("value", {}).get("statuses") if event.where == "status" else None
    return listed[0].get("status") if listed else None
