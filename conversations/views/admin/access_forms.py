"""What admins decide when they let the agency work in their company."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.accounts.roles import Role
from tenants.accounts.services.conditions import CLEARANCE, COUNTRIES, HOUSE_RULES

COUNTRY = re.compile(r"[A-Z]{2}")
MAX_COUNTRIES = 40


class AccessForm(forms.Form):
    """A role and the conditions under which it is given."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.AGENT)
    clearance = forms.BooleanField(
        label=_("Only with a valid certificate of good conduct"),
        required=False,
        help_text=_("Access stops on the day it has to be shown again."),
    )
    house_rules = forms.BooleanField(
        label=_("Only after accepting our house rules"),
        required=False,
        help_text=_("They stand on the page Briefing. Changed rules have to be accepted again."),
    )
    countries = forms.CharField(
        label=_("Only from these countries"),
        required=False,
        max_length=200,
        help_text=_("Two letters each, as in NL, BE. Empty: from anywhere."),
    )

    def __init__(self, *args: Any, rules: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rules = rules

    def clean_house_rules(self) -> bool:
        wanted = bool(self.cleaned_data["house_rules"])
        if wanted and not self._rules:
            raise forms.ValidationError(_("There are no house rules yet. Write them on the page Briefing first."))
        return wanted

    def clean_countries(self) -> list[str]:
        codes = list(dict.fromkeys(re.split(r"[\s,;]+", self.cleaned_data["countries"].strip().upper())))
        codes = [code for code in codes if code]
        if len(codes) > MAX_COUNTRIES or not all(COUNTRY.fullmatch(code) for code in codes):
            raise forms.ValidationError(_("Write countries as two letters with commas between, as in NL, BE."))
        return codes

    def conditions(self) -> dict[str, Any]:
        """As a grant keeps them; what is not asked is absent."""
        names = (CLEARANCE, HOUSE_RULES, COUNTRIES)
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}


class PersonAccessForm(AccessForm):
    person = forms.ChoiceField(label=_("Person"))
    field_order = ("person", "role")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", _("Choose a person")), *choices]  # type: ignore[attr-defined]


class TeamAccessForm(AccessForm):
    team = forms.ChoiceField(label=_("Team"))
    field_order = ("team", "role")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="team_%s", **kwargs)
        self.fields["team"].choices = [("", _("Choose a team")), *choices]  # type: ignore[attr-defined]
