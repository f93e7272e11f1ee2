"""What people write into a quick reply."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from conversations import placeholders
from conversations.forms import PlainText
from conversations.models import QuickReply
from conversations.services.outbox.outbox import MAX_BODY_CHARS


class QuickReplyForm(forms.Form):
    """A word, a name and a text for each language; one language is enough."""

    shortcut = forms.CharField(
        label=_("Word after the slash"),
        max_length=30,
        validators=[RegexValidator(r"^[\w-]+$", _("Letters, digits and hyphens, no spaces."))],
        widget=forms.TextInput(attrs={"class": "input", "autocapitalize": "none", "spellcheck": "false"}),
    )
    title = forms.CharField(label=_("Name"), max_length=80)

    def __init__(
        self, *args: Any, reply: QuickReply | None = None, first: str = "", blanks: Sequence[str] = (), **kwargs: Any
    ) -> None:
        texts = reply.texts if reply else {}
        self._blanks = {blank.lower() for blank in blanks}
        self._others = {code: text for code, text in texts.items() if code not in dict(settings.LANGUAGES)}
        given = {"shortcut": reply.shortcut, "title": reply.title} if reply else {}
        kwargs["initial"] = given | {f"text_{code}": text for code, text in texts.items()}
        super().__init__(*args, **kwargs)
        for code in sorted(dict(settings.LANGUAGES), key=lambda one: one != first[:2]):
            self.fields[f"text_{code}"] = PlainText(
                label=get_language_info(code)["name_local"].capitalize(),
                required=False,
                strip=False,
                max_length=MAX_BODY_CHARS,
                widget=forms.Textarea(attrs={"class": "input", "rows": "4", "dir": "auto", "lang": code}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        cleaned["texts"] = {
            code: cleaned[f"text_{code}"].strip()
            for code in dict(settings.LANGUAGES)
            if cleaned.get(f"text_{code}", "").strip()
        }
        for code, text in cleaned["texts"].items():
            self._check_blanks(f"text_{code}", text)
        if not cleaned["texts"] and not self.errors:
            first = next(name for name in self.fields if name.startswith("text_"))
            self.add_error(first, _("Write the text in one language at least."))
        cleaned["texts"] |= self._others  # languages that this form does not show stay
        return cleaned

    def _check_blanks(self, name: str, text: str) -> None:
        """One that nobody can fill in would stand in every answer."""
        unknown = [blank for blank in placeholders.names(text) if blank not in self._blanks]
        if unknown:
            told = ", ".join(f"{{{{{blank}}}}}" for blank in unknown)
            self.add_error(
                name, _("Nothing is known by this name: %(blanks)s. Choose one of those below.") % {"blanks": told}
            )
