"""What admins fill in about a number; the limits are the platform's."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from conversations.forms import PlainText
from conversations.services.numbers import number_links, number_profile

VERTICALS = [
    ("UNDEFINED", _("Not said")),
    ("AUTO", _("Cars and transport")),
    ("BEAUTY", _("Beauty and care")),
    ("APPAREL", _("Clothing")),
    ("EDU", _("Education")),
    ("ENTERTAIN", _("Entertainment")),
    ("EVENT_PLAN", _("Events")),
    ("FINANCE", _("Finance")),
    ("GROCERY", _("Food and groceries")),
    ("GOVT", _("Public service")),
    ("HOTEL", _("Hotels")),
    ("HEALTH", _("Health and care")),
    ("NONPROFIT", _("Non-profit")),
    ("PROF_SERVICES", _("Professional services")),
    ("RETAIL", _("Shops")),
    ("TRAVEL", _("Travel")),
    ("RESTAURANT", _("Restaurants")),
    ("OTHER", _("Something else")),
]


class ProfileForm(forms.Form):
    about = PlainText(
        label=_("One line about you"),
        max_length=number_profile.ABOUT_CHARS,
        help_text=_("Shown under the name. Up to 139 characters."),
    )
    description = PlainText(
        label=_("Description"),
        required=False,
        max_length=number_profile.DESCRIPTION_CHARS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Up to 512 characters."),
    )
    address = PlainText(label=_("Address"), required=False, max_length=number_profile.ADDRESS_CHARS)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=number_profile.EMAIL_CHARS,
        help_text=_("Another way to reach a person; WhatsApp wants one to be named."),
    )
    website = forms.URLField(
        label=_("Website"), required=False, max_length=number_profile.WEBSITE_CHARS, assume_scheme="https"
    )
    second_website = forms.URLField(
        label=_("Second website"), required=False, max_length=number_profile.WEBSITE_CHARS, assume_scheme="https"
    )
    vertical = forms.ChoiceField(label=_("Kind of business"), choices=VERTICALS, required=False)
    picture = forms.FileField(
        label=_("New picture"),
        required=False,
        help_text=_("Square, at least 192 pixels a side, JPEG or PNG, up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )

    def clean_picture(self) -> number_profile.Picture | None:
        given = self.cleaned_data.get("picture")
        if not isinstance(given, UploadedFile):
            return None
        if (given.size or 0) > number_profile.PICTURE_BYTES:
            raise forms.ValidationError(_("The picture is larger than 5 MB."))
        data = given.read()
        kind = number_profile.kind_of(data)
        if kind is None:
            raise forms.ValidationError(_("This is neither a JPEG nor a PNG picture."))
        return number_profile.Picture(data, kind)

    def fields_for_platform(self) -> dict[str, Any]:
        """The parts of the profile as the platform names them."""
        data = self.cleaned_data
        told = {name: data[name] for name in ("about", "description", "address", "email")}
        told["websites"] = [site for site in (data["website"], data["second_website"]) if site]
        told["vertical"] = data["vertical"] or "UNDEFINED"
        return told

    @staticmethod
    def initial_of(profile: dict[str, Any]) -> dict[str, Any]:
        """The profile as the form shows it."""
        sites = profile.get("websites")
        sites = [*sites, "", ""] if isinstance(sites, list) else ["", ""]
        return {**profile, "website": sites[0], "second_website": sites[1]}


class AutomationForm(forms.Form):
    """Ice breakers, one a field, and commands, one a line as ``/name description``."""

    first = PlainText(label=_("First question"), required=False, max_length=number_profile.PROMPT_CHARS)
    second = PlainText(label=_("Second question"), required=False, max_length=number_profile.PROMPT_CHARS)
    third = PlainText(label=_("Third question"), required=False, max_length=number_profile.PROMPT_CHARS)
    commands = PlainText(
        label=_("Commands"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line: the word, then what it does, as in “/hours Tells when we are open”. At most 30."),
    )

    @staticmethod
    def initial_of(automation: dict[str, Any]) -> dict[str, Any]:
        """Prompts and commands as the form shows them."""
        prompts = [*automation.get("prompts", []), "", "", ""]
        rows = [row for row in automation.get("commands", []) if isinstance(row, dict)]
        lines = [f"/{row.get('command_name', '')} {row.get('command_description', '')}".strip() for row in rows]
        return {"first": prompts[0], "second": prompts[1], "third": prompts[2], "commands": "\n".join(lines)}

    def clean_commands(self) -> list[dict[str, str]]:
        lines = [line.strip() for line in self.cleaned_data["commands"].splitlines() if line.strip()]
        if len(lines) > number_profile.COMMANDS:
            raise forms.ValidationError(_("At most 30 commands fit."))
        found = [self._command(line) for line in lines]
        if len({row["command_name"] for row in found}) < len(found):
            raise forms.ValidationError(_("Two commands have the same word."))
        return found

    @staticmethod
    def _command(line: str) -> dict[str, str]:
        name, _space, note = line.removeprefix("/").partition(" ")
        if not name or "/" in name or len(name) > number_profile.COMMAND_CHARS:
            raise forms.ValidationError(_("“%(line)s”: the word has 1 to 30 characters."), params={"line": line[:60]})
        if not 1 <= len(note.strip()) <= number_profile.COMMAND_NOTE_CHARS:
            text = _("“%(line)s”: say after the word what it does, in up to 256 characters.")
            raise forms.ValidationError(text, params={"line": line[:60]})
        return {"command_name": name, "command_description": note.strip()}

    @property
    def prompts(self) -> list[str]:
        data = self.cleaned_data
        return [text for text in (data["first"], data["second"], data["third"]) if text]


class LinkForm(forms.Form):
    text = PlainText(
        label=_("Text that is filled in"),
        max_length=number_links.TEXT_CHARS,
        help_text=_("The person may change it before sending. Up to 140 characters."),
    )


class CallingForm(forms.Form):
    on = forms.BooleanField(required=False)


class NameForm(forms.Form):
    name = PlainText(
        label=_("New display name"),
        min_length=3,
        max_length=120,
        help_text=_("The company's own name, as on its website. WhatsApp reviews it, usually within a day."),
    )


class UsernameForm(forms.Form):
    username = forms.CharField(
        label=_("Username"),
        min_length=3,
        max_length=35,
        help_text=_("3 to 35 small letters, digits, points and underscores."),
    )


class BlockForm(forms.Form):
    reason = PlainText(required=False, max_length=200)
