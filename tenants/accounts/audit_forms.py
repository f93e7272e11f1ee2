"""The filter above the audit trail."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.accounts.audit_words import ACTIONS, SUBJECTS
from tenants.accounts.services import audit_reading
from tenants.accounts.services.audit_reading import Filter

ONE_THING = r"\A[a-z]{1,40}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AuditFilterForm(forms.Form):
    person = forms.ChoiceField(label=_("Person"), required=False)
    action = forms.ChoiceField(label=_("What"), required=False)
    kind = forms.ChoiceField(label=_("About"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=DayInput)
    until = forms.DateField(label=_("To"), required=False, widget=DayInput)

    subject = forms.RegexField(ONE_THING, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = [("", _("Everybody")), *audit_reading.people()]
        everything = [("", _("Everything")), *_by_words(ACTIONS)]
        self.fields["person"].choices = everybody  # type: ignore[attr-defined]
        self.fields["action"].choices = everything  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("Everything")), *_by_words(SUBJECTS)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Another kind than that of the one thing shown: the person looks for something else."""
        found = super().clean() or {}
        if found.get("kind") and found.get("subject", "").partition(":")[0] != found["kind"]:
            found["subject"] = ""
        return found

    @property
    def shown(self) -> Filter:
        """What was asked for; a value that makes no sense filters nothing and is named beside its field."""
        return Filter(**{name: value for name, value in self.cleaned_data.items() if value})


def _by_words(names: Mapping[str, Promise]) -> list[tuple[str, Promise]]:
    return sorted(names.items(), key=lambda pair: str(pair[1]).casefold())
