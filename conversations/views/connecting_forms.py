"""What a person fills in while a number is connected."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.services.connecting.handing_over import MAX_NOTE_CHARS, Ground
from tenants.models import MetaApp

REGIONS = [
    ("DE", _("European Union (Germany)")),
    ("CH", _("Switzerland")),
    ("GB", _("United Kingdom")),
    ("", _("Wherever WhatsApp keeps them")),
    ("AE", _("United Arab Emirates")),
    ("AU", _("Australia")),
    ("BH", _("Bahrain")),
    ("BR", _("Brazil")),
    ("CA", _("Canada")),
    ("ID", _("Indonesia")),
    ("IN", _("India")),
    ("JP", _("Japan")),
    ("KR", _("South Korea")),
    ("SG", _("Singapore")),
    ("ZA", _("South Africa")),
]
PIN = r"^[0-9]{6}$"


def _secret(label: Any, *, help_text: Any, required: bool = True) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label, help_text=help_text, widget=widget, strip=True, required=required, max_length=4096
    )


class AppField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the Meta apps that the company's numbers may be connected through."""

    def __init__(self) -> None:
        super().__init__(queryset=MetaApp.objects.none(), label=_("Meta app"), empty_label=None)

    def offer(self, apps: list[MetaApp]) -> None:
        self.queryset = MetaApp.objects.filter(pk__in=[app.pk for app in apps]).order_by("sandbox", "name")


class ByHandForm(forms.Form):
    phone_number_id = forms.RegexField(
        r"^\d{5,40}$",
        label=_("Phone number id"),
        help_text=_("Digits only; it stands beside the number in WhatsApp Manager, and is not the number itself."),
    )
    waba_id = forms.RegexField(r"^\d{5,40}$", label=_("WhatsApp Business Account id"))
    app = AppField()
    token = _secret(_("Access token"), help_text=_("Of a system user. Kept encrypted and never shown again."))
    pin = forms.RegexField(
        PIN,
        label=_("Two-step PIN"),
        required=False,
        help_text=_("Six digits, if the number has one already. Else one is made."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    region = forms.ChoiceField(label=_("Where WhatsApp keeps the data"), choices=REGIONS, initial="DE", required=False)

    def __init__(self, *args: Any, apps: list[MetaApp], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["app"]
        assert isinstance(field, AppField)  # noqa: S101 - tells the type
        field.offer(apps)


class TokenForm(forms.Form):
    token = _secret(_("New access token"), help_text=_("Kept encrypted and never shown again."))


class PinForm(forms.Form):
    pin = forms.RegexField(
        PIN,
        label=_("Two-step PIN of the number"),
        help_text=_("Six digits. Kept encrypted and never shown."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class NewPinForm(forms.Form):
    pin = forms.RegexField(
        PIN,
        label=_("New PIN"),
        required=False,
        help_text=_("Six digits of your choice. Leave it empty to have one made that nobody guesses."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class RegionForm(forms.Form):
    region = forms.ChoiceField(label=_("Where WhatsApp keeps the data"), choices=REGIONS, initial="DE", required=False)


class AddNumberForm(forms.Form):
    phone = forms.CharField(
        label=_("Number"), max_length=32, help_text=_("As people dial it from abroad: with + and the country code.")
    )
    name = forms.CharField(label=_("Display name"), max_length=75, help_text=_("What people see above the chat."))


class AskCodeForm(forms.Form):
    by_call = forms.ChoiceField(
        label=_("How"), choices=[("", _("By text message")), ("yes", _("By a call"))], required=False
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )


class TestForm(forms.Form):
    phone = forms.CharField(
        label=_("Your own phone"), max_length=32, help_text=_("With + and the country code; the one you wrote from.")
    )


class HandoverForm(forms.Form):
    contacts = forms.BooleanField(label=_("Take over the contacts of the phone app"), required=False)
    history = forms.BooleanField(label=_("Take over earlier messages, up to 180 days"), required=False)
    ground = forms.ChoiceField(
        label=_("Legal ground"), choices=[("", _("Choose one")), *Ground.choices], required=False
    )
    note = forms.CharField(
        label=_("What it rests on"),
        max_length=MAX_NOTE_CHARS,
        required=False,
        help_text=_("One sentence; it stands in the record, with your name and the time."),
    )


class DisconnectForm(forms.Form):
    queue = forms.ChoiceField(
        label=_("What happens to messages that wait"),
        choices=[("keep", _("Keep them: they leave when it is connected again")), ("call_off", _("Call them off"))],
        widget=forms.RadioSelect,
        initial="keep",
    )
    at_platform = forms.ChoiceField(
        label=_("At WhatsApp"),
        choices=[
            ("leave", _("Leave it switched on")),
            ("off", _("Switch it off for good")),
        ],
        widget=forms.RadioSelect,
        initial="leave",
        help_text=_(
            "Leave it on when it moves to another service or comes back soon. Switched off, nobody can write to it "
            "until somebody registers it again with its PIN."
        ),
    )

    def __init__(self, *args: Any, on_phone_app: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if on_phone_app:  # the phone decides there
            del self.fields["at_platform"]


class MoveDataForm(forms.Form):
    region = forms.ChoiceField(label=_("Where WhatsApp keeps the data"), choices=[one for one in REGIONS if one[0]])
    sure = forms.BooleanField(label=_("The number may be off for about a minute now"))
