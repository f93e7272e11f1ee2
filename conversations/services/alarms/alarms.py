"""Trouble that a person has to know of: raised once, counted while it lasts, ended when it is over."""

from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from conversations import hints, number_rules
from conversations.models import Alarm, PhoneNumber
from conversations.services import summary
from tenants import work
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.ids import uuid7

TELL = "alarms"  # the housekeeping that tells people
RAISE = """
INSERT INTO conversations_alarm (id, phone_number_id, kind, severity, opened_at, seen_at, times, data)
VALUES (%(id)s, %(number)s, %(kind)s, %(severity)s, %(now)s, %(now)s, 1, %(data)s)
ON CONFLICT (phone_number_id, kind) WHERE closed_at IS NULL DO UPDATE
SET seen_at = excluded.seen_at, times = conversations_alarm.times + 1, data = excluded.data,
    severity = CASE WHEN excluded.severity = 'critical' THEN 'critical' ELSE conversations_alarm.severity END
RETURNING new.times, old.severity = 'warning' AND new.severity = 'critical', new.id
"""
ESCALATE = """
UPDATE conversations_alarm SET told_at = NULL, told_to = '[]', acknowledged_at = NULL, acknowledged_by = NULL
WHERE id = %s
"""


@transaction.atomic
def raise_alarm(
    kind: str, *, number: PhoneNumber | None = None, severity: str = Alarm.Severity.WARNING, data: Any = None
) -> bool:
    """Open the alarm of this kind, or count it again while it is open; tells whether it is new.

    A new one marks the work of telling client and agency, which happens once however often it is raised; and once more
    when a warning becomes critical.
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
        times, worse, alarm_id = cursor.fetchone()
        if worse:
            cursor.execute(ESCALATE, [alarm_id])
    new: bool = times == 1
    if new or worse:
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


@transaction.atomic
def acknowledge(alarm: Alarm, *, by: User, request: HttpRequest | None = None) -> bool:
    """Somebody has seen it and takes care; what happened once ends with that. Tells whether they were the first."""
    now = timezone.now()
    once = alarm.kind in number_rules.EVENTS
    changes = {"acknowledged_at": now, "acknowledged_by": by.pk} | ({"closed_at": now} if once else {})
    first = bool(Alarm.objects.filter(pk=alarm.pk, acknowledged_at=None, closed_at=None).update(**changes))
    if first:
        audit.record("alarm.acknowledged", actor=by, subject=alarm, request=request, kind=alarm.kind)
        _tell_pages(alarm.phone_number)
    return first


def _tell_pages(number: PhoneNumber | None) -> None:
    summary.refresh()
    if number is not None:
        hints.number_changed(number.pk)
