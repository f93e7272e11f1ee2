"""Counts how a number is used: people written to first, messages each way, delays, news that fail to come.

Every count is bounded and reads the index over a day's messages; the results stand on the number (``figures``).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from conversations.models import PhoneNumber, WebhookCall
from conversations.services.numbers import number_loop, number_portfolio, number_states

DAY = timedelta(hours=24)
MOST = 200_000  # rows that a count looks at
QUIET = timedelta(minutes=10)  # so long may news of an accepted message take
DELAYS_OF = timedelta(hours=1)
# Each person once, in the hour of the last message that began a conversation of a day.
REACHED = """
SELECT date_trunc('hour', last, 'UTC'), count(*) FROM (
    SELECT m.channel_id, max(m.created_at) AS last FROM conversations_message AS m
    WHERE m.created_at > %(since)s AND m.phone_number_id = ANY(%(numbers)s) AND m.direction = 'out'
      AND m.type = 'template' AND m.status >= 50 AND m.status <> 70
      AND NOT EXISTS (
        SELECT 1 FROM conversations_message AS i
        WHERE i.channel_id = m.channel_id AND i.direction = 'in' AND i.at <= m.at
          AND i.at > m.at - interval '24 hours' AND i.type NOT IN ('reaction', 'system'))
    GROUP BY m.channel_id LIMIT %(most)s
) AS people GROUP BY 1
"""
BOTH_WAYS = """
SELECT count(*) FILTER (WHERE direction = 'out'), count(*) FILTER (WHERE direction = 'in') FROM (
    SELECT direction FROM conversations_message
    WHERE created_at > %(since)s AND phone_number_id = %(number)s AND type NOT IN ('reaction', 'system')
      AND (direction = 'in' OR (status >= 50 AND status <> 70))
    LIMIT %(most)s
) AS day
"""
# What came in while we were away, or as imported history, is late for other reasons than ours.
DELAYS = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY delay), percentile_cont(0.95) WITHIN GROUP (ORDER BY delay)
FROM (
    SELECT extract(epoch FROM created_at - at) AS delay FROM conversations_message
    WHERE created_at > %(lately)s AND phone_number_id = %(number)s AND direction = 'in' AND sender_kind = 'contact'
      AND at > created_at - interval '6 hours'
    ORDER BY created_at DESC LIMIT 500
) AS lately
"""
SILENT = """
SELECT count(*), min(accepted_at) FROM (
    SELECT accepted_at FROM conversations_message
    WHERE created_at > %(since)s AND phone_number_id = %(number)s AND status = 50 AND accepted_at < %(quiet)s
    ORDER BY created_at DESC LIMIT 200
) AS quiet
"""


def measure(phone_number_id: str, *, at: datetime | None = None) -> None:
    """Count again for one number of the entered company; warnings follow, or end."""
    at = at or timezone.now()
    number = PhoneNumber.objects.defer("token", "pin").filter(phone_number_id=phone_number_id).first()
    if number is None:
        return
    counted = _count(number, at)
    last = _last_webhook(number, at)
    with transaction.atomic():
        held = PhoneNumber.objects.select_for_update(of=("self",)).only("figures").get(pk=number.pk)
        figures = {**held.figures, **counted, "measured_at": at.isoformat(timespec="seconds")}
        changes: dict[str, Any] = {"figures": figures} | ({"webhook_probed_at": last} if last else {})
        PhoneNumber.objects.filter(pk=number.pk).update(**changes)
        number_states.settle(number, at=at)


def _count(number: PhoneNumber, at: datetime) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "number": number.pk,
        "numbers": _of_portfolio(number),
        "since": at - DAY,
        "lately": at - DELAYS_OF,
        "quiet": at - QUIET,
        "most": MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(REACHED, parameters)
        hours: dict[datetime, int] = dict(cursor.fetchall())
        cursor.execute(BOTH_WAYS, parameters)
        out, came = cursor.fetchone()
        cursor.execute(DELAYS, parameters)
        delays, usual, high = cursor.fetchone()
        cursor.execute(SILENT, parameters)
        waiting, since = cursor.fetchone()
    heard = since is not None and _heard_since(number, since)
    elsewhere = number_portfolio.share(number.business_id, hours=hours, at=at) if number.business_id else 0
    return {
        "reached": sum(hours.values()) + elsewhere,
        "reached_elsewhere": elsewhere,
        "out": out,
        "in": came,
        "delays": delays,
        "delay_usual": round(float(usual or 0), 1),
        "delay_high": round(float(high or 0), 1),
        "silent": 0 if heard else waiting,
    }


def _of_portfolio(number: PhoneNumber) -> list[Any]:
    """The numbers that share one messaging limit; as long as the portfolio is not known, the number alone."""
    if not number.business_id:
        return [number.pk]
    return list(PhoneNumber.objects.filter(business_id=number.business_id).values_list("pk", flat=True))


def _heard_since(number: PhoneNumber, since: datetime) -> bool:
    calls = WebhookCall.objects.filter(phone_number_id=number.phone_number_id, received_at__gt=since)
    return calls.filter(field="messages").exists()


def _last_webhook(number: PhoneNumber, at: datetime) -> datetime | None:
    calls = WebhookCall.objects.filter(phone_number_id=number.phone_number_id, received_at__gt=at - DAY)
    calls = calls.exclude(field=number_loop.FIELD)  # posted by us
    found: datetime | None = calls.aggregate(last=Max("received_at"))["last"]
    return found
