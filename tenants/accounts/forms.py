"""What people fill in about themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from tenants.accounts.models import User
from tenants.accounts.models.user import Theme
from tenants.accounts.services.profile import OWN_FIELDS
from tenants.models import ClientCompany

MAX_UNDO_SECONDS = 10


class ProfileForm(forms.Form):
    """One's own name, alias, language, theme and time to undo. Fields of the inbox stand in companies only."""

    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput({"autocomplete": "name"}))
    alias = forms.CharField(
        label=_("Name for customers"),
        max_length=40,
        required=False,
        help_text=_("What customers see when the company shows who answers. Empty: your first name."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    theme = forms.ChoiceField(
        label=_("Look"),
        required=False,
        choices=[("", _("As my device")), *Theme.choices],
        widget=forms.RadioSelect,
    )
    undo_seconds = forms.IntegerField(
        label=_("Seconds to undo"),
        min_value=0,
        validators=[MaxValueValidator(MAX_UNDO_SECONDS, _("Ten seconds is the most."))],
        widget=forms.NumberInput({"max": MAX_UNDO_SECONDS}),
        help_text=_("A sent text waits this long, so that you can take it back. 0 sends at once, 10 is the most."),
    )
    enter_sends = forms.BooleanField(
        label=_("Enter sends a reply"),
        required=False,
        help_text=_("Shift+Enter begins a new line. Otherwise Enter does, and Ctrl+Enter sends."),
    )
    letter_keys = forms.BooleanField(
        label=_("Single letters are keys"),
        required=False,
        help_text=_("Off helps whoever dictates or presses a letter by accident. Ctrl+K still finds every action."),
    )
    open_next = forms.BooleanField(
        label=_("Open the next conversation by itself"),
        required=False,
        help_text=_("After closing, snoozing or giving one away, the one opens that should be answered next."),
    )

    notify_desktop = forms.BooleanField(
        label=_("Show notifications on this device"),
        required=False,
        help_text=_("While the page is not in view: the company's name and what happened, never what somebody wrote."),
    )
    notify_sound = forms.BooleanField(
        label=_("Play a sound"),
        required=False,
        help_text=_("Once, however much comes at the same time, and not for what you are reading."),
    )

    def __init__(self, *args: Any, user: User, in_company: bool, side_language: str, **kwargs: Any) -> None:
        initial = {name: getattr(user, name) for name in OWN_FIELDS}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        usual = get_language_info(side_language)["name_local"].capitalize()
        languages = [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", _("As usual here (%(language)s)") % {"language": usual}),
            *languages,
        ]
        if not in_company:
            del self.fields["alias"]  # one at each client; the rest holds at the desk for all of them


class SignInPolicyForm(forms.Form):
    """Whether admins must sign in with a second step."""

    require_two_factor = forms.BooleanField(
        label=_("Admins sign in with a second step"),
        required=False,
        help_text=_("An authenticator app or a passkey. Who has none yet sets one up at the next sign-in."),
    )

    def __init__(self, *args: Any, company: ClientCompany, **kwargs: Any) -> None:
        kwargs["initial"] = {"require_two_factor": company.require_two_factor}
        super().__init__(*args, **kwargs)


class AcceptInvitationForm(forms.Form):
    """The password with which an invited person begins."""

    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A sentence you remember is better than a short riddle."),
    )
