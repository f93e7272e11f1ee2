"""What agency staff fill in."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tenants import countries
from tenants.accounts.roles import Role
from tenants.models import Agency, ClientCompany, StaffMembership
from tenants.services.errors import SubdomainTaken
from tenants.subdomains import normalised


class CompanyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    subdomain = forms.CharField(label=_("Address"), max_length=40, help_text=_("The first part of the host name."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="nl")
    country = forms.ChoiceField(label=_("Country"), choices=countries.choices, initial="NL")
    admin_name = forms.CharField(label=_("Name of the first admin"), max_length=80)
    admin_email = forms.EmailField(
        label=_("E-mail address of the first admin"), help_text=_("Gets a link to choose a password.")
    )

    def clean_subdomain(self) -> str:
        """From the shell the same twice is once; on a page a second client at an address is a mistake."""
        subdomain = normalised(self.cleaned_data["subdomain"])
        if ClientCompany.objects.filter(subdomain=subdomain).exists():
            raise forms.ValidationError(SubdomainTaken.user_message)
        return subdomain


class GrantForm(forms.Form):
    membership = forms.ModelChoiceField(
        queryset=StaffMembership.objects.none(), label=_("Person"), empty_label=_("Choose a person")
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.AGENT)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["membership"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type
        field.queryset = agency.memberships.filter(user__is_active=True).select_related("user").order_by("user__name")
        field.label_from_instance = lambda membership: membership.user.name  # type: ignore[method-assign,assignment]


class StaffForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("Gets a link to choose a password."))
    role = forms.ChoiceField(label=_("Role"), choices=StaffMembership.Role.choices, initial=StaffMembership.Role.STAFF)


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)


class MemberForm(forms.Form):
    membership = forms.ModelChoiceField(
        queryset=StaffMembership.objects.none(), label=_("Person"), empty_label=_("Choose a person")
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["membership"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type
        active = agency.memberships.filter(user__is_active=True)
        field.queryset = active.select_related("user", "agency").order_by("user__name")
        field.label_from_instance = lambda membership: membership.user.name  # type: ignore[method-assign,assignment]


class ClearanceForm(forms.Form):
    """Who has shown a certificate of good conduct; the paper itself is not kept."""

    cleared_on = forms.DateField(
        label=_("Certificate of good conduct shown on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    cleared_until = forms.DateField(
        label=_("To be shown again by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    clearance_kind = forms.CharField(
        label=_("Profile"), required=False, max_length=60, help_text=_("What the certificate was asked for.")
    )
    nda_signed_on = forms.DateField(
        label=_("Confidentiality signed on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    works_from = forms.ChoiceField(
        label=_("Works from"),
        required=False,
        choices=countries.choices_or_none,
        help_text=_("Nothing chosen: the agency's own country."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        shown, until = data.get("cleared_on"), data.get("cleared_until")
        if until and not shown:
            self.add_error("cleared_on", _("Say when it was shown."))
        if shown and until and until <= shown:
            self.add_error("cleared_until", _("This is not after the day it was shown."))
        return data
