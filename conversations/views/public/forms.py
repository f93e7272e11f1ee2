"""What an admin decides about the contact page."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.forms import PlainText
from conversations.models import InboxSettings

MAX_TEXT_CHARS = 1_000
OTHER_WAYS = _("Other ways to reach you, in your words")


def in_languages(prefix: str, label: str | Promise, *, max_length: int, rows: int, first: str) -> dict[str, PlainText]:
    """One field for each language, the company's own first."""
    codes = sorted(dict(settings.LANGUAGES), key=lambda code: (code != first, code))
    return {
        f"{prefix}_{code}": PlainText(
            label=f"{label} ({dict(settings.LANGUAGES)[code]})",
            required=False,
            max_length=max_length,
            widget=forms.Textarea(attrs={"rows": rows, "lang": code}),
        )
        for code in codes
    }


def texts_of(data: dict[str, Any], prefix: str) -> dict[str, str]:
    """What was typed, by language; empty ones are left out."""
    typed = {code: data.get(f"{prefix}_{code}", "") for code in dict(settings.LANGUAGES)}
    return {code: text.strip() for code, text in typed.items() if text.strip()}


class ContactPageForm(forms.ModelForm):  # type: ignore[type-arg]
    other_form_url = forms.URLField(
        label=_("Address of a secure form"),
        required=False,
        assume_scheme="https",
        help_text=_(
            "For what people should not write in a chat. Agents offer it, the telephone and the mail in one click."
        ),
    )

    class Meta:
        model = InboxSettings
        fields = ["public_page", "other_phone", "other_mail", "other_form_url"]
        labels = {
            "public_page": _("Everybody may see the contact page"),
            "other_phone": _("Telephone number"),
            "other_mail": _("E-mail address"),
        }
        help_texts = {"public_page": "", "other_phone": _("Where a person answers, also when WhatsApp does not work.")}

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(in_languages("text", OTHER_WAYS, max_length=MAX_TEXT_CHARS, rows=3, first=language))
        for code, text in self.instance.public_text.items():
            if f"text_{code}" in self.fields:
                self.fields[f"text_{code}"].initial = text

    def save(self, commit: bool = True) -> InboxSettings:
        self.instance.public_text = texts_of(self.cleaned_data, "text")
        saved: InboxSettings = super().save(commit=commit)
        return saved
