"""What the audit trail calls the fields that somebody changed: as the form says in which they are filled in."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from conversations.forms_briefing import BriefingForm
from conversations.settings_places import GROUPS
from conversations.views.admin.forms import InboxSettingsForm
from conversations.views.admin.forms_guard import DangerForm, GreetingForm, SensitiveForm
from conversations.views.admin.forms_people import AnswersForm, GivingOutForm, TeamForm
from conversations.views.numbers.forms import AutomationForm, ProfileForm
from conversations.views.public.forms import OTHER_WAYS, ContactPageForm
from conversations.views.settings.hours_forms import WeekForm
from conversations.views.settings.intents import IntentForm, PromiseForm
from tenants.accounts.audit_facts import Text, labels_of, register_fields

OF_CONTACTS: dict[str, Text] = {"given_name": _("Name"), "language": _("Language"), "labels": _("Labels")}


def register_all() -> None:
    """Once, when the app is loaded."""
    register_fields("settings.changed", labels=_settings())
    register_fields("intent.changed", labels=labels_of(IntentForm))
    register_fields("person.duty_changed", "staff.answers_changed", labels=labels_of(AnswersForm))
    teams: dict[str, Text] = {"members": _("Members"), "leads": _("Team leads")}
    register_fields("team.changed", labels=labels_of(TeamForm) | teams)
    automation: dict[str, Text] = {"prompts": _("Ice breakers"), "picture": _("Picture"), "websites": _("Website")}
    register_fields("number.changed", labels=labels_of(ProfileForm, AutomationForm) | automation)


def _settings() -> dict[str, Text]:
    """Of every column of the inbox's settings and every part of its forms, each with the page it stands on."""
    texts = {f"text_{code}": format_lazy("{} ({})", OTHER_WAYS, name) for code, name in settings.LANGUAGES}
    return {
        **_on("settings:hours", labels_of(WeekForm), hours=_("Opening hours"), special_days=_("Special days")),
        **_on("settings:intents", labels_of(PromiseForm)),
        **_on("settings:inbox", labels_of(InboxSettingsForm)),
        **_on("admin:teams", labels_of(GivingOutForm)),
        **_on("admin:sensitive", labels_of(SensitiveForm)),
        **_on("admin:danger", labels_of(DangerForm), **_columns(DangerForm)),
        **_on("admin:greeting", _columns(GreetingForm)),
        **_on("briefing:tone", labels_of(BriefingForm)),
        **_on("public:settings", labels_of(ContactPageForm), public_text=OTHER_WAYS, **texts),
        "contact_fields": _("Contact fields"),
        "client_people": _("People to ask"),
    }


def _on(route: str, labels: Mapping[str, Text], **more: Text) -> dict[str, Text]:
    page = next(one.name for group in GROUPS for one in group.places if one.route == route)
    return {name: format_lazy("{}: {}", page, label) for name, label in {**labels, **more}.items()}


def _columns(form: type[DangerForm] | type[GreetingForm]) -> dict[str, Text]:
    """What is kept in one column for all languages."""
    return {column: label for column, label, *_rest in form.per_language}
