"""Whether a number may work, and the alarms that follow from what is known of it: one place for all who learn of it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from conversations import hints, number_rules
from conversations.models import Alarm, NumberNews, PhoneNumber
from conversations.services import summary
from conversations.services.alarms import alarms
from conversations.services.numbers import number_news
from tenants import work

State = PhoneNumber.State


@transaction.atomic
def change(number: PhoneNumber, state: str, *, reason: str = "", at: datetime | None = None, source: str) -> bool:
    """Set the state and its reason; tells whether that was news. What waits leaves when the number is live again.

    source  webhook, probe, person or sender
    """
    at = at or timezone.now()
    number = PhoneNumber.objects.select_for_update().get(pk=number.pk)
    if (number.state, number.state_reason) == (state, reason):
        return False
    before = word_of(number.state, number.state_reason)
    number.state, number.state_reason, number.state_since = state, reason, at
    number.save(update_fields=["state", "state_reason", "state_since"])
    number_news.note(number, NumberNews.Kind.STATE, before=before, after=word_of(state, reason), at=at, source=source)
    if state == State.LIVE:
        work.mark(work.Kind.OUTBOUND, key=str(number.pk))
        work.mark(work.Kind.MEDIA)
        work.mark(work.Kind.INBOUND)
    settle(number)
    summary.refresh()
    hints.number_changed(number.pk)
    return True


def word_of(state: str, reason: str) -> str:
    """State and reason as one value of the history: ``paused:token_dead``."""
    return f"{state}:{reason}" if reason else state


@transaction.atomic
def settle(number: PhoneNumber, *, at: datetime | None = None) -> None:
    """Open the alarms that what is known of the number asks for, and end those that it no longer does."""
    number = PhoneNumber.objects.defer("token", "pin").get(pk=number.pk)
    wrong = number_rules.troubles_of(number, at=at or timezone.now())
    known = {alarm.kind: alarm for alarm in Alarm.objects.filter(phone_number=number, closed_at=None)}
    for kind, trouble in wrong.items():
        if kind not in known or _is_news(known[kind], trouble.severity, trouble.data):
            alarms.raise_alarm(kind, number=number, severity=trouble.severity, data=trouble.data)
    for kind in known.keys() - wrong.keys():
        if kind in number_rules.STATES:
            alarms.end_alarm(kind, number=number)


def _is_news(alarm: Alarm, severity: str, data: dict[str, Any]) -> bool:
    return alarm.data != data or (severity == Alarm.Severity.CRITICAL and alarm.severity != severity)
