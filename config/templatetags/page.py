"""What every template may say without loading it: icons, people's initials, times in words."""

from datetime import datetime, timedelta
from functools import lru_cache

import lucide
from babel.dates import format_skeleton
from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from tenants.accounts.roles import Role, Scope

register = template.Library()

AN_HOUR = timedelta(hours=1)
MOMENT = timedelta(minutes=1)


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """A lucide icon. It is hidden from screen readers unless ``label`` names it (it stands alone then)."""
    drawn = _drawing(str(name), int(size))
    if not label:
        return mark_safe(drawn.replace("<svg", '<svg aria-hidden="true"', 1))  # noqa: S308  the package's own drawing
    return format_html(mark_safe(drawn.replace("<svg", '<svg role="img" aria-label="{}"', 1)), label)  # noqa: S308


@lru_cache(maxsize=512)
def _drawing(name: str, size: int) -> str:
    return str(lucide._render_icon(name, size, stroke_width=1.75 if size <= 16 else 1.6)).replace("\n", "")


@register.filter
def initials(name: str) -> str:
    """Two letters for an avatar: of the first and last word of a name, else of the only one."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    if not words:
        return "·"
    return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else words[0][:2].upper()


@register.filter
def keys(names: str) -> str:
    """What stands on the keys of the reader's keyboard: ``Ctrl+Enter`` is Strg+Enter on a German one."""
    said = {"Ctrl": pgettext("a key", "Ctrl"), "Shift": pgettext("a key", "Shift"), "Del": pgettext("a key", "Del")}
    return "+".join(said.get(name, name) for name in names.split("+"))


@register.filter
def role_name(role: str) -> str:
    """A role in words; what is none stays as it is."""
    return str(Role(role).label) if role in Role.values else role


@register.filter
def scope_name(scope: str) -> str:
    """What a key may, in words; an unknown code as it is."""
    return str(Scope(scope).label) if scope in Scope.values else scope


@register.filter
def moment_in_words(moment: datetime) -> str:
    """Relative up to an hour, then the clock, then the date; in the reader's zone."""
    now, local = timezone.localtime(), timezone.localtime(moment)
    age = now - local
    if timedelta(0) <= age < MOMENT:
        return _("now")
    if MOMENT <= age < AN_HOUR:
        minutes = int(age / MOMENT)
        return ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    if local.date() == now.date():
        return formats.date_format(local, "TIME_FORMAT")
    skeleton = "MMMd" if local.year == now.year else "yMMMd"
    return str(format_skeleton(skeleton, local.replace(tzinfo=None), locale=_locale()))


def _locale() -> str:
    """How dates are written: English as in Europe, day first."""
    language = get_language() or "en"
    return "en_GB" if language == "en" else language


@register.simple_tag
def when(moment: datetime | None, end: str = "") -> SafeString:
    """A ``<time>`` in words, with the exact time on hover; nothing for None.

    end   what closes the sentence; words that end in a point themselves (“5 Min.”, “21. Nov.”) get no second one
    """
    if moment is None:
        return SafeString("")
    exact = formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    words = moment_in_words(moment)
    end = "" if words.endswith(end) else end
    return format_html('<time datetime="{}" title="{}">{}</time>{}', moment.isoformat(), exact, words, end)


@register.simple_tag
def clock(moment: datetime | None) -> SafeString:
    """A ``<time>`` as hours and minutes, with the exact time on hover; nothing for None."""
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment)
    exact = formats.date_format(local, "DATETIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, local.strftime("%H:%M"))


@register.filter
def span(length: timedelta) -> str:
    """A length of time in words, one unit fine: 40 s, 12 min, 3 h 5 min, 2 d 4 h."""
    seconds = int(length.total_seconds())
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 60:
        return _("%(s)d s") % {"s": seconds}
    if minutes < 60:
        return _("%(m)d min") % {"m": minutes}
    if hours < 24:
        return _("%(h)d h %(m)d min") % {"h": hours, "m": minutes % 60}
    return _("%(d)d d %(h)d h") % {"d": days, "h": hours % 24}
