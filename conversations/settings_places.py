"""The pages of a company's settings, in one table: the index shows those that are there and that a role opens."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.accounts.models import User
from tenants.accounts.roles import Permission


@dataclass(frozen=True, slots=True)
class SettingsPlace:
    """One page: the name of its route, what it is called, and what one decides there."""

    route: str
    name: str | Promise
    about: str | Promise
    icon: str
    permission: Permission = Permission.SETTINGS_MANAGE

    @property
    def url(self) -> str:
        """Where it is; empty while no such route exists."""
        try:
            return reverse(self.route)
        except NoReverseMatch:
            return ""


@dataclass(frozen=True, slots=True)
class Group:
    name: str | Promise
    places: tuple[SettingsPlace, ...]


GROUPS = (
    Group(
        _("Answering"),
        (
            SettingsPlace("settings:hours", _("Hours"), _("The week, special days and public holidays."), "clock"),
            SettingsPlace(
                "settings:intents", _("Promise and intents"), _("How soon people get an answer, and to what."), "timer"
            ),
            SettingsPlace(
                "settings:labels",
                _("Labels"),
                _("Words to sort conversations and contacts with."),
                "tags",
                Permission.KNOWLEDGE_MANAGE,
            ),
            SettingsPlace(
                "admin:greeting", _("Greeting"), _("What people read first, and when you are closed."), "hand"
            ),
            SettingsPlace(
                "briefing:tone",
                _("Tone and links"),
                _("How you speak to people, and links that agents need."),
                "message-circle-heart",
                Permission.KNOWLEDGE_MANAGE,
            ),
            SettingsPlace(
                "conversations:shared_replies",
                _("Quick replies"),
                _("Answers behind a word, in each language."),
                "zap",
                Permission.KNOWLEDGE_MANAGE,
            ),
            SettingsPlace(
                "settings:fields", _("Contact fields"), _("What you keep about a contact beside the chat."), "list-plus"
            ),
            SettingsPlace(
                "settings:inbox", _("Inbox"), _("When conversations close; signature; WhatsApp forms."), "inbox"
            ),
        ),
    ),
    Group(
        _("People"),
        (
            SettingsPlace(
                "admin:people", _("People"), _("Who works here, and in which role."), "users", Permission.PEOPLE_MANAGE
            ),
            SettingsPlace(
                "admin:teams",
                _("Teams"),
                _("Who answers what, and how conversations are given out."),
                "users-round",
                Permission.PEOPLE_MANAGE,
            ),
            SettingsPlace(
                "admin:client-people", _("People to ask"), _("Who answers questions of agents by mail."),
                "mail-question-mark",
            ),
        ),
    ),
    Group(
        _("Outside"),
        (
            SettingsPlace(
                "admin:access", _("Access of the agency"), _("Who of your agency may work here, and how."), "key",
                Permission.PEOPLE_MANAGE,
            ),
            SettingsPlace("public:settings", _("Contact page"), _("What everybody can see about you."), "globe"),
            SettingsPlace(
                "admin:keys", _("API keys"), _("Systems that read and write here."), "key-round",
                Permission.API_KEYS_MANAGE,
            ),
        ),
    ),
    Group(
        _("Safety"),
        (
            SettingsPlace("admin:sensitive", _("Sensitive data"), _("What is masked, stopped and blurred."), "eye-off"),
            SettingsPlace("admin:danger", _("Danger"), _("Words that alarm somebody, and what to do then."), "siren"),
            SettingsPlace("sign-in-policy", _("Signing in"), _("Whether a second step is asked for."), "lock"),
        ),
    ),
)  # fmt: skip


def groups_for(user: User) -> list[Group]:
    """The pages that this person may open, group by group."""
    open_ones = (Group(group.name, tuple(_open_to(user, group.places))) for group in GROUPS)
    return [group for group in open_ones if group.places]


def _open_to(user: User, places: tuple[SettingsPlace, ...]) -> list[SettingsPlace]:
    return [place for place in places if user.may(place.permission) and place.url]
