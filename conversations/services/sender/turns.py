"""Begins and ends a turn in the work index: which marks it answers, and when the next turn is due."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from conversations.services.sender.database import Database
from conversations.services.sender.lease import RELEASE, Lease
from tenants import wake, work

STOPPED_SECONDS = 60.0  # a queue whose number is stopped is looked at again, in case nobody marks it
MEDIA_SECONDS = 0.5  # how soon to look again whether a file was delivered
UNKNOWN_SECONDS = 5.0  # and whether a status has settled an unknown one, which lets the next of its channel go
SOON_SECONDS = 30.0
INSIST_SECONDS = 5.0

MARKS = """
SELECT id FROM public.tenants_workmark
WHERE schema_name = %(schema)s AND kind = %(kind)s AND key = %(key)s AND due_at <= clock_timestamp()
"""
# When the first of the next thousand may leave: its own time, its channel's, that of the head of its channel, and for
# marketing the number's.
NEXT = """
SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
SELECT count(*), extract(epoch FROM min(greatest(m.not_before, c.not_before, head.not_before, now(),
        CASE WHEN m.purpose = 'marketing' THEN n.marketing_not_before END)) - now())::float8,
    (SELECT CASE state WHEN 'live' THEN extract(epoch FROM greatest(not_before, now()) - now())::float8 END
     FROM conversations_phonenumber WHERE id = %(number)s)
FROM (
    SELECT channel_id, not_before, purpose FROM conversations_message
    WHERE phone_number_id = %(number)s AND status = 10 ORDER BY priority, sequence LIMIT 1000
) AS m
JOIN conversations_phonenumber AS n ON n.id = %(number)s
JOIN conversations_channel AS c ON c.id = m.channel_id
LEFT JOIN LATERAL (
    SELECT CASE p.status WHEN 40 THEN least(p.not_before, now() + make_interval(secs => %(unknown)s))
           ELSE p.not_before END AS not_before
    FROM conversations_message AS p
    WHERE p.channel_id = m.channel_id AND p.status IN (10, 20, 30, 40) AND (p.status <> 40 OR p.not_before > now())
      AND (p.status <> 10 OR p.purpose <> 'marketing' OR coalesce(n.marketing_not_before <= now(), true))
    ORDER BY p.sequence LIMIT 1
) AS head ON true
"""
FINISH = (
    RELEASE
    + """;
DELETE FROM public.tenants_workmark WHERE id = ANY(%(marks)s);
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT %(schema)s, %(kind)s, %(key)s, clock_timestamp() + make_interval(secs => %(seconds)s)
WHERE %(seconds)s IS NOT NULL
"""
)
HOLD = """
UPDATE conversations_phonenumber
SET not_before = greatest(not_before, now() + make_interval(secs => %(seconds)s))
WHERE id = %(number)s AND sender_epoch = %(epoch)s
"""


@dataclass(slots=True)
class Turn:
    """One turn's place in the work index."""

    schema_name: str
    number_id: UUID
    marks: list[int]

    @property
    def params(self) -> dict[str, object]:
        return {"schema": self.schema_name, "kind": work.Kind.OUTBOUND.value, "key": str(self.number_id)}


async def begin(database: Database, *, schema_name: str, number_id: UUID) -> Turn:
    """Note which marks this turn answers: those that are there before it looks for work."""
    await asyncio.to_thread(wake.started, schema_name, work.Kind.OUTBOUND.value, str(number_id))
    turn = Turn(schema_name, number_id, [])
    turn.marks = [row[0] for row in await database.run(schema_name, MARKS, turn.params, insist=INSIST_SECONDS)]
    return turn


async def next_due(database: Database, lease: Lease) -> float | None:
    """Seconds until a waiting message may leave, None when nothing waits."""
    params = lease.params | {"unknown": UNKNOWN_SECONDS}
    [(waiting, seconds, number_seconds)] = await database.run(lease.schema_name, NEXT, params, insist=INSIST_SECONDS)
    if not waiting:
        return None
    if number_seconds is None:
        return STOPPED_SECONDS
    return max(float(seconds), float(number_seconds))


async def hold_number(database: Database, lease: Lease, *, seconds: float) -> None:
    """Let nothing leave from the number for so long, whoever holds the lease."""
    await database.run(lease.schema_name, HOLD, lease.params | {"seconds": seconds})


async def finish(database: Database, turn: Turn, lease: Lease, *, seconds: float | None) -> None:
    """Give the lease back and, when something waits, mark the next turn."""
    params = lease.params | turn.params | {"marks": turn.marks, "seconds": seconds}
    await database.run(lease.schema_name, FINISH, params, insist=INSIST_SECONDS)
    if seconds is not None and seconds < SOON_SECONDS:
        key = str(turn.number_id)
        await asyncio.to_thread(wake.later, turn.schema_name, work.Kind.OUTBOUND.value, key, seconds=seconds)
