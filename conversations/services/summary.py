"""Keeps what the agency's side sees of a company: one row of counts, and the times of its open conversations."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from conversations.desk.models import DeskEntry
from conversations.services.people import duty_marks
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
# What the company is told by in a text, where it shows that to everybody itself: its numbers, pages and mail address.
ADDRESSES = """
UPDATE public.desk_companysummary SET
    numbers = ARRAY(
        SELECT display_number FROM conversations_phonenumber WHERE display_number <> ''
        UNION SELECT other_phone FROM conversations_inboxsettings WHERE other_phone <> '' ORDER BY 1),
    sites = ARRAY(
        SELECT left(site, 260) FROM conversations_phonenumber CROSS JOIN LATERAL jsonb_array_elements_text(
            CASE WHEN jsonb_typeof(profile -> 'websites') = 'array' THEN profile -> 'websites' ELSE '[]' END) AS site
        UNION SELECT left(other, 260) FROM conversations_inboxsettings
            CROSS JOIN LATERAL unnest(ARRAY[other_form_url, other_mail]) AS other WHERE other <> '' ORDER BY 1)
WHERE company_id = %s
"""
# Times and needs only. A row that says the same stays untouched.
ENTER = """
INSERT INTO public.desk_deskentry AS entry (
    conversation_id, company_id, staff_id, taken, team_id, waiting_since, due_at, danger_at, hold, hold_until, woke_at,
    sensitive, language, skills, unread, last_message_at)
SELECT c.id, %(company)s, holder.staff_id, c.assignee_id IS NOT NULL, c.team_id, c.waiting_since,
       CASE WHEN c.waiting_since IS NOT NULL THEN c.due_at END, c.danger_at, c.hold, c.hold_until, c.woke_at,
       c.sensitive, contact.language, CASE WHEN intent.skill <> '' THEN ARRAY[intent.skill] ELSE '{}'::varchar[] END,
       c.unread_count > 0, c.last_message_at
FROM conversations_conversation AS c
JOIN conversations_contact AS contact ON contact.id = c.contact_id
LEFT JOIN accounts_user AS holder ON holder.id = c.assignee_id
LEFT JOIN conversations_intent AS intent ON intent.id = c.intent_id
WHERE c.id = ANY(%(ids)s::uuid[]) AND c.status <> 'closed'
ON CONFLICT (conversation_id) DO UPDATE SET
    staff_id = excluded.staff_id, taken = excluded.taken, team_id = excluded.team_id,
    waiting_since = excluded.waiting_since, due_at = excluded.due_at, danger_at = excluded.danger_at,
    hold = excluded.hold, hold_until = excluded.hold_until, woke_at = excluded.woke_at, sensitive = excluded.sensitive,
    language = excluded.language, skills = excluded.skills, unread = excluded.unread,
    last_message_at = excluded.last_message_at
WHERE (entry.staff_id, entry.taken, entry.team_id, entry.waiting_since, entry.due_at, entry.danger_at, entry.hold,
       entry.hold_until, entry.woke_at, entry.sensitive, entry.language, entry.skills, entry.unread,
       entry.last_message_at)
    IS DISTINCT FROM
      (excluded.staff_id, excluded.taken, excluded.team_id, excluded.waiting_since, excluded.due_at, excluded.danger_at,
       excluded.hold, excluded.hold_until, excluded.woke_at, excluded.sensitive, excluded.language, excluded.skills,
       excluded.unread, excluded.last_message_at)
RETURNING CASE WHEN old.hold = '' AND (new.hold <> '' OR new.staff_id IS DISTINCT FROM old.staff_id)
          THEN old.staff_id END
"""
LEAVE = """
DELETE FROM public.desk_deskentry WHERE conversation_id = ANY(%(ids)s::uuid[]) AND company_id = %(company)s
AND NOT EXISTS (SELECT 1 FROM conversations_conversation AS c WHERE c.id = conversation_id AND c.status <> 'closed')
RETURNING staff_id
"""


def refresh(conversations: Iterable[UUID] = (), *, assigning: bool = False) -> None:
    """Recount the entered company's row, in the transaction that changed what it counts.

    Of several numbers the one that needs a person first is shown: not live before live.
    conversations  those that changed: their entries on the desk follow, and whoever gives them out is asked to look
    assigning      that one is at work itself and need not be asked
    """
    company, ids = company_id_of(current_schema()), list(conversations)
    with connection.cursor() as cursor:
        freed = _enter(cursor, {"company": company, "ids": ids}) if ids else []
        cursor.execute(REFRESH, [company])
        if not ids:  # its numbers have changed, not what people write
            cursor.execute(ADDRESSES, [company])
    if ids and not assigning:
        duty_marks.after_change(ids, freed=freed)


def seen(conversations: Iterable[UUID]) -> None:
    """These count as read here; nothing else of them changed."""
    DeskEntry.objects.filter(conversation_id__in=list(conversations), unread=True).update(unread=False)


def _enter(cursor: Any, parameters: dict[str, Any]) -> list[UUID]:
    """Write the entries on the desk; whoever of the agency holds one less by it."""
    cursor.execute(ENTER, parameters)
    freed = {row[0] for row in cursor.fetchall()}
    cursor.execute(LEAVE, parameters)
    freed |= {row[0] for row in cursor.fetchall()}
    return [staff_id for staff_id in freed if staff_id]
