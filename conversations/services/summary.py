"""Keeps the company's one public row of counts that the agency sees."""

from django.db import connection

from tenants.context import company_id_of, current_schema

REFRESH = """
INSERT INTO public.desk_companysummary AS summary (
    company_id, unanswered, oldest_waiting_at, open_conversations, number_state, number_reason, number_quality,
    display_number, alarms, worst_alarm, last_inbound_at, changed_at)
SELECT %s, waiting.unanswered, waiting.oldest, waiting.open, coalesce(number.state, ''),
       coalesce(number.state_reason, ''), coalesce(number.quality, ''), coalesce(number.display_number, ''),
       alarms.count, coalesce(alarms.worst, ''), waiting.last_inbound, now()
FROM (
    SELECT count(*) FILTER (WHERE waiting_since IS NOT NULL) AS unanswered, min(waiting_since) AS oldest,
           count(*) AS open, max(last_message_at) FILTER (WHERE last_direction = 'in') AS last_inbound
    FROM conversations_conversation WHERE status <> 'closed'
) AS waiting
LEFT JOIN LATERAL (
    SELECT state, state_reason, quality, display_number FROM conversations_phonenumber
    ORDER BY (state = 'live'), state_since NULLS FIRST LIMIT 1
) AS number ON true
CROSS JOIN (
    SELECT count(*) AS count, (array_agg(kind ORDER BY severity, opened_at))[1] AS worst
    FROM conversations_alarm WHERE closed_at IS NULL
) AS alarms
ON CONFLICT (company_id) DO UPDATE SET
    unanswered = excluded.unanswered, oldest_waiting_at = excluded.oldest_waiting_at,
    open_conversations = excluded.open_conversations, number_state = excluded.number_state,
    number_reason = excluded.number_reason, number_quality = excluded.number_quality,
    display_number = excluded.display_number, alarms = excluded.alarms, worst_alarm = excluded.worst_alarm,
    last_inbound_at = greatest(summary.last_inbound_at, excluded.last_inbound_at), changed_at = excluded.changed_at
"""


def refresh() -> None:
    """Recount the entered company's row, in the transaction that changed what it counts.

    Of several numbers the one that needs a person first is shown: not live before live.
    """
    with connection.cursor() as cursor:
        cursor.execute(REFRESH, [company_id_of(current_schema())])
