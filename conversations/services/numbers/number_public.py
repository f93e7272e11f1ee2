"""What everybody may know of how to reach a company: its numbers and whether they work, hours, other ways.

Nothing of it is about a person, and it never says why a number does not work.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import segno
from django.utils import formats
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from conversations import business_hours, public_holidays
from conversations.business_hours import WEEKDAYS, BusinessHours
from conversations.models import InboxSettings, PhoneNumber
from conversations.services.numbers import number_notices, numbers
from tenants.models import ClientCompany

ADDRESS = "https://wa.me/"
MOST_NUMBERS = 20
SPECIAL_FOR = timedelta(days=60)
SHORT = timedelta(minutes=10)  # a number that is being registered again is not reported as lost
QR_SCALE = 5
State = PhoneNumber.State


@dataclass(frozen=True, slots=True)
class Notice:
    """A company's own words; ``language`` is the one they are in."""

    text: str
    language: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Reachable:
    """One number: how to write to it, or since when it cannot be used."""

    number: str
    address: str
    sandbox: bool
    stopped_since: datetime | None
    notice: Notice | None

    @property
    def works(self) -> bool:
        return self.stopped_since is None and self.notice is None

    @property
    def qr(self) -> str:
        """The QR code of the address, drawn here, as a data address."""
        return _drawn(self.address)


@dataclass(frozen=True, slots=True)
class ContactPage:
    """Everything that the page shows."""

    numbers: list[Reachable]
    hours: list[tuple[str, str]]
    special: list[tuple[date, str, str]]
    holidays: bool
    open_now: bool
    changes_at: datetime | None  # when it closes, or opens again
    response_minutes: int
    privacy_url: str
    phone: str
    mail: str
    form_url: str
    text: str
    text_language: str

    @property
    def working(self) -> list[Reachable]:
        return [one for one in self.numbers if one.works]

    @property
    def stopped(self) -> list[Reachable]:
        return [one for one in self.numbers if not one.works]

    @property
    def phone_address(self) -> str:
        """The telephone number as a link dials it."""
        return re.sub(r"[^\d+]", "", self.phone)

    @property
    def other_ways(self) -> bool:
        return bool(self.phone or self.mail or self.form_url or self.text)


def page_of(settings: InboxSettings, company: ClientCompany, *, language: str, at: datetime) -> ContactPage:
    """The contact page of the entered company.

    language  of the reader; words that the company did not write in it come in the company's, else in any
    """
    fallback, calendar = company.language, _calendar(settings, company)
    text, text_language = _in_language(settings.public_text, language, fallback)
    open_now = calendar.is_open(at)
    return ContactPage(
        numbers=_numbers(language, fallback, at),
        hours=hours_in_words(settings.hours),
        special=_special(settings.special_days, calendar, language, calendar.local_day(at)),
        holidays=bool(settings.hours) and settings.closed_on_holidays,
        open_now=open_now,
        changes_at=calendar.closing(at) if open_now else calendar.next_opening(at),
        response_minutes=settings.response_minutes,
        privacy_url=_web(settings.privacy_url),
        phone=settings.other_phone,
        mail=settings.other_mail,
        form_url=_web(settings.other_form_url),
        text=text,
        text_language=text_language,
    )


def hours_in_words(hours: Any) -> list[tuple[str, str]]:
    """Opening hours as lines: days that are alike and follow each other stand together; none where none are set."""
    if not isinstance(hours, dict) or not any(hours.get(day) for day in WEEKDAYS):
        return []
    lines: list[tuple[int, int, str]] = []
    for number, day in enumerate(WEEKDAYS):
        words = _spans(hours.get(day)) or str(_("closed"))
        if lines and lines[-1][2] == words:
            lines[-1] = (lines[-1][0], number, words)
        else:
            lines.append((number, number, words))
    return [(_days(first, last), words) for first, last, words in lines]


def _calendar(settings: InboxSettings, company: ClientCompany) -> BusinessHours:
    rules = business_hours.rules(
        zone=company.time_zone,
        hours=settings.hours,
        special_days=settings.special_days,
        country=company.country if settings.closed_on_holidays else "",
        region=settings.holiday_region,
    )
    return business_hours.of(rules)


def _numbers(language: str, fallback: str, at: datetime) -> list[Reachable]:
    rows = list(PhoneNumber.objects.defer("token", "pin").order_by("connected_at", "id")[:MOST_NUMBERS])
    rows = [row for row in rows if row.state != State.SETUP or number_notices.is_published(row)]
    here = [row for row in rows if row.state_reason != numbers.LET_GO or number_notices.is_published(row)]
    return [_one(row, language, fallback, at) for row in here or rows]


def _one(row: PhoneNumber, language: str, fallback: str, at: datetime) -> Reachable:
    since = row.state_since if row.stands_still else None
    if row.state_reason == numbers.REGISTERING and since and since > at - SHORT:
        since = None
    elif row.stands_still:
        since = since or at
    digits = re.sub(r"\D", "", row.display_number)
    return Reachable(row.display_number, f"{ADDRESS}{digits}", row.sandbox, since, _notice(row, language, fallback))


def _notice(row: PhoneNumber, language: str, fallback: str) -> Notice | None:
    if not number_notices.is_published(row):
        return None
    text, its = _in_language(row.stop_notice.get("texts"), language, fallback)
    return Notice(text, its, _date(row.stop_notice.get("on")))


def _in_language(texts: Any, language: str, fallback: str) -> tuple[str, str]:
    known = {key: text for key, text in texts.items() if isinstance(text, str) and text} if _is_dict(texts) else {}
    found = next((key for key in (language, fallback, *known) if key in known), "")
    return known.get(found, ""), found


def _special(days: Any, calendar: BusinessHours, language: str, today: date) -> list[tuple[date, str, str]]:
    """What is otherwise on single days soon: the day, its hours, and what it is: the company's word or the holiday."""
    found: dict[date, tuple[str, str]] = {}
    for ahead in range(SPECIAL_FOR.days):
        day = today + timedelta(days=ahead)
        if not calendar.minutes_of(day) and calendar.holiday_on(day) and calendar.rules.week[day.weekday()]:
            found[day] = (_("closed"), _holiday(calendar, day, language))
    for row in days if isinstance(days, list) else []:
        day_of = _date(row.get("date")) if isinstance(row, dict) else None
        if day_of is not None and today <= day_of < today + SPECIAL_FOR:
            usual = row.get("hours") is None
            words = _("open as usual") if usual else _spans(row.get("hours")) or _("closed")
            found[day_of] = (words, str(row.get("note") or ""))
    return [(day, words, note) for day, (words, note) in sorted(found.items())]


def _holiday(calendar: BusinessHours, day: date, language: str) -> str:
    names = public_holidays.of_year(calendar.rules.country, calendar.rules.region, day.year, language).get(day, ())
    return ", ".join(names)


def _spans(told: Any) -> str:
    spans = [span for span in told if isinstance(span, list | tuple) and len(span) == 2] if _is_list(told) else []
    return ", ".join(f"{_clock(begin)}–{_clock(end)}" for begin, end in spans)


def _clock(told: Any) -> str:
    try:
        return formats.time_format(time.fromisoformat(str(told)), "H:i")
    except ValueError:
        return str(told)


def _days(first: int, last: int) -> str:
    begin, end = str(WEEKDAYS_ABBR[first]), str(WEEKDAYS_ABBR[last])
    return begin if first == last else f"{begin}–{end}"


def _date(told: Any) -> date | None:
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        return None


def _web(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""


def _is_dict(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


@lru_cache(maxsize=1_000)
def _drawn(address: str) -> str:
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=QR_SCALE, border=3, light="#fff"))
