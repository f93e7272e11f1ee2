"""When the company answers: its week, special days, and the public holidays of its country."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conversations import business_hours, public_holidays
from conversations.business_hours import BusinessHours
from conversations.models import InboxSettings
from conversations.services import inbox_settings
from conversations.services.promise.promise import Promise
from conversations.views.settings.hours_forms import DayForm, WeekForm
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

MOST_DAYS = 200
YEAR = timedelta(days=365)


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def edit(request: CompanyRequest) -> HttpResponse:
    """The week; with POST it is changed."""
    form = WeekForm(request.POST or None, settings=InboxSettings.load(), country=request.company.country)
    if request.method == "POST" and form.is_valid():
        inbox_settings.change(by=request.user, request=request, **form.settings())
        messages.success(request, _("The hours are saved. Whoever waits now gets the time they say."))
        return redirect("settings:hours")
    return _page(request, week=form)


@require_POST
@requires(Permission.SETTINGS_MANAGE)
def add_day(request: CompanyRequest) -> HttpResponse:
    """Hours of one day that are other than usual; a day that is there already is replaced."""
    form = DayForm(request.POST)
    days = InboxSettings.load().special_days
    if form.is_valid() and len(days) >= MOST_DAYS:
        form.add_error("date", _("200 special days are kept at most. Remove some that are over."))
    if not form.is_valid():
        return _page(request, day=form)
    told = form.special()
    rest = [one for one in days if one.get("date") != told["date"]]
    _write(request, [*rest, told])
    messages.success(request, _("The day is saved."))
    return redirect("settings:hours")


@require_POST
@requires(Permission.SETTINGS_MANAGE)
def drop_day(request: CompanyRequest) -> HttpResponse:
    """The day is as usual again."""
    told = request.POST.get("date", "")
    _write(request, [one for one in InboxSettings.load().special_days if not told or one.get("date") != told])
    return redirect("settings:hours")


@require_POST
@requires(Permission.SETTINGS_MANAGE)
def holidays(request: CompanyRequest) -> HttpResponse:
    """On which public holidays the company works as usual, every year; two that fall on one day go together."""
    worked = set(request.POST.getlist("worked"))
    rest = [one for one in InboxSettings.load().special_days if not one.get("holiday")]
    known = {name for _day, names in _coming(request) if names[0] in worked for name in names}
    kept = [{"holiday": name, "note": ""} for name in sorted(known)]
    _write(request, [*rest, *kept])
    messages.success(request, _("The holidays are saved."))
    return redirect("settings:hours")


def _write(request: CompanyRequest, days: list[dict[str, Any]]) -> None:
    days.sort(key=lambda one: (one.get("date", ""), one.get("holiday", "")))
    inbox_settings.change(by=request.user, request=request, special_days=days)


def _page(request: CompanyRequest, *, week: WeekForm | None = None, day: DayForm | None = None) -> HttpResponse:
    settings = InboxSettings.load()
    promise = Promise.of(settings)
    now = timezone.now()
    today = promise.hours.local_day(now)
    due = promise.due(now)
    context = {
        "week": week or WeekForm(settings=settings, country=request.company.country),
        "day": day or DayForm(),
        "company_zone": request.company.time_zone,
        "special": [_special(one, today) for one in settings.special_days if one.get("date")],
        "holidays": _listed(request, promise.hours),
        "closes_on_holidays": settings.closed_on_holidays and bool(settings.hours),
        "open_now": promise.hours.is_open(now),
        "closes_at": promise.hours.closing(now),
        "opens_at": promise.hours.next_opening(now),
        "due": due,
    }
    status = 422 if (week and week.errors) or (day and day.errors) else 200
    return render(request, "settings/hours.html", context, status=status)


def _special(one: dict[str, Any], today: date) -> dict[str, Any]:
    day, hours = date.fromisoformat(one["date"]), one.get("hours")
    return {"date": day, "key": one["date"], "hours": hours, "note": one.get("note", ""), "over": day < today}


def _coming(request: CompanyRequest) -> list[tuple[date, public_holidays.Names]]:
    """The public holidays of a year from today, by their own names."""
    region, today = InboxSettings.load().holiday_region, timezone.localdate()
    found = [
        pair
        for year in (today.year, today.year + 1)
        for pair in public_holidays.of_year(request.company.country, region, year).items()
    ]
    return [(day, names) for day, names in found if today <= day < today + YEAR]


def _listed(request: CompanyRequest, hours: BusinessHours) -> list[dict[str, Any]]:
    region, language = InboxSettings.load().holiday_region, translation.get_language() or ""
    listed = []
    for day, names in _coming(request):
        told = public_holidays.of_year(request.company.country, region, day.year, language).get(day, names)
        usual = hours.rules.week[day.weekday()] if hours.rules.week else business_hours.ALL_DAY
        listed.append(
            {
                "day": day,
                "names": names,
                "name": ", ".join(told),
                "worked": set(names) <= hours.rules.worked,
                "closed_anyway": not usual,
            }
        )
    return listed
