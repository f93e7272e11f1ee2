"""What the pages about numbers say: alarms, limits and the history in words."""

from datetime import date, datetime, timedelta

from babel.dates import format_skeleton
from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from conversations import alarm_words, way_in_words, wording
from conversations.models import Alarm
from conversations.services.numbers import number_history

register = template.Library()

register.filter("alarm_title", alarm_words.title)
register.filter("alarm_means", alarm_words.means)
register.filter("alarm_todo", alarm_words.todo)
register.filter("alarm_kind_title", lambda kind: alarm_words.words_of(kind).title)
register.filter("alarm_kind_todo", lambda kind: alarm_words.words_of(kind).todo)
register.filter("limit_name", wording.limit_name)
register.filter("number_reason", wording.number_reason)
register.filter("news_kind", number_history.kind_in_words)
register.filter("news_source", number_history.source_in_words)
register.filter("news_value", number_history.value_in_words)
register.filter("news_details", number_history.details_of)
register.filter("until_in_words", alarm_words.day_of)
register.filter("way_in_cause", lambda code: way_in_words.of(code).cause)

RECONNECT = {"token_dead", "disconnected", "app_uninstalled", "deleted", "token_expires_soon", "permission_missing"}
SETTINGS = {"name_rejected": "name", "pin_changed": "pin", "pin_reset": "pin"}
CALL_BACK = {"banned", "restricted"}


@register.filter
def moment(told: str) -> datetime | None:
    """A moment that is kept among figures."""
    return parse_datetime(told) if isinstance(told, str) else None


@register.filter
def day_short(moment: datetime | date) -> str:
    """Day and month as the reader's language writes them: 5 Aug, 5 aug, 5. Aug."""
    return str(format_skeleton("MMMd", _local(moment), locale=_locale()))


@register.filter
def date_short(moment: datetime | date) -> str:
    """Day, month and year, the month cut short."""
    return str(format_skeleton("yMMMd", _local(moment), locale=_locale()))


@register.filter
def moment_short(moment: datetime) -> str:
    """Day, month, year and clock, in the reader's zone."""
    return f"{date_short(moment)} {timezone.localtime(moment):%H:%M}"


def _local(moment: datetime | date) -> datetime | date:
    return timezone.localtime(moment).replace(tzinfo=None) if isinstance(moment, datetime) else moment


def _locale() -> str:
    language = get_language() or "en"
    return "en_GB" if language == "en" else language


@register.filter
def soon_in_words(moment: datetime) -> str:
    """A moment to come: the clock today, else with its day."""
    local = timezone.localtime(moment)
    clock = formats.time_format(local, "H:i")
    if local.date() == timezone.localdate():
        return clock
    day = f"{formats.date_format(local, 'l')} {formats.date_format(local, 'MONTH_DAY_FORMAT')}"
    return _("%(day)s at %(clock)s") % {"day": day, "clock": clock}


@register.filter
def minutes_in_words(minutes: int) -> str:
    """A promise: minutes below an hour and a half, else hours, else days, rounded up."""
    if minutes < 90:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = -(-minutes // 60)
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", -(-hours // 24)) % {"count": -(-hours // 24)}


@register.filter
def seconds_in_words(seconds: float) -> str:
    """A delay: below a minute with one decimal."""
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": formats.number_format(round(seconds, 1), 1)}
    return _("%(minutes)s min") % {"minutes": round(timedelta(seconds=seconds) / timedelta(minutes=1))}


@register.simple_tag
def alarm_reconnects(alarm: Alarm) -> bool:
    """Whether connecting the number again puts it right."""
    return alarm.phone_number_id is not None and alarm.kind in RECONNECT


@register.simple_tag
def alarm_way(alarm: Alarm) -> dict[str, str] | None:
    """Where somebody puts it right: an address and a button, or nothing."""
    if alarm.phone_number_id is None:
        return None
    if anchor := SETTINGS.get(alarm.kind):
        way = _way("numbers:settings", alarm, _("Open the settings"))
        return {**way, "url": f"{way['url']}#{anchor}"} if way else None
    if alarm.kind in CALL_BACK:
        return _way("numbers:waiting", alarm, _("Who waits"))
    return None


def _way(name: str, alarm: Alarm, words: str) -> dict[str, str] | None:
    try:
        return {"url": reverse(name, args=[alarm.phone_number_id]), "words": words}
    except NoReverseMatch:
        return None
