"""What people say about their presence."""

from django import forms

from tenants.accounts.models import Presence


class PresenceForm(forms.Form):
    presence = forms.ChoiceField(choices=Presence.choices)
    reason = forms.CharField(max_length=60, required=False)
