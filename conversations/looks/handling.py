"""What people did with a conversation, as lines of its thread: holds, transfers, questions, intents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from conversations.models import ConversationEvent

ICONS = {
    "transferred": "arrow-right-left",
    "held": "alarm-clock",
    "hold_ended": "alarm-clock-off",
    "question_asked": "mail-question-mark",
    "question_answered": "mail-check",
    "intent_set": "target",
    "labelled": "tag",
}


def text(event: ConversationEvent, names: Mapping[str, str]) -> str | None:
    """The sentence for one of these kinds, None for all others."""
    who, data = event.actor.name if event.actor else "", event.data
    match event.kind:
        case "closed":
            return _closed(who, data)
        case "reopened":
            return _reopened(who, data, names)
        case "transferred":
            return _transferred(who, data)
        case "held":
            return _held(who, data)
        case "hold_ended":
            return _hold_ended(who, data)
        case "question_asked" | "question_answered":
            return _question(event.kind, who, data)
        case "intent_set":
            return _intent(who, data)
        case "labelled":
            return _labelled(who, data)
    return None


def _closed(who: str, data: dict[str, Any]) -> str | None:
    if data.get("reason") == "idle" or not data.get("reason") or not who:
        return None
    return _("%(who)s closed the conversation: %(reason)s") % {"who": who, "reason": data["reason"]}


def _reopened(who: str, data: dict[str, Any], names: Mapping[str, str]) -> str | None:
    closer, reason = names.get(str(data.get("closed_by"))), data.get("reason")
    began = _("%(who)s reopened the conversation") % {"who": who} if who else _("Reopened by a new message")
    if reason == "idle":
        ended = _("it had closed by itself after days of silence")
        return f"{began} · {ended}"
    if closer and reason:
        told = _("%(who)s had closed it: %(reason)s") % {"who": closer, "reason": reason}
    elif closer:
        told = _("%(who)s had closed it") % {"who": closer}
    else:
        return None
    return f"{began} · {told}"


def _transferred(who: str, data: dict[str, Any]) -> str:
    if data.get("team"):
        return _("%(who)s gave the conversation to the team %(team)s") % {"who": who, "team": data["team"]}
    return _("%(who)s gave the conversation to %(person)s") % {"who": who, "person": data.get("person", "")}


def _held(who: str, data: dict[str, Any]) -> str:
    if data.get("hold") == "customer":
        return _("%(who)s waits for the customer") % {"who": who}
    if data.get("hold") == "client":
        return _("%(who)s waits for the client") % {"who": who}
    until = parse_datetime(str(data.get("until") or ""))
    if until is None:
        return _("%(who)s snoozed the conversation until the next message") % {"who": who}
    return _("%(who)s snoozed the conversation until %(until)s") % {"who": who, "until": moment(until)}


def _hold_ended(who: str, data: dict[str, Any]) -> str:
    if data.get("why") == "message":
        return _("The customer wrote: no longer on hold")
    if data.get("why") == "time":
        return _("The time is up: no longer on hold")
    if data.get("why") == "answer":
        return _("The client answered: no longer on hold")
    if data.get("why") == "expired":
        return _("No answer came before the link ended: no longer waiting for the client")
    if data.get("why") == "unsent":
        return _("The mail to the client could not be sent: no longer waiting")
    return _("%(who)s ended the hold") % {"who": who}


def _question(kind: str, who: str, data: dict[str, Any]) -> str:
    if kind == "question_answered":
        return _("%(person)s answered the question") % {"person": data.get("person", "")}
    if data.get("withdrawn"):
        return _("%(who)s withdrew the question to %(person)s") % {"who": who, "person": data.get("person", "")}
    if data.get("reminded"):
        return _("%(who)s reminded %(person)s of the question") % {"who": who, "person": data.get("person", "")}
    told = {"who": who, "person": data.get("person", ""), "body": data.get("body", "")}
    return _("%(who)s asked %(person)s by mail: “%(body)s”") % told


def _intent(who: str, data: dict[str, Any]) -> str:
    if not data.get("intent"):
        return _("%(who)s took the intent away") % {"who": who}
    return _("%(who)s set the intent: %(intent)s") % {"who": who, "intent": data["intent"]}


def moment(at: datetime) -> str:
    """A day and a time in the reader's zone, the day left out today."""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return f"{local:%H:%M}"
    return f"{formats.date_format(local, 'D j M')} {local:%H:%M}"


def _labelled(who: str, data: dict[str, Any]) -> str:
    if data.get("put", True):
        return _("%(who)s put the label %(label)s on it") % {"who": who, "label": data.get("label", "")}
    return _("%(who)s took the label %(label)s off") % {"who": who, "label": data.get("label", "")}
