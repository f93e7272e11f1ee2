"""One turn of one number: claims, paces, sends with rolling concurrency, records, and yields after a few seconds."""

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg

from conversations.models import Message
from conversations.services.sender import claims, effects, lease, news, preparing, turns
from conversations.services.sender.brakes import LONG_WAIT_SECONDS, MARKETING_PASS_SECONDS, Brakes
from conversations.services.sender.budgets import Budget
from conversations.services.sender.claims import Claimed
from conversations.services.sender.database import PASSING
from conversations.services.sender.lease import LeaseLost
from conversations.services.sender.marking import Marker
from conversations.services.sender.news import News
from conversations.services.sender.recording import Recorder
from conversations.services.sender.telling import Pages
from conversations.services.sender.unready import NotYet, Unfit
from conversations.services.sender.waiting import wait_for
from conversations.status import MessageStatus
from conversations.whatsapp.outcomes import Outcome

if TYPE_CHECKING:
    from conversations.services.sender.engine import Engine

logger = logging.getLogger(__name__)

TURN_SECONDS = 5.0
CLAIM_SECONDS = 0.5  # of budget: more is never claimed and not sent
POLL_SECONDS = 0.25
LINGER_SECONDS = 1.0
TICK_SECONDS = 0.005
FILE_WAIT_SECONDS = 1.0
URGENT = 20  # replies claimed beside a full buffer


class Drain:
    """Sends for one number until its queue is empty or its turn is over."""

    def __init__(self, process: "Engine", schema_name: str, number_id: UUID) -> None:
        self.process = process
        self.schema_name = schema_name
        self.number_id = number_id
        self.poked = False
        self.halted = False
        self._buffer: deque[Claimed] = deque()
        self._flying = 0
        self._changed = asyncio.Event()  # something was recorded, or new work was announced
        self._moved = asyncio.Event()  # the dispatcher may go on
        self._room = asyncio.Event()  # the feeder may claim more
        self._pages = Pages(schema_name)
        self._pause = 0.0
        self._idle = False  # the last look found nothing that may leave yet
        self._replied = False  # a reply has left since the last look
        self._urgent = False  # there may be replies to claim, however much of a broadcast is claimed already

    def poke(self) -> None:
        """There is new work."""
        self.poked = True
        self._hurry()

    async def run(self) -> None:
        """Take the number's lease and work; does nothing when another process has it."""
        database = self.process.database
        turn = await turns.begin(database, schema_name=self.schema_name, number_id=self.number_id)
        taken = await lease.take(database, schema_name=self.schema_name, number_id=self.number_id, me=self.process.id)
        if taken is None:
            return
        self._lease = taken
        self._now = asyncio.get_running_loop().time
        self._ends_at = self._now() + TURN_SECONDS
        self._budget: Budget = await self.process.budgets.of(database, taken, now=self._now())
        self._batch = max(1, int(taken.messages_per_second * CLAIM_SECONDS))
        self._marker = Marker(database, taken)
        self._recorder = Recorder(database, taken, written=self._written)
        self._pages.note(taken.orphaned)
        if not await self._work():
            return
        self.poked = False
        await claims.give_back_rest(database, taken, unmarked=self._marker.unmarked)
        seconds = await turns.next_due(database, taken)
        if seconds is not None:
            own = max(self._budget.number.wait(now=self._now()) - CLAIM_SECONDS, self._pause)
            seconds = max(seconds, own, turns.MEDIA_SECONDS if self._idle else 0.0)
        await turns.finish(database, turn, taken, seconds=seconds)
        await self._pages.tell()

    async def _work(self) -> bool:
        """Whether the turn came to a good end; otherwise the marks stay and bring another one."""
        ended = False
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                self._brakes = Brakes(self.process.database, self._lease, budget=self._budget, group=group)
                helpers = [
                    group.create_task(work) for work in (self._renew(), self._marker.work(), self._recorder.work())
                ]
                feeding = group.create_task(self._feed())
                await self._dispatch(feeding)
                await self._land()
                await _end(helpers)
                ended = True
        except* LeaseLost:
            logger.warning("another sender took over a number of %s", self.schema_name)
        except* psycopg.Error as errors:
            kinds = {type(error).__name__ for error in errors.exceptions}
            logger.warning("a turn of %s broke off: %s", self.schema_name, ", ".join(sorted(kinds)))
        return ended

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(lease.RENEW_SECONDS)
            received = await lease.renew(self.process.database, self._lease)
            self._budget.number.received(received, now=self._now())
            if self._lease.state != "live":
                self._halt()

    @property
    def _over(self) -> bool:
        return self.halted or self._pause > 0 or self._now() >= self._ends_at

    async def _feed(self) -> None:
        """Keep up to half a second of budget claimed; ends when nothing is left to wait for or the turn is over."""
        try:
            while not self._over:
                room = self._batch - len(self._buffer)
                full = room * 2 < self._batch
                if full and not self._urgent:
                    self._room.clear()
                    await wait_for(self._room, POLL_SECONDS)
                    continue
                self._changed.clear()
                self._urgent = False
                try:
                    found = await self._claim(room, full=full)
                except PASSING as away:  # what is under way gets its answers written down when it is back
                    logger.warning("no claims for %s: %s", self.schema_name, type(away).__name__)
                    return
                self._take_in(found)
                if full:
                    continue
                self._idle = not found
                if len(found) < room and not await self._more():
                    return
        finally:
            self._moved.set()

    async def _claim(self, room: int, *, full: bool) -> list[Claimed]:
        """The next messages; when enough are claimed already, only replies."""
        database = self.process.database
        if full:
            limit = min(self._batch, URGENT)
            return await claims.claim(database, self._lease, limit=limit, priority=Message.Priority.REPLY)
        return await claims.claim(database, self._lease, limit=room)

    def _hurry(self) -> None:
        """Look for replies now."""
        self._urgent = True
        self._changed.set()
        self._room.set()

    async def _more(self) -> bool:
        """Wait until there may be more to claim; False when this turn has nothing to wait for."""
        if self._buffer or self._flying or not self._recorder.idle:
            await wait_for(self._changed, POLL_SECONDS)
            return True
        seconds = await turns.next_due(self.process.database, self._lease)
        if seconds is None or self._changed.is_set():
            return self._changed.is_set()
        seconds = max(seconds, turns.MEDIA_SECONDS)
        if seconds > LINGER_SECONDS:
            return False
        await wait_for(self._changed, seconds)
        return True

    def _take_in(self, found: list[Claimed]) -> None:
        for claimed in found:
            refusal = claimed.refusal()
            if refusal:
                self._recorder.add(news.refused(claimed.id, claimed.conversation_id, refusal))
            elif claimed.file and claimed.file.state == "pending":
                self._again(claimed, wait=FILE_WAIT_SECONDS)
            elif wait := self._budget.pairs.wait(claimed.channel_id, now=self._now()):
                self._again(claimed, wait=wait)
            else:
                self._buffer.append(claimed)
        if found:
            # What came later may be a reply: it leaves before the broadcast that was claimed already.
            self._buffer = deque(sorted(self._buffer, key=lambda one: one.priority))
            self._moved.set()

    async def _dispatch(self, feeding: "asyncio.Task[None]") -> None:
        """Let messages go at the number's pace, as many under way at once as the process has room for."""
        number = self._budget.number
        while not self.halted:
            pause = number.wait(now=self._now())
            if pause > LONG_WAIT_SECONDS:
                self._pause = pause
                break
            places = self.process.share() - self._flying
            if not self._buffer or places <= 0:
                if feeding.done() and not self._buffer:
                    break
                self._moved.clear()
                await wait_for(self._moved, POLL_SECONDS)
                continue
            granted = number.take(min(len(self._buffer), places), now=self._now())
            for _ in range(granted):
                self._start(self._buffer.popleft())
            self._room.set()
            await asyncio.sleep(max(TICK_SECONDS, 0.0 if granted else pause))
        await self._empty(feeding)

    async def _empty(self, feeding: "asyncio.Task[None]") -> None:
        """Give back what was claimed and may not leave in this turn."""
        while not feeding.done():
            self._changed.set()
            self._room.set()
            await asyncio.wait({feeding}, timeout=POLL_SECONDS)
        left = [claimed.id for claimed in self._buffer]
        self._buffer.clear()
        await claims.give_back(self.process.database, self._lease, left)

    def _start(self, claimed: Claimed) -> None:
        if self._brakes.marketing_rests and claimed.purpose == "marketing":
            self._again(claimed, wait=MARKETING_PASS_SECONDS)
            return
        self._budget.pairs.take(claimed.channel_id, now=self._now())
        self._flying += 1
        self._group.create_task(self._send(claimed))

    async def _send(self, claimed: Claimed) -> None:
        try:
            await self._deliver(claimed)
        finally:
            self._flying -= 1
            self._moved.set()

    async def _deliver(self, claimed: Claimed) -> None:
        payload = await preparing.ready(self.process.database, self._lease, claimed, places=self.process.upload_places)
        if isinstance(payload, Unfit):
            unfit = news.refused(claimed.id, claimed.conversation_id, payload.refusal, details=payload.details)
            self._recorder.add(unfit)
            return
        if isinstance(payload, NotYet):
            self._again(claimed, wait=FILE_WAIT_SECONDS)
            return
        if not isinstance(payload, dict):
            self._settle(claimed, payload, before_leaving=True)
            return
        async with self.process.wire:
            if not await self._marker.mark(claimed.id):
                return
            if self.halted:
                self._again(claimed, tries=-1)
                return
            apart = self._lease.marketing_apart and claimed.is_marketing_template
            outcome = await self.process.client.send(self._lease.credentials, payload, marketing=apart)
        self._settle(claimed, outcome)

    def _settle(self, claimed: Claimed, outcome: Outcome, *, before_leaving: bool = False) -> None:
        told = news.of(outcome, id=claimed.id, conversation_id=claimed.conversation_id, tries=claimed.attempts + 1)
        if before_leaving:
            told.tries += 1
        self._brakes.apply(claimed, outcome, told, now=self._now())
        self._recorder.add(told)
        self._replied = self._replied or claimed.priority == Message.Priority.REPLY
        if effects.stops_number(outcome):
            if self.halted:
                return
            self._halt()
        self._group.create_task(effects.apply(self._lease, outcome, message_id=claimed.id))

    def _again(self, claimed: Claimed, *, wait: float | None = None, tries: int = 0) -> None:
        again = News(claimed.id, claimed.conversation_id, MessageStatus.QUEUED, wait=wait, tries=tries)
        self._recorder.add(again)

    def _halt(self) -> None:
        """Let nothing more leave in this turn."""
        self.halted = True
        self._changed.set()
        self._moved.set()
        self._room.set()

    async def _land(self) -> None:
        """Wait for every answer and until it is written down."""
        while self._flying or not self._recorder.idle:
            self._moved.clear()
            self._changed.clear()
            await wait_for(self._moved if self._flying else self._changed, TICK_SECONDS * 4)

    def _written(self, conversations: list[UUID]) -> None:
        self._changed.set()
        if self._replied:  # another reply of the same conversation may stand behind it
            self._replied = False
            self._hurry()
        self._pages.note(conversations)
        if self._pages.due(now=self._now()):
            self._group.create_task(self._pages.tell())


async def _end(helpers: "list[asyncio.Task[None]]") -> None:
    """Cancel until they have ended: a call that just loses its connection may answer with that and be tried again."""
    pending = set(helpers)
    while pending:
        for helper in pending:
            helper.cancel()
        _done, pending = await asyncio.wait(pending, timeout=POLL_SECONDS)
