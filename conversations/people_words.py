"""Words about people who answer: their presence, why conversations changed hands, the languages they speak."""

from collections.abc import Iterable
from typing import Any

from babel import Locale, UnknownLocaleError
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from conversations.services.people.presence import Person
from tenants.accounts.models import Presence

Text = str | Promise
PAUSES: dict[str, Text] = {
    "break": gettext_lazy("Break"),
    "lunch": gettext_lazy("Lunch"),
    "meeting": gettext_lazy("Meeting"),
    "training": gettext_lazy("Training"),
    "other_work": gettext_lazy("Other work"),
}
STATES = {Presence.AVAILABLE: "good", Presence.PAUSED: "waiting", Presence.AWAY: ""}
LANGUAGES = (
    *("nl", "en", "de", "fr", "es", "it", "pt", "pl", "tr", "ar", "uk", "ru", "ro", "bg", "cs", "hu", "el", "da"),
    *("sv", "nb", "fi", "hr", "sr", "sq", "fa", "hi", "ur", "vi", "id", "ja", "ko"),
)
EVENTS = ("assigned", "returned", "handed_over")


def pause_reason(reason: str) -> str:
    """A reason that the product offers in the reader's language; what somebody typed as it is."""
    return str(PAUSES.get(reason, reason))


def language_name(code: str) -> str:
    """As the reader calls it; the framework has no words of Dutch and German for all of them."""
    try:
        name = str(Locale.parse(get_language() or "en", sep="-").languages.get(code, code))
    except (UnknownLocaleError, ValueError):
        name = code
    return name[:1].upper() + name[1:]


def language_choices() -> list[tuple[str, str]]:
    return [(code, language_name(code)) for code in LANGUAGES]


def language_names(codes: Iterable[str]) -> str:
    """By name, so that a set of them reads the same every time."""
    return ", ".join(sorted(language_name(code) for code in codes))


def floor_state(person: Person) -> str:
    """The sign of somebody on the floor: available, busy when she has as much as fits, paused, away."""
    return "busy" if person.available and person.full else str(person.effective)


def floor_words(person: Person) -> str:
    """The same in words. What somebody of the agency types is read by all her clients, so none of them reads it."""
    if person.available:
        return _("Busy") if person.full else _("Available")
    if person.effective == Presence.PAUSED:
        if person.user.staff_id and person.stand.reason not in PAUSES:
            return _("Paused")
        return _("Paused: %(reason)s") % {"reason": pause_reason(person.stand.reason)}
    return _("Away")


def event_text(kind: str, *, who: str, data: dict[str, Any]) -> str:
    """What happened when a conversation changed hands, as one sentence.

    who  who did it, empty when it happened by itself
    """
    to, before = str(data.get("to", "")), str(data.get("from", ""))
    if kind == "returned":
        return _returned(str(data.get("why", "")), before)
    if kind == "handed_over":
        if not to:
            return _("%(who)s handed the conversation over to the queue") % {"who": who}
        return _("%(who)s handed the conversation over to %(to)s") % {"who": who, "to": to}
    if not who:
        return _("Given to %(to)s by itself") % {"to": to}
    if not to:
        return _("%(who)s put the conversation back into the queue") % {"who": who}
    return _("%(who)s gave the conversation to %(to)s") % {"who": who, "to": to}


def _returned(why: str, before: str) -> str:
    match why:
        case "left":
            return _("Back in the queue: %(name)s no longer works here") % {"name": before}
        case "shut_out":
            return _("Back in the queue: %(name)s may not work here at present") % {"name": before}
        case "rules_unread":
            return _("Back in the queue: %(name)s has to accept the house rules first") % {"name": before}
        case "silent":
            return _("Back in the queue: nothing was heard of %(name)s") % {"name": before}
        case "uncleared":
            return _("Back in the queue: %(name)s is not cleared for sensitive conversations") % {"name": before}
    return _("Back in the queue: %(name)s is away") % {"name": before}
