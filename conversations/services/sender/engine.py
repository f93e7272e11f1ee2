"""The one event loop of this process that sends: its thread, HTTP session and database connections."""

import asyncio
import atexit
import logging
import os
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from uvloop import new_event_loop

from conversations.services.sender import receipts, uploads
from conversations.services.sender.budgets import Budgets
from conversations.services.sender.database import Database, conninfo
from conversations.services.sender.drain import Drain
from conversations.whatsapp.client import CONNECTIONS, GraphClient
from tenants import wake, work
from tenants.ids import uuid7

logger = logging.getLogger(__name__)

T = TypeVar("T")
LEAST_SHARE = 4
STOP_SECONDS = 5.0


class Engine:
    """What all drains of this process share."""

    def __init__(self, address: str) -> None:
        self.id = uuid7()
        self.address = address
        self.database = Database(address)
        self.client = GraphClient(connections=CONNECTIONS)
        self.budgets = Budgets()
        self._drains: dict[tuple[str, UUID], Drain] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._loop = new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._live, name="sender", daemon=True)
        self._thread.start()
        self._ready.wait()

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._open())
        self._ready.set()
        self._loop.run_forever()

    async def _open(self) -> None:
        # Never more requests than connections: a message marked SENDING does not wait for one.
        self.wire = asyncio.Semaphore(CONNECTIONS - 10)
        self.upload_places = asyncio.Semaphore(uploads.AT_ONCE)
        await self.client.__aenter__()
        await self.database.open()

    def submit(self, work: Callable[["Engine"], Awaitable[T]]) -> T:
        """Run work in the loop and wait for it here."""

        async def run() -> T:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101  we are inside it
            self._tasks.add(task)
            try:
                return await work(self)
            finally:
                self._tasks.discard(task)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    async def attend(self, schema_name: str, number_id: UUID) -> None:
        """Give a number its turn; when it has one already, that one hears that there is more."""
        key = (schema_name, number_id)
        if key in self._drains:
            self._drains[key].poke()
            # This wake-up is used: the end of the turn must be able to ask for another.
            await asyncio.to_thread(wake.started, schema_name, work.Kind.OUTBOUND.value, str(number_id))
            return
        drain = self._drains[key] = Drain(self, schema_name, number_id)
        try:
            await drain.run()
        finally:
            del self._drains[key]
        if drain.poked:  # too late for that turn to see it
            await asyncio.to_thread(wake.worker, schema_name, work.Kind.OUTBOUND.value, str(number_id))

    async def send_receipts(self, schema_name: str) -> None:
        await receipts.send(self.database, self.client, schema_name)

    def share(self) -> int:
        """How many requests one number may have under way, so that a slow one leaves room for the others."""
        return max(LEAST_SHARE, (CONNECTIONS - 10) // max(1, len(self._drains)))

    def stop(self) -> None:
        """End the loop and close every connection; what is under way stays for the next holder of each lease."""

        async def close() -> None:
            for task in list(self._tasks):
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=STOP_SECONDS / 2)
            await self.client.close()
            await self.database.close()

        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(close(), self._loop).result(STOP_SECONDS)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(STOP_SECONDS)


_lock = threading.Lock()
_engine: Engine | None = None
_owner = 0


def run(work: Callable[[Engine], Awaitable[T]]) -> T:
    """Run work in the loop of this process, which begins with the first call, and wait for its result."""
    return _of_this_process().submit(work)


def stop() -> None:
    """End the loop of this process; the next call begins a new one."""
    global _engine
    with _lock:
        if _engine is not None and _owner == os.getpid():
            _engine.stop()
        _engine = None


def _of_this_process() -> Engine:
    global _engine, _owner
    address = conninfo()
    with _lock:
        if _engine is not None and (_owner != os.getpid() or _engine.address != address):
            if _owner == os.getpid():
                _engine.stop()
            _engine = None
        if _engine is None:
            _engine, _owner = Engine(address), os.getpid()
        return _engine


atexit.register(stop)
