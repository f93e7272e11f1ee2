"""The filter above the audit trail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.accounts.audit_words import ACTIONS
from tenants.accounts.services import audit_reading
from tenants.accounts.services.audit_reading import Filter


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AuditFilterForm(forms.Form):
    person = forms.ChoiceField(label=_("Person"), required=False)
    action = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=DayInput)
    until = forms.DateField(label=_("To"), required=False, widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = [("", _("Everybody")), *audit_reading.people()]
        everything = [("", _("Everything")), *sorted(ACTIONS.items(), key=lambda pair: str(pair[1]))]
        self.fields["person"].choices = everybody  # type: ignore[attr-defined]
        self.fields["action"].choices = everything  # type: ignore[attr-defined]

    @property
    def shown(self) -> Filter:
        """What was asked for; a value that makes no sense filters nothing and is named beside its field."""
        return Filter(**{name: value for name, value in self.cleaned_data.items() if value})
