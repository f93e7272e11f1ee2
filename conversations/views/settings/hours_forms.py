"""What is filled in about hours: a line of text for each day of the week, and single days."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS as NAMES
from django.utils.translation import gettext_lazy as _

from conversations import clock_text, public_holidays
from conversations.business_hours import WEEKDAYS
from conversations.models import InboxSettings

MAX_NOTE_CHARS = 80
PROBLEMS = {
    "unreadable": _("“%(part)s” is no time. Write 09:00–17:30, several with a comma, nothing for closed."),
    "backwards": _("“%(part)s” ends before it begins. A night is written on both days: 22:00–24:00 and 00:00–06:00."),
    "overlap": _("Two of these overlap at %(part)s."),
    "too_many": _("Six spans a day at most."),
}


class HoursField(forms.CharField):
    """Spans as text; empty is closed."""

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput(attrs={"placeholder": _("closed"), "autocomplete": "off", "spellcheck": "false"})
        super().__init__(required=False, max_length=120, widget=widget, **given)

    def clean(self, value: Any) -> Any:
        try:
            return clock_text.read(super().clean(value))
        except clock_text.OddHours as odd:
            raise ValidationError(PROBLEMS[odd.problem], params={"part": odd.part[:40]}) from odd


class WeekForm(forms.Form):
    """The week, and whether public holidays close the company."""

    always = forms.BooleanField(
        label=_("Always open"), required=False, help_text=_("Day and night, on holidays too. The week is not asked.")
    )
    closed_on_holidays = forms.BooleanField(
        label=_("Closed on public holidays"), required=False, help_text=_("Which ones, and exceptions, stand below.")
    )
    holiday_region = forms.ChoiceField(
        label=_("State or region"), required=False, help_text=_("Where holidays differ within the country.")
    )

    def __init__(self, data: Any = None, *, settings: InboxSettings, country: str) -> None:
        hours = settings.hours
        initial = {name: clock_text.written(hours.get(name, ())) for name in WEEKDAYS} | {
            "always": not hours,
            "closed_on_holidays": settings.closed_on_holidays,
            "holiday_region": settings.holiday_region,
        }
        super().__init__(data, initial=initial)
        for order, name in enumerate(WEEKDAYS):
            self.fields[name] = HoursField(label=NAMES[order])
        regions = public_holidays.regions_of(country)
        self.fields["holiday_region"].choices = [("", _("Whole country")), *((one, one) for one in regions)]  # type: ignore[attr-defined]

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[name] for name in WEEKDAYS]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("always"):
            for name in WEEKDAYS:  # they are not on the page then, so nobody could mend them
                self.errors.pop(name, None)
        elif not self.errors and not any(found.get(name) for name in WEEKDAYS):
            raise ValidationError(_("Give at least one day some hours, or choose “Always open”."))
        return found

    def settings(self) -> dict[str, Any]:
        """What is kept."""
        found = self.cleaned_data
        return {
            "hours": {} if found["always"] else {name: found[name] for name in WEEKDAYS},
            "closed_on_holidays": found["closed_on_holidays"],
            "holiday_region": found["holiday_region"],
        }


class DayForm(forms.Form):
    """One day on which the hours are other than usual."""

    date = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    kind = forms.ChoiceField(
        label=_("On that day"),
        choices=[
            ("closed", _("Closed")),
            ("own", _("Open at other hours")),
            ("usual", _("As usual, though it is a holiday")),
        ],
        widget=forms.RadioSelect,
        initial="closed",
    )
    hours = HoursField(label=_("Hours"), help_text=_("Like 10:00–14:00, when it is open at other hours."))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=MAX_NOTE_CHARS, help_text=_("For colleagues, like “Stock-taking”.")
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("kind") == "own" and "hours" in found and not found["hours"]:
            self.add_error("hours", _("Write the hours of that day, or choose “Closed”."))
        return found

    def special(self) -> dict[str, Any]:
        """The day as settings keep it."""
        found = self.cleaned_data
        hours = {"closed": [], "own": found["hours"], "usual": None}[found["kind"]]
        return {"date": found["date"].isoformat(), "hours": hours, "note": found["note"]}
