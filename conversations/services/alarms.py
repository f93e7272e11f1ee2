"""Trouble that a person has to know of: raised once, counted while it lasts, ended when it is over."""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from conversations import hints
from conversations.models import Alarm, PhoneNumber
from conversations.services import summary
from tenants import work
from tenants.ids import uuid7

TELL = "alarms"  # the housekeeping that tells people
RAISE = """
INSERT INTO conversations_alarm (id, phone_number_id, kind, severity, opened_at, seen_at, times, data)
VALUES (%(id)s, %(number)s, %(kind)s, %(severity)s, %(now)s, %(now)s, 1, %(data)s)
ON CONFLICT (phone_number_id, kind) WHERE closed_at IS NULL DO UPDATE
SET seen_at = excluded.seen_at, times = conversations_alarm.times + 1, data = excluded.data,
    severity = CASE WHEN excluded.severity = 'critical' THEN 'critical' ELSE conversations_alarm.severity END
RETURNING times
"""


@transaction.atomic
def raise_alarm(
    kind: str, *, number: PhoneNumber | None = None, severity: str = Alarm.Severity.WARNING, data: Any = None
) -> bool:
    """Open the alarm of this kind, or count it again while it is open; tells whether it is new.

    A new one marks the work of telling client and agency, which happens once however often it is raised.
    """
    now = timezone.now()
    parameters = {
        "id": uuid7(),
        "number": number.pk if number else None,
        "kind": kind,
        "severity": severity,
        "now": now,
        "data": Alarm._meta.get_field("data").get_db_prep_save(data or {}, connection),
    }
    with connection.cursor() as cursor:
        cursor.execute(RAISE, parameters)
        new: bool = cursor.fetchone()[0] == 1
    if new:
        work.mark(work.Kind.HOUSEKEEPING, key=TELL)
        _tell_pages(number)
    return new


@transaction.atomic
def end_alarm(kind: str, *, number: PhoneNumber | None = None) -> bool:
    """The trouble is over; tells whether an alarm of this kind was open."""
    open_ones = Alarm.objects.filter(kind=kind, phone_number=number, closed_at=None)
    ended = bool(open_ones.update(closed_at=timezone.now()))
    if ended:
        _tell_pages(number)
    return ended


def _tell_pages(number: PhoneNumber | None) -> None:
    summary.refresh()
    if number is not None:
        hints.number_changed(number.pk)
