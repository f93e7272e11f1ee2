"""Marks messages SENDING in group commits, just before their bytes leave."""

import asyncio
from uuid import UUID

from conversations.services.sender.database import PASSING, Database
from conversations.services.sender.lease import Lease

GROUP_SECONDS = 0.015

# Repeated after a lost connection, it finds those that it marked itself: 30 with our epoch has not left yet.
MARK = """
UPDATE conversations_message
SET status = 30, sending_at = clock_timestamp(), attempts = attempts + (status = 20)::int
WHERE id = ANY(%(ids)s) AND sender_epoch = %(epoch)s AND status IN (20, 30)
RETURNING id
"""
INSIST_SECONDS = 5.0


class Marker:
    """Collects the messages that are about to leave and marks them together."""

    def __init__(self, database: Database, lease: Lease) -> None:
        self._database = database
        self._lease = lease
        self._waiting: list[tuple[UUID, asyncio.Future[bool]]] = []
        self._some = asyncio.Event()
        self.unmarked: list[UUID] = []  # the database was away: they were told to stay

    async def mark(self, message_id: UUID) -> bool:
        """Whether the message is still ours to send; then it is marked and may leave at once."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((message_id, answer))
        self._some.set()
        return await answer

    async def work(self) -> None:
        """Mark whatever gathers, one group every few milliseconds; runs until it is cancelled."""
        while True:
            await self._some.wait()
            self._some.clear()
            batch, self._waiting = self._waiting, []
            await self._mark(batch)
            await asyncio.sleep(GROUP_SECONDS)

    async def _mark(self, batch: list[tuple[UUID, asyncio.Future[bool]]]) -> None:
        params = self._lease.params | {"ids": [message_id for message_id, _ in batch]}
        try:
            rows = await self._database.run(self._lease.schema_name, MARK, params, insist=INSIST_SECONDS)
        except PASSING:
            rows = []
            self.unmarked += params["ids"]
        ours = {row[0] for row in rows}
        for message_id, answer in batch:
            if not answer.done():
                answer.set_result(message_id in ours)
