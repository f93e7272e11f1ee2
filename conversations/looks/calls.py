"""A call as one line: what became of it, how long it took, and how to come back to the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

ICONS = {
    "missed": "phone-missed",
    "rejected": "phone-off",
    "ringing": "phone-incoming",
    "answered": "phone",
    "calling": "phone-outgoing",
    "unanswered": "phone-missed",
    "declined": "phone-off",
}
CALL_ID_BEGINS = "wacid."


@dataclass(frozen=True, slots=True)
class Call:
    """``state``: ringing, answered, missed, rejected (by us); of ours calling, answered, unanswered, declined."""

    state: str
    inbound: bool
    seconds: int

    @property
    def icon(self) -> str:
        return ICONS[self.state]

    @property
    def wants_answer(self) -> bool:
        """Whether the person called and spoke to nobody."""
        return self.inbound and self.state in ("missed", "rejected")

    @property
    def length(self) -> str:
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def call_of(data: Mapping[str, Any]) -> Call:
    """What an event of kind ``call`` tells."""
    told = data.get("events")
    events = set(told) if isinstance(told, dict) else set()
    inbound, duration = bool(data.get("inbound")), data.get("duration")
    seconds = duration if isinstance(duration, int) and duration > 0 else 0
    status = str(data.get("status") or "")
    return Call(_state(events, status, inbound=inbound, spoke=seconds > 0), inbound, seconds)


def _state(events: set[str], status: str, *, inbound: bool, spoke: bool) -> str:
    ended = "terminate" in events
    if "rejected" in events or "rejected" in status:
        return "rejected" if inbound else "declined"
    if spoke or "accepted" in events or (ended and "completed" in status):
        return "answered"
    if ended:
        return "missed" if inbound else "unanswered"
    return "ringing" if inbound else "calling"


def call_text(data: Mapping[str, Any]) -> str:
    """The call in one sentence."""
    call = call_of(data)
    match call.state:
        case "ringing":
            return _("Calls on WhatsApp")
        case "answered" if call.seconds:
            kind = _("Call on WhatsApp, %(length)s") if call.inbound else _("We called on WhatsApp, %(length)s")
            return kind % {"length": call.length}
        case "answered":
            return _("Call on WhatsApp, answered")
        case "missed":
            return _("Missed call on WhatsApp")
        case "rejected":
            return _("Call on WhatsApp, not taken by us")
        case "calling":
            return _("We call on WhatsApp")
        case "declined":
            return _("We called on WhatsApp, declined")
    return _("We called on WhatsApp, not answered")


def call_back_text(language: str) -> str:
    """What to write to somebody whose call was missed, in the person's language where it is known."""
    spoken = language[:2] if language[:2] in dict(settings.LANGUAGES) else get_language()
    with override(spoken):
        return _("We missed your call. When may we call you back, or can we help you here?")


def is_voicemail(quoted_wamid: str) -> bool:
    """Whether a sound answers a call: the platform names the call where a message would be quoted."""
    return quoted_wamid.startswith(CALL_ID_BEGINS)
