"""What people fill in on the privacy pages, checked before a service sees it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.retention import Period, Unit
from privacy.services.agreements import MAX_SIGNATORY_CHARS
from privacy.services.policies import MAX_REASON_CHARS, Policy


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SignedAgreementForm(forms.Form):
    """A signed agreement: the file, who signed, and the days between which it counts."""

    file = forms.FileField(
        label=_("Signed agreement"),
        help_text=_("A PDF of at most 10 MB."),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )
    controller_signatory = forms.CharField(label=_("Who signed for the company"), max_length=MAX_SIGNATORY_CHARS)
    processor_signatory = forms.CharField(label=_("Who signed for the agency"), max_length=MAX_SIGNATORY_CHARS)
    signed_on = forms.DateField(label=_("Signed on"), widget=DayInput)
    starts_on = forms.DateField(label=_("First day"), widget=DayInput)
    ends_on = forms.DateField(
        label=_("Last day"), widget=DayInput, required=False, help_text=_("Empty when it runs until it is ended.")
    )


class EndAgreementForm(forms.Form):
    on = forms.DateField(label=_("Last day"), widget=DayInput)


class PeriodForm(forms.Form):
    """How long a class is kept, and why. ``sure`` says that the person saw how much leaves tonight."""

    number = forms.IntegerField(label=_("Keep for"), min_value=1, max_value=5000)
    unit = forms.ChoiceField(
        label=_("Unit"), choices=[(Unit.DAYS, _("Days")), (Unit.MONTHS, _("Months"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why this long"),
        max_length=MAX_REASON_CHARS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence, for whoever asks later. It becomes part of the record."),
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, policy: Policy, data: Any = None) -> "PeriodForm":
        kept = policy.kept
        reason = policy.chosen.reason if policy.chosen else ""
        return cls(data, initial={"number": kept.number, "unit": kept.unit, "reason": reason})

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["number"], Unit(self.cleaned_data["unit"]))
