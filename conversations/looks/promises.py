"""What is left of a response promise, as a ring that empties in business time and as words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.business_hours import Span
from conversations.models import Conversation
from conversations.services.promise.promise import Promise

LAST_QUARTER = 25  # percent of the time that is left
MOST_RUNS = 8


@dataclass(frozen=True, slots=True)
class ShownPromise:
    """A promise as a ring: percent left, running, last-quarter or broken, and the same in words.

    runs   business time still to come until it breaks, as seconds since 1970: ``begin-end begin-end``; the page
           empties the ring by it
    whole  business seconds of the whole promise
    """

    left: int
    state: str
    short: str
    words: str
    due_at: datetime
    runs: str = ""
    whole: int = 0


def shown(row: Conversation, promise: Promise, *, at: datetime | None = None) -> ShownPromise | None:
    """What is left of the promise to somebody who waits; None when nobody does, or nothing is promised."""
    since, due = row.waiting_since, row.due_at
    if since is None or due is None or row.status == Conversation.Status.CLOSED:
        return None
    now = at or timezone.now()
    if due <= now:
        late = span_words(now - due)
        return ShownPromise(0, "broken", _("%(time)s late") % {"time": late}, _late(due, late), due)
    left = promise.hours.minutes_between(now, due)
    whole = promise.hours.minutes_between(since, due)
    percent = min(100, round(100 * left / whole)) if whole else 0
    state = "last-quarter" if percent <= LAST_QUARTER else "running"
    opened = promise.hours.is_open(now)
    remains = _("%(time)s left") % {"time": span_words(timedelta(minutes=left))}
    short = remains if opened else _("due %(moment)s") % {"moment": moment_words(due)}
    words = _("Answer promised by %(moment)s: %(remains)s") % {"moment": moment_words(due), "remains": remains}
    return ShownPromise(percent, state, short, words, due, _runs(promise.hours.spans_after(now), due), int(whole * 60))


def span_words(time: timedelta) -> str:
    """Minutes up to two hours, hours up to two days, then days."""
    minutes = max(1, round(time.total_seconds() / 60))
    if minutes < 120:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}


def moment_words(moment: datetime) -> str:
    """The clock today, with the weekday within a week, else with the date."""
    local = timezone.localtime(moment)
    day, today = local.date(), timezone.localdate()
    if day == today:
        return f"{local:%H:%M}"
    pattern = "l" if abs(day - today) < timedelta(days=7) else "MONTH_DAY_FORMAT"
    return f"{formats.date_format(day, pattern)} {local:%H:%M}"


def _late(due: datetime, late: str) -> str:
    told = {"moment": moment_words(due), "time": late}
    return _("Promise broken: an answer was due %(moment)s, %(time)s ago") % told


def _runs(spans: Iterator[Span], due: datetime) -> str:
    found: list[str] = []
    for start, end in spans:
        if start >= due or len(found) == MOST_RUNS:
            break
        found.append(f"{start.timestamp():.0f}-{min(end, due).timestamp():.0f}")
    return " ".join(found)
