"""What people fill in when they close, hand over, snooze or ask; checked before a service sees it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.forms import PlainText
from conversations.models import Intent, Team
from conversations.services.guard.guarding_out import MAX_REASON_CHARS
from conversations.services.handling import holds
from conversations.services.questions.questions import MAX_CHARS
from tenants.accounts.models import User


class ClosingForm(forms.Form):
    """``holder``: the colleague who answers it, when the person was told so and closes it all the same."""

    holder = forms.UUIDField(required=False)
    reason = PlainText(required=False, max_length=60)
    intent = forms.ModelChoiceField(Intent.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["intent"].queryset = Intent.objects.filter(retired_at=None)  # type: ignore[attr-defined]


class IntentForm(forms.Form):
    """Empty: nobody knows."""

    intent = forms.ModelChoiceField(Intent.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["intent"].queryset = Intent.objects.filter(retired_at=None)  # type: ignore[attr-defined]


class TransferForm(forms.Form):
    """``to`` is ``person:`` or ``team:`` and an id."""

    to = forms.CharField(error_messages={"required": _("Choose a person or a team.")})
    note = PlainText(required=False, max_length=MAX_CHARS)
    follow = forms.BooleanField(required=False)

    def clean_to(self) -> User | Team:
        kind, _colon, pk = self.cleaned_data["to"].partition(":")
        field = forms.ModelChoiceField(Team.objects.all() if kind == "team" else User.objects.all())
        found: User | Team = field.clean(pk)
        return found


class HoldForm(forms.Form):
    """``preset`` is one of the times offered, ``reply`` for the next message, or ``own`` with a time of one's own."""

    preset = forms.CharField(max_length=12)
    own = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = zone

    def until(self) -> datetime | None:
        """When it ends; None with the next message. Raises ValueError for what is no time."""
        chosen = self.cleaned_data["preset"]
        if chosen == "reply":
            return None
        if chosen == "own":
            return datetime.fromisoformat(self.cleaned_data["own"]).replace(tzinfo=ZoneInfo(self._zone))
        until = holds.preset(chosen, zone=self._zone)
        if until is None:
            raise ValueError(chosen)
        return until


class QuestionForm(forms.Form):
    """``person`` is the address of somebody in the company's list, else name and address are typed."""

    person = forms.CharField(required=False, max_length=254)
    name = PlainText(required=False, max_length=80)
    email = forms.CharField(required=False, max_length=254)
    body = PlainText(max_length=MAX_CHARS, error_messages={"required": _("Write the question first.")})
    override_reason = PlainText(required=False, max_length=MAX_REASON_CHARS)


class AnswerForm(forms.Form):
    name = PlainText(label=_("Your name"), max_length=80)
    body = PlainText(
        label=_("Your answer"),
        max_length=MAX_CHARS,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": _("Write your answer first.")},
    )


class ClientPersonForm(forms.Form):
    """Somebody at the company without a seat, who may be asked."""

    name = PlainText(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    about = PlainText(
        label=_("Ask about"), required=False, max_length=120, help_text=_("As in “deliveries” or “invoices”.")
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, languages: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("The company's")), *languages]  # type: ignore[attr-defined]
