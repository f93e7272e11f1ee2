"""What changed about a number, as a list and as bands over time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import number_rules, way_in_words, wording
from conversations.models import NumberNews, PhoneNumber

Kind = NumberNews.Kind
Text = str | Promise
SPAN = timedelta(days=90)
WIDTH = 1000  # units of the drawing
NARROWEST = 3
MOST_NEWS = 1_000
PAGE = 40
STATES = {"live": "good", "paused": "waiting", "stopped": "broken", "setup": "quiet"}
QUALITIES = {"GREEN": "good", "YELLOW": "waiting", "RED": "broken"}
KINDS: dict[str, Text] = {
    Kind.STATE: gettext_lazy("Sending"),
    Kind.QUALITY: gettext_lazy("Quality"),
    Kind.LIMIT: gettext_lazy("Limit"),
    Kind.THROUGHPUT: gettext_lazy("Speed"),
    Kind.NAME: gettext_lazy("Name"),
    Kind.STATUS: gettext_lazy("State at WhatsApp"),
    Kind.HEALTH: gettext_lazy("Sending at WhatsApp"),
    Kind.ACCOUNT: gettext_lazy("Account"),
    Kind.CAPABILITY: gettext_lazy("Capability"),
    Kind.SECURITY: gettext_lazy("Security"),
    Kind.TOKEN: gettext_lazy("Access token"),
    Kind.FUNDING: gettext_lazy("Payment"),
    Kind.WEBHOOK: gettext_lazy("News from WhatsApp"),
    Kind.USERNAME: gettext_lazy("Username"),
    Kind.PROFILE: gettext_lazy("Profile and settings"),
}
SOURCES: dict[str, Text] = {
    "webhook": gettext_lazy("WhatsApp announced it"),
    "probe": gettext_lazy("found when asking"),
    "sender": gettext_lazy("noticed while sending"),
    "person": gettext_lazy("changed here"),
}
WORDS: dict[str, Text] = {
    "live": gettext_lazy("sends"),
    "paused": gettext_lazy("paused"),
    "stopped": gettext_lazy("stopped"),
    "setup": gettext_lazy("not live yet"),
    "GREEN": gettext_lazy("high"),
    "YELLOW": gettext_lazy("medium"),
    "RED": gettext_lazy("low"),
    "UNKNOWN": gettext_lazy("not known"),
    "NA": gettext_lazy("not known"),
    "FLAGGED": gettext_lazy("marked for low quality"),
    "UNFLAGGED": gettext_lazy("no longer marked"),
    "UPGRADE": gettext_lazy("limit raised"),
    "DOWNGRADE": gettext_lazy("limit lowered"),
    "THROUGHPUT_UPGRADE": gettext_lazy("may send faster"),
    "CONNECTED": gettext_lazy("connected"),
    "DISCONNECTED": gettext_lazy("not connected"),
    "BANNED": gettext_lazy("banned"),
    "RESTRICTED": gettext_lazy("restricted"),
    "PENDING": gettext_lazy("waiting"),
    "AVAILABLE": gettext_lazy("possible"),
    "LIMITED": gettext_lazy("limited"),
    "BLOCKED": gettext_lazy("blocked"),
    "APPROVED": gettext_lazy("approved"),
    "DECLINED": gettext_lazy("refused"),
    "REJECTED": gettext_lazy("refused"),
    "PENDING_REVIEW": gettext_lazy("in review"),
    "DEFERRED": gettext_lazy("review takes longer"),
    "PIN_CHANGED": gettext_lazy("two-step PIN changed"),
    "PIN_RESET_REQUEST": gettext_lazy("reset of the two-step PIN asked for"),
    "PIN_RESET_SUCCESS": gettext_lazy("two-step PIN reset"),
    "yes": gettext_lazy("there is a payment method"),
    "no": gettext_lazy("no payment method"),
    "subscribed": gettext_lazy("arrive again"),
    "subscription_missing": gettext_lazy("had been switched off"),
    "way_in_works": gettext_lazy("our address answers a test again"),
    **{code: words.cause for code, words in way_in_words.WORDS.items()},
    "profile": gettext_lazy("business profile"),
    "automation": gettext_lazy("ice breakers and commands"),
    "notice_published": gettext_lazy("stop notice published"),
    "notice_withdrawn": gettext_lazy("stop notice withdrawn"),
    "calling_on": gettext_lazy("calls switched on"),
    "calling_off": gettext_lazy("calls switched off"),
    "marketing_apart": gettext_lazy("marketing sent through the marketing service"),
    "marketing_together": gettext_lazy("marketing sent as everything else"),
}


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time in which something was so; ``x`` and ``width`` in units of the drawing."""

    x: int
    width: int
    state: str
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    """One property of the number over the time shown."""

    name: Text
    bands: list[Band]
    now: str


def news_of(number: PhoneNumber, *, kind: str = "", before: str = "") -> list[NumberNews]:
    """A page of what changed, newest first; ``before`` is the id of the last one seen."""
    rows = number.news.order_by("-at", "-id")
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    if before:
        last = number.news.filter(pk=before).first()
        rows = rows.filter(at__lte=last.at).exclude(at=last.at, pk__gte=last.pk) if last else rows
    return list(rows[: PAGE + 1])


def lanes_of(number: PhoneNumber, *, at: datetime, span: timedelta = SPAN) -> list[Lane]:
    """Sending, quality and limit over the last months, from what was kept when they changed."""
    since = max(at - span, number.connected_at or at - span)
    since = min(since, at - timedelta(hours=1))
    kinds = [Kind.STATE, Kind.QUALITY, Kind.LIMIT]
    news = list(number.news.filter(kind__in=kinds, at__gt=since).order_by("at", "id")[:MOST_NEWS])
    states = [one for one in news if one.kind == Kind.STATE]
    quality = [one for one in news if one.data.get("of") == "quality"]
    limits = [one for one in news if one.data.get("of") == "messaging_limit"]
    shown = Shown(since, at)
    state_now = f"{number.state}:{number.state_reason}" if number.state_reason else number.state
    in_short = str(WORDS.get(number.state, number.state))
    return [
        shown.lane(gettext_lazy("Sending"), states, now=state_now, state=_of_state, in_short=in_short),
        shown.lane(
            gettext_lazy("Quality"), quality, now=number.quality, state=lambda word: QUALITIES.get(word, "quiet")
        ),
        shown.lane(gettext_lazy("Limit"), limits, now=number.messaging_limit, state=_of_limit),
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """The stretch of time that is drawn."""

    since: datetime
    until: datetime

    def lane(
        self, name: Text, news: list[NumberNews], *, now: str, state: Callable[[str], str], in_short: str = ""
    ) -> Lane:
        """The bands between the changes; ``in_short`` is what stands beside them where the value is a sentence."""
        moments = [self.since, *(one.at for one in news), self.until]
        values = [news[0].before or news[0].after, *(one.after for one in news)] if news else [now]
        bands = [
            self._band(begin, end, value, state(value))
            for begin, end, value in zip(moments, moments[1:], values, strict=False)
        ]
        return Lane(name, [band for band in bands if band.width > 0], in_short or value_in_words(now) or "–")

    def _band(self, begin: datetime, end: datetime, value: str, state: str) -> Band:
        x, stop = self._x(begin), self._x(end)
        width = max(stop - x, NARROWEST if end > begin else 0)
        return Band(min(x, WIDTH - NARROWEST), width, state, value_in_words(value) or "–", begin)

    def _x(self, moment: datetime) -> int:
        part = (moment - self.since) / (self.until - self.since)
        return round(min(max(part, 0.0), 1.0) * WIDTH)


def _of_state(word: str) -> str:
    return STATES.get(word.partition(":")[0], "quiet")


def _of_limit(word: str) -> str:
    """The higher the limit, the stronger the colour."""
    if not word:
        return "quiet"
    size = number_rules.limit_of(word)
    if size is None:
        return "step-4"
    return next(f"step-{step}" for step, most in enumerate((250, 2_000, 10_000, 10**9), 1) if size <= most)


def kind_in_words(kind: str) -> str:
    """What changed."""
    return str(KINDS.get(kind, kind))


def source_in_words(source: str) -> str:
    """Who told it."""
    return str(SOURCES.get(source, source))


def value_in_words(value: str) -> str:
    """A value of the history: a word of ours where there is one, else the platform's."""
    if not value:
        return ""
    state, _colon, reason = value.partition(":")
    if reason and state in STATES:
        return f"{WORDS[state]}: {wording.number_reason(reason)}"
    if number_rules.limit_of(value) is None and value == number_rules.UNLIMITED:
        return wording.limit_name(value)
    if value.startswith("TIER_"):
        return _("%(count)s people a day") % {"count": wording.limit_name(value)}
    return str(WORDS.get(value, value.replace("_", " ").lower() if value.isupper() else value))


def details_of(one: NumberNews) -> str:
    """The small facts of an announcement in one line."""
    data: dict[str, Any] = one.data if isinstance(one.data, dict) else {}
    hidden = {"of", "fields", "severity", "status", "limit", "old_limit"}
    return " · ".join(str(value) for name, value in data.items() if name not in hidden and isinstance(value, str))
