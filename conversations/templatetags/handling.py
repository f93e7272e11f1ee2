"""What the dialogs and clocks of a conversation say."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils import formats, timezone

from conversations.models import ClientQuestion

register = template.Library()

SOON = timedelta(minutes=30)  # a mail server that stays away longer is said to have failed


@register.filter
def is_past(moment: datetime) -> bool:
    return moment <= timezone.now()


@register.filter
def in_zone(moment: datetime, zone: str) -> str:
    """Weekday and clock in a zone."""
    local = timezone.localtime(moment, ZoneInfo(zone))
    return f"{formats.date_format(local, 'D')} {local:%H:%M}"


@register.filter
def mail_state(question: ClientQuestion) -> str:
    """Of an open question: ``waiting`` for its mail to leave, ``failed``, ``expired``, or ``mailed``."""
    now = timezone.now()
    if question.expires_at <= now:
        return "expired"
    if question.mailed_at is not None:
        return "mailed"
    return "waiting" if now - (question.reminded_at or question.asked_at) < SOON else "failed"
