"""Writes outcomes down in bulk, with the facts and hints that go with them."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg

from conversations.services.sender.database import Database
from conversations.services.sender.lease import Lease
from conversations.services.sender.news import News

GROUP_SECONDS = 0.03
INSIST_SECONDS = 60.0  # the database may restart; what the platform said must not be forgotten

# Only rows of our own claim. One that a new holder called UNKNOWN in the meantime is settled by what we know after all;
# a status that came before the answer is not pushed down.
RECORD = """
WITH news AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(statuses)s::int[], %(wamids)s::text[], %(codes)s::int[],
        %(details)s::text[], %(refusals)s::text[], %(waits)s::float8[], %(tries)s::int[])
        AS n (id, status, wamid, code, details, refusal, wait, tries)
), changed AS (
    UPDATE conversations_message AS m
    SET status = CASE WHEN n.status = 10 THEN 10 ELSE greatest(m.status, n.status) END,
        wamid = coalesce(m.wamid, n.wamid),
        claimed_at = CASE WHEN n.status = 10 THEN NULL ELSE m.claimed_at END,
        accepted_at = CASE WHEN n.status = 50 THEN coalesce(m.accepted_at, now()) ELSE m.accepted_at END,
        failed_at = CASE WHEN n.status = 70 THEN coalesce(m.failed_at, now()) ELSE m.failed_at END,
        not_before = CASE WHEN n.wait IS NOT NULL THEN now() + make_interval(secs => n.wait) END,
        attempts = greatest(m.attempts + n.tries, 0),
        error_code = CASE WHEN n.status <> 50 THEN coalesce(n.code, m.error_code)
                     WHEN m.status = 70 THEN m.error_code END,
        error_details = CASE WHEN n.status <> 50 THEN n.details WHEN m.status = 70 THEN m.error_details ELSE '' END,
        refusal = n.refusal
    FROM news AS n
    WHERE m.id = n.id AND m.sender_epoch = %(epoch)s
      AND (m.status IN (20, 30, 40) OR (m.status > 40 AND n.status >= 40))
    RETURNING m.id, m.conversation_id, old.status AS before, m.status, m.error_code, m.refusal
), facts AS (
    INSERT INTO integrations_event (kind, object_id, conversation_id, data, at)
    SELECT 'message.status', id, conversation_id,
        jsonb_strip_nulls(jsonb_build_object(
            'status', CASE status WHEN 40 THEN 'unknown' WHEN 50 THEN 'accepted' ELSE 'failed' END,
            'error_code', CASE WHEN status = 70 THEN error_code END,
            'refusal', CASE WHEN status = 70 THEN nullif(refusal, '') END)),
        clock_timestamp()
    FROM changed WHERE status IN (40, 50, 70) AND before < status
)
SELECT id FROM changed;
UPDATE conversations_conversation SET version = version + 1
WHERE id IN (SELECT id FROM conversations_conversation WHERE id = ANY(%(conversations)s) FOR UPDATE SKIP LOCKED)
"""


class Recorder:
    """Collects outcomes and writes them together. ``written`` is called after each group with its conversations."""

    def __init__(self, database: Database, lease: Lease, *, written: Callable[[list[UUID]], None]) -> None:
        self._database = database
        self._lease = lease
        self._written = written
        self._waiting: list[News] = []
        self._busy = 0
        self._some = asyncio.Event()

    def add(self, news: News) -> None:
        self._waiting.append(news)
        self._some.set()

    @property
    def idle(self) -> bool:
        """Whether everything is written down."""
        return not self._waiting and not self._busy

    async def work(self) -> None:
        """Write whatever gathers; runs until it is cancelled."""
        while True:
            await self._some.wait()
            self._some.clear()
            batch, self._waiting = self._waiting, []
            self._busy = len(batch)
            await self._write(batch)
            self._busy = 0
            self._written([news.conversation_id for news in batch])
            await asyncio.sleep(GROUP_SECONDS)

    async def _write(self, batch: list[News]) -> None:
        try:
            await self._run(batch)
        except (psycopg.IntegrityError, psycopg.DataError):
            for news in batch:  # one row that does not fit is kept from the others
                await self._write_alone(news)

    async def _write_alone(self, news: News) -> None:
        try:
            await self._run([news])
        except (psycopg.IntegrityError, psycopg.DataError) as error:
            news.wamid, news.details = None, f"The answer could not be kept ({type(error).__name__})."
            await self._run([news])

    async def _run(self, batch: list[News]) -> None:
        params: dict[str, Any] = self._lease.params | {
            "ids": [news.id for news in batch],
            "statuses": [int(news.status) for news in batch],
            "wamids": [news.wamid for news in batch],
            "codes": [news.error_code for news in batch],
            "details": [news.details.replace("\x00", "")[:500] for news in batch],
            "refusals": [news.refusal for news in batch],
            "waits": [news.wait for news in batch],
            "tries": [news.tries for news in batch],
            "conversations": list({news.conversation_id for news in batch}),
        }
        await self._database.run(self._lease.schema_name, RECORD, params, insist=INSIST_SECONDS)
