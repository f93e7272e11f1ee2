"""Free entry points: our answer to somebody from an advertisement makes everything to them free for some days.

It begins with our first answer within 24 hours of their message, whatever order we hear of the two in, and lasts as
long as the platform's dated rule says, or as the platform itself tells. Where it charges all the same, there is none.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from conversations.models import Channel, Direction, Message
from conversations.services.inbound.items import Item
from conversations.services.inbound.known import Known
from conversations.whatsapp import payloads
from conversations.whatsapp.payloads.clean import moment
from tenants import bulk

FREE = "free_entry_point"
TOLD = "free_entry_until = greatest(old.free_entry_until, news.free_entry_until)"
PAIRS = """
SELECT DISTINCT m.channel_id FROM conversations_message AS m
JOIN conversations_channel AS c ON c.id = m.channel_id AND c.referred_at IS NOT NULL
WHERE m.id = ANY(%s::uuid[])
"""
BEGIN = """
WITH answers AS (
    SELECT c.id, min(m.sent_at) AS at
    FROM conversations_channel AS c
    JOIN conversations_message AS m ON m.channel_id = c.id AND m.direction = 'out' AND m.type <> 'reaction'
        AND m.sent_at >= c.referred_at AND m.sent_at < c.referred_at + interval '24 hours'
    WHERE c.id = ANY(%s::uuid[])
    GROUP BY c.id
), begun AS (
    SELECT a.id, a.at + make_interval(hours => (
        SELECT l.hours FROM public.tenants_freeentrylength AS l
        WHERE l.effective_from <= (a.at AT TIME ZONE 'UTC')::date ORDER BY l.effective_from DESC LIMIT 1)) AS until
    FROM answers AS a
)
UPDATE conversations_channel AS c SET free_entry_until = b.until
FROM begun AS b
WHERE c.id = b.id AND b.until IS NOT NULL
  AND (c.free_entry_until IS NULL OR c.free_entry_until < c.referred_at OR b.until < c.free_entry_until)
"""
CHARGED = """
UPDATE conversations_channel AS c SET free_entry_until = NULL, referred_at = NULL
FROM conversations_message AS m
WHERE m.id = ANY(%s::uuid[]) AND m.channel_id = c.id AND m.type <> 'reaction'
  AND m.sent_at >= c.referred_at AND m.sent_at < c.free_entry_until
"""


def begin(channel_ids: Sequence[UUID]) -> None:
    """Let those begin whose referral and answer are both known."""
    if channel_ids:
        with connection.cursor() as cursor:
            cursor.execute(BEGIN, [list(channel_ids)])


def note(items: Sequence[Item], known: Known) -> None:
    """What these statuses say about free entry points: that we answered, until when it is free, or that it is not."""
    sent: list[UUID] = []
    charged: list[UUID] = []
    told: dict[UUID, datetime] = {}
    for item in items:
        status = item.event
        if not isinstance(status, payloads.StatusUpdate) or status.group_id:
            continue
        message = known.find(item.our_number.pk, status)
        if message is None or message.direction != Direction.OUTBOUND:
            continue
        if status.status == "sent":
            sent.append(message.id)
        kind = (status.pricing or {}).get("type")
        if kind not in (None, "", FREE):
            charged.append(message.id)
        end = moment((status.conversation or {}).get("expiration_timestamp"))
        if kind == FREE and end:
            told[message.id] = max(end, told.get(message.id, datetime.min.replace(tzinfo=UTC)))
    _apply(sent, charged, told)


def _apply(sent: list[UUID], charged: list[UUID], told: dict[UUID, datetime]) -> None:
    if sent or charged:
        with connection.cursor() as cursor:
            cursor.execute(PAIRS, [[*sent, *charged]])
            pairs = [row[0] for row in cursor.fetchall()]
            if pairs:
                cursor.execute(BEGIN, [pairs])
                cursor.execute(CHARGED, [charged])
    if told:
        pair_of = dict(Message.objects.filter(pk__in=told).values_list("pk", "channel_id"))
        news = [{"id": pair_of[pk], "free_entry_until": end} for pk, end in told.items() if pk in pair_of]
        bulk.update(Channel, news, changes=TOLD)
