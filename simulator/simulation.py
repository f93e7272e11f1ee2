"""The one object that holds a running simulator together."""

import asyncio
import json
import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from aiohttp import web

from simulator.budgets import Budgets
from simulator.chats import Chats, Message, group_chat
from simulator.codes import Codes
from simulator.faults import Faults
from simulator.history import file_history
from simulator.ids import Ids
from simulator.live import Live
from simulator.media import MediaShelf
from simulator.options import Options
from simulator.scenes import Stage
from simulator.settings import Settings
from simulator.store import Store
from simulator.uploads import Session
from simulator.webhooks import Webhooks
from simulator.world import Number, Person, Thing, Waba, World, as_dict

log = logging.getLogger("simulator")
_RATES = Path(__file__).parent / "rates.json"
_BESIDE = ("history", "options", "rates")  # parts of a world document that are not things


class Simulation:
    """World, chats, faults, options and everything that moves between them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.data)
        boots = next((row["count"] for _, row in self.store.load("boots")), 0)
        self.store.put("boots", "boots", lambda: {"count": boots + 1})
        self.ids = Ids(seed=settings.seed, boot=boots)
        self.options = Options()
        self.world = World(self.ids)
        self.chats = Chats()
        self.budgets = Budgets()
        self.live = Live()
        self.stage = Stage()
        self.faults = Faults(self.ids.random)
        self.media = MediaShelf(self.store, self.ids)
        self.webhooks = Webhooks(
            world=self.world,
            options=self.options,
            faults=self.faults,
            ids=self.ids,
            store=self.store,
            default_url=settings.webhook_url,
        )
        self.codes = Codes(self.ids)
        self.rates: dict[str, Any] = json.loads(_RATES.read_text("utf-8"))
        self.uploads: dict[str, Session] = {}
        self.calls: dict[str, Any] = {}
        self.usage: dict[str, deque[float]] = defaultdict(deque)
        self._timers: set[asyncio.TimerHandle] = set()
        self._load()

    def _load(self) -> None:
        recorded: dict[str, Any] = {}
        for kind in self.world.document():
            recorded[kind] = [row for _, row in self.store.load(kind)]
        self.world.merge(recorded)
        for _, row in self.store.load("options"):
            self.options.update(row)
        for _, row in self.store.load("rates"):
            self.rates |= row
        known = {f.name for f in fields(Message)}
        rows = [row for _, row in self.store.load("messages")]
        for row in sorted(rows, key=lambda row: int(row["seq"])):
            message = Message(**{name: value for name, value in row.items() if name in known})
            self.chats.add(message)
            if message.pricing and "delivered" in message.times and message.category == "service":
                self.chats.count_service(message.number_id, message.times["delivered"])
        self._take_in_file()

    def _take_in_file(self) -> None:
        if self.settings.world is not None:
            self.take_in(json.loads(self.settings.world.read_text("utf-8")))

    def take_in(self, data: dict[str, Any]) -> list[Thing]:
        """Merge a world document and record it.

        Its `history` is filed into the chats, its `options` are set, its `rates` replace those of their currency.

        Raises  WorldError, OptionError
        """
        things = self.world.merge({kind: items for kind, items in data.items() if kind not in _BESIDE})
        self.options.update(data.get("options", {}))
        if data.get("rates"):
            self.rates |= data["rates"]
            self.store.put("rates", "rates", lambda: self.rates)
        for thing in things:
            self.keep(thing)
        file_history(self, data.get("history", []))
        return things

    def keep(self, thing: Thing) -> None:
        """Record a thing of the world as it is at the next flush."""
        key = thing.key if isinstance(thing, Person) else thing.id
        self.store.put(thing.KIND, key, lambda: as_dict(thing))

    def keep_message(self, message: Message) -> None:
        """Record a message, and show it to whoever looks at its chat."""
        self.store.put("messages", message.wamid, message.as_dict)
        if message.group_id is not None:
            self.live.tell(message.number_id, group_chat(message.group_id))
        elif message.person is not None:
            self.live.tell(message.number_id, message.person)

    def waba_of(self, number: Number) -> Waba:
        """The account that a number belongs to."""
        return self.world.wabas[number.waba_id]

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something after a while, unless the simulator is reset or stops before."""

        def run() -> None:
            self._timers.discard(timer)
            action()

        timer = asyncio.get_running_loop().call_later(seconds, run)
        self._timers.add(timer)

    def reset(self, *, world: bool, seed: int | None = None) -> None:
        """Forget chats, webhooks, faults and options; with `world` also who exists, except the world file.

        seed  ids and chances begin again from this one
        """
        if seed is not None:
            self.ids.begin(seed)
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self.webhooks.reset()
        self.stage.clear()
        self.faults.clear()
        self.options.update(Options().as_dict())
        self.chats.clear()
        self.codes.issued.clear()
        self.uploads.clear()
        self.calls.clear()
        self.usage.clear()
        self.budgets.clear()
        self.media.clear()
        self.store.clear("messages", "options")
        for waba in self.world.wabas.values():
            waba.revoked = False
            self.keep(waba)
        if world:
            self.store.clear(*self.world.document())
            self.world.clear()
            self._take_in_file()
        self.live.tell_all()

    async def start(self) -> None:
        """Open connections and go on where an earlier process stopped."""
        self.store.start()
        await self.webhooks.start()

    async def stop(self) -> None:
        """Close streams and connections, write the record."""
        for timer in self._timers:
            timer.cancel()
        self.stage.stop()
        self.live.close()
        await self.webhooks.stop()
        await self.store.stop()


SIMULATION = web.AppKey("simulation", Simulation)


def of(request: web.Request) -> Simulation:
    """The simulation behind a request."""
    return request.app[SIMULATION]


def now() -> float:
    """The platform's clock."""
    return time.time()
