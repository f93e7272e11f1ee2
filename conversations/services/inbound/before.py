"""What was said just before the messages of a batch, for those whose meaning may lie there. One query, often none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from conversations.detectors.following import may_follow
from conversations.detectors.parts import IN_PARTS_WITHIN, REMEMBERED
from tenants import bulk

ANSWERS_WITHIN = timedelta(hours=12)
SAID = """
SELECT asked.id, said.id, said.conversation_id, said.direction, said.body, said.at,
    said.participant_id
FROM json_to_recordset(%s::json) AS asked (id uuid, channel_id uuid, at timestamptz)
CROSS JOIN LATERAL (
    SELECT m.id, m.conversation_id, m.direction, m.body, m.at, m.sequence, m.participant_id
    FROM conversations_message AS m
    WHERE m.channel_id = asked.channel_id AND m.id <> asked.id
      AND m.at <= asked.at AND m.at > asked.at - make_interval(secs => %s)
    ORDER BY m.at DESC, m.sequence DESC LIMIT %s
) AS said
ORDER BY asked.id, said.at, said.sequence
"""


@dataclass(frozen=True, slots=True)
class Said:
    """One message before; ``row`` where it comes in the same batch and is not written yet."""

    id: UUID
    conversation_id: UUID
    direction: str
    body: str
    at: datetime
    participant_id: UUID | None = None
    row: bulk.Row | None = None


def of(rows: Sequence[bulk.Row]) -> dict[UUID, list[Said]]:
    """By message what stood before it in its thread, the newest last, where that may matter."""
    wanted = [row for row in rows if row["body"] and may_follow(row["body"])]
    if not wanted:
        return {}
    asked = [{name: row[name] for name in ("id", "channel_id", "at")} for row in wanted]
    found: dict[UUID, list[Said]] = {row["id"]: [] for row in wanted}
    with connection.cursor() as cursor:
        cursor.execute(SAID, [bulk.dump(asked), ANSWERS_WITHIN.total_seconds(), REMEMBERED])
        for asked_id, *said in cursor.fetchall():
            found[asked_id].append(Said(*said))
    threads: dict[UUID, list[bulk.Row]] = {}
    for row in rows:
        threads.setdefault(row["channel_id"], []).append(row)
    for row in wanted:
        mates = [_mate(one) for one in threads[row["channel_id"]] if one["body"] and _moment(one) < _moment(row)]
        found[row["id"]] = sorted([*found[row["id"]], *mates], key=lambda said: said.at)[-REMEMBERED:]
    return found


def of_the_same(said: Sequence[Said], row: bulk.Row) -> list[Said]:
    """What the same person wrote a moment before, the newest last: it may hold the first parts of a number."""
    since, who = row["at"] - IN_PARTS_WITHIN, (row["direction"], row.get("participant_id"))
    return [one for one in said if one.at >= since and (one.direction, one.participant_id) == who]


def _moment(row: bulk.Row) -> tuple[datetime, Any]:
    return row["at"], row["sequence"]


def _mate(row: bulk.Row) -> Said:
    who = str(row["direction"]), row["body"], row["at"], row.get("participant_id")
    return Said(row["id"], row["conversation_id"], *who, row)
