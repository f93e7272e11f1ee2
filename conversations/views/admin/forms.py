"""What admins fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.models import InboxSettings
from conversations.services.handling import closing
from tenants.accounts.roles import Role, Scope


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("Gets a link to choose a password."))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.AGENT)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)


class KeyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What the key is for, as in “Web shop”."))
    scopes = forms.MultipleChoiceField(
        label=pgettext_lazy("what an API key may", "May"),
        widget=forms.CheckboxSelectMultiple,
        choices=Scope.choices,
    )


class InboxSettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    privacy_url = forms.URLField(
        label=_("Address of the privacy statement"),
        required=False,
        assume_scheme="https",
        help_text=_("Shown to people; the public needs it before a number goes live."),
    )

    close_reasons = forms.CharField(
        label=_("Reasons for closing"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "input", "rows": "4"}),
        help_text=_("One a line; whoever closes a conversation chooses one. Empty: closing takes one press."),
    )

    signature = forms.ChoiceField(
        label=_("Below every answer"),
        required=False,
        choices=[
            ("none", _("Nothing")),
            ("alias", _("The name for customers of whoever answers")),
            ("text", _("A text of ours")),
        ],
        help_text=_("Nobody sees who works for whom: an alias is what a person chose to be called."),
    )

    class Meta:
        model = InboxSettings
        fields = [
            "privacy_url",
            "idle_close_days",
            "reopen_hours",
            "unknown_settles_minutes",
            "signature",
            "signature_text",
            "forms",
            "close_needs_intent",
        ]
        widgets = {"forms": forms.Textarea(attrs={"class": "input", "rows": "3", "spellcheck": "false"})}
        labels = {
            "idle_close_days": _("Close idle conversations after (days)"),
            "reopen_hours": _("A new message reopens a closed conversation for (hours)"),
            "unknown_settles_minutes": _("Wait for news of a doubtful message (minutes)"),
            "signature_text": _("The text below every answer"),
            "forms": _("WhatsApp forms that agents may send"),
            "close_needs_intent": _("Closing asks what the conversation was about"),
        }
        help_texts = {
            "idle_close_days": _("Closing starts the clock after which texts are removed."),
            "reopen_hours": _("After that a new message begins a new conversation in the same thread."),
            "unknown_settles_minutes": _("After that an agent may choose to send it again."),
            "forms": _("One a line: id | name | first screen. Without a screen the form's own server leads."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["close_reasons"] = "\n".join(closing.reasons(self.instance))

    def clean_close_reasons(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["close_reasons"].splitlines()]
        if any(len(line) > closing.MAX_REASON_CHARS for line in lines):
            raise forms.ValidationError(_("A reason has at most 60 characters."))
        return list(dict.fromkeys(line for line in lines if line))

    def clean_signature(self) -> str:
        return str(self.cleaned_data["signature"] or self.instance.signature)

    def clean_signature_text(self) -> str:
        text = str(self.cleaned_data["signature_text"]).strip()
        if self.cleaned_data.get("signature") == "text" and not text:
            raise forms.ValidationError(_("Write what stands below every answer."))
        return text
