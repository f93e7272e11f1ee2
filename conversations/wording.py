"""Words and signs for messages, events and failures, as pages show them. Values in, texts out; no queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import errors, guard_words, number_rules, people_words
from conversations.looks import calls, groups, handling
from conversations.looks.parts import part
from conversations.models import ConversationEvent, Direction, MediaFile, Message
from conversations.shown import shown_body, shown_content
from conversations.status import WAITING, MessageStatus
from conversations.whatsapp.errors import rule_for
from tenants.errors import DomainError

Text = str | Promise

KINDS: dict[str, tuple[str, Text]] = {
    "text": ("", gettext_lazy("Text")),
    "image": ("image", gettext_lazy("Picture")),
    "video": ("video", gettext_lazy("Video")),
    "audio": ("music", gettext_lazy("Sound")),
    "voice": ("mic", gettext_lazy("Voice message")),
    "document": ("file-text", gettext_lazy("Document")),
    "sticker": ("sticker", gettext_lazy("Sticker")),
    "location": ("map-pin", gettext_lazy("Location")),
    "contacts": ("contact", gettext_lazy("Contact card")),
    "template": ("layout-template", gettext_lazy("Message template")),
    "interactive": ("list", gettext_lazy("Choice")),
    "button": ("mouse-pointer-click", gettext_lazy("Choice")),
    "order": ("shopping-bag", gettext_lazy("Order")),
    "system": ("info", gettext_lazy("Notice from WhatsApp")),
    "unsupported": ("circle-question-mark", gettext_lazy("Message that cannot be shown")),
    "media_placeholder": ("file-clock", gettext_lazy("File on the phone")),
}
UNKNOWN = ("circle-question-mark", gettext_lazy("Message of a new kind"))

TICKS: dict[int, tuple[str, Text]] = {
    MessageStatus.QUEUED: ("clock", MessageStatus.QUEUED.label),
    MessageStatus.CLAIMED: ("clock", MessageStatus.CLAIMED.label),
    MessageStatus.SENDING: ("clock-arrow-up", MessageStatus.SENDING.label),
    MessageStatus.UNKNOWN: ("circle-question-mark", MessageStatus.UNKNOWN.label),
    MessageStatus.ACCEPTED: ("check", MessageStatus.ACCEPTED.label),
    MessageStatus.SENT: ("check", MessageStatus.SENT.label),
    MessageStatus.FAILED: ("circle-alert", MessageStatus.FAILED.label),
    MessageStatus.DELIVERED: ("check-check", MessageStatus.DELIVERED.label),
    MessageStatus.READ: ("check-check", MessageStatus.READ.label),
    MessageStatus.PLAYED: ("check-check", MessageStatus.PLAYED.label),
}

MEDIA_PROBLEM = gettext_lazy("This file could not be fetched from WhatsApp. Ask the person to send it again.")
MEDIA_REFUSED = gettext_lazy("This file was not kept: it is not what it says it is, or too big.")

EVENT_ICONS = {
    "opened": "inbox",
    "taken": "hand",
    "released": "undo-2",
    "closed": "archive",
    "reopened": "archive-restore",
    "identity_changed": "user-round",
    "merged": "merge",
    "unmerged": "split",
    "opted_out": "ban",
    "message_removed": "trash-2",
    "call": "phone",
    "group_changed": "users",
    "history_taken_in": "history",
    "danger_seen": "siren",
    "danger_over": "circle-check",
    "sensitive_seen": "shield-alert",
    "sensitive_over": "shield-check",
    "promise_broken": "timer-off",
    **handling.ICONS,
    "assigned": "user-check",
    "returned": "undo-2",
    "handed_over": "forward",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a message did not arrive and what to do."""

    title: Text
    cause: Text
    next_step: Text = ""


def kind_of(message: Message) -> str:
    """The type, with voice messages told from other sounds."""
    return "voice" if message.type == "audio" and message.media and message.media.voice else message.type


def icon_of(message: Message) -> str:
    return "trash-2" if message.gone else KINDS.get(kind_of(message), UNKNOWN)[0]


def name_of(message: Message) -> str:
    return str(KINDS.get(kind_of(message), UNKNOWN)[1])


def kind_name(kind: str) -> str:
    return str(KINDS.get(kind, UNKNOWN)[1])


def line_of(message: Message) -> str:
    """The message in one line: its text, else what it is."""
    if message.removed_at:
        return _("Removed")
    if message.revoked_at:
        return _("Deleted by the sender")
    if message.body:
        return " ".join(shown_body(message)[:200].split())
    if message.type == "location" and (name := part(shown_content(message), "name")):
        return str(name)[:200]
    if message.type == "document" and message.media and message.media.filename:
        return message.media.filename
    return name_of(message)


def problem_of(message: Message) -> Problem | None:
    """Cause and next step of a message that failed, from the platform's catalogue or from our own refusals."""
    if message.status != MessageStatus.FAILED:
        return None
    if message.refusal:
        return Problem(_("Not sent."), refusal_text(message.refusal))
    rule = rule_for(message.error_code)
    return Problem(rule.title, rule.cause, rule.next_step)


def waiting_of(message: Message) -> Problem | None:
    """Why a message that the platform refused for now still waits, and what brings it on its way."""
    if message.status not in WAITING or message.error_code is None:
        return None
    rule = rule_for(message.error_code)
    return Problem(rule.title, rule.cause, rule.next_step)


def refusal_text(code: str) -> Text:
    """The words of a DomainError by its code."""
    if code == "removed":
        return _("It was removed before it left.")
    return _refusals().get(code) or DomainError.user_message


@cache
def _refusals() -> dict[str, Text]:
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, DomainError)]
    return {each.code: each.user_message for each in classes}


def media_problem(media: MediaFile) -> Text:
    """What to tell about a file that is not here."""
    if media.direction == Direction.OUTBOUND and media.problem in NOT_CONVERTED:
        return NOT_CONVERTED[media.problem]
    if media.direction == Direction.OUTBOUND and media.problem in _refusals():
        return refusal_text(media.problem)
    if media.state == MediaFile.State.REFUSED:
        return MEDIA_REFUSED
    if media.state == MediaFile.State.REMOVED:
        return _("This file was removed.")
    return MEDIA_PROBLEM if media.direction == Direction.INBOUND else _("This file is missing.")


NOT_CONVERTED: dict[str, Text] = {
    "unreadable": gettext_lazy("It cannot be read; it may be damaged. Record it again or choose another file."),
    "no_sound": gettext_lazy("Nothing can be heard on it. Check the microphone and record it again."),
    "too_long": gettext_lazy("It is too long for WhatsApp. Shorten it and send it again."),
    "too_big_after": gettext_lazy("It is too big for WhatsApp even when it is made smaller. Shorten it or crop it."),
}


def event_text(event: ConversationEvent, names: Mapping[str, str] | None = None) -> str:
    """What happened, as one sentence with the name of who did it.

    names  of the people it speaks of, by the contact's id
    """
    names = names or {}
    if (told := handling.text(event, names)) is not None:
        return told
    who = event.actor.name if event.actor else ""
    data: dict[str, Any] = event.data
    match event.kind:
        case "opened":
            return _("Conversation opened")
        case "taken":
            return _("%(who)s took over") % {"who": who}
        case "released":
            return _("%(who)s gave the conversation back") % {"who": who}
        case "closed" if data.get("reason") == "idle":
            return _("Closed by itself after days of silence")
        case "closed":
            return _("%(who)s closed the conversation") % {"who": who} if who else _("Conversation closed")
        case "reopened":
            return _("%(who)s reopened the conversation") % {"who": who} if who else _("Reopened by a new message")
        case "identity_changed":
            return _("This person has a new number or id on WhatsApp")
        case "history_taken_in":
            return _("Until here: taken over from the phone")
        case "group_changed":
            return groups.group_text(data, names)
        case "opted_out" if data.get("in_group") and data.get("contact_id") in names:
            return _("%(who)s sent STOP: no marketing from now on") % {"who": names[data["contact_id"]]}
        case "merged":
            return _("Two contacts turned out to be one person")
        case "unmerged":
            return _("Two contacts again: they are not one person")
        case "opted_out":
            return _("This person sent STOP: no marketing from now on")
        case "message_removed":
            return _("%(who)s removed a message") % {"who": who}
        case "promise_broken":
            return _("The promised answer was due here")
        case "call":
            return calls.call_text(data)
        case "danger_seen" | "danger_over" | "sensitive_seen" | "sensitive_over":
            return guard_words.event_text(event.kind, who=who, data=data)
        case "assigned" | "returned" | "handed_over":
            return people_words.event_text(event.kind, who=who, data=data)
    return event.kind


NUMBER_REASONS: dict[str, Text] = {
    "connecting": gettext_lazy("It is being connected."),
    "let_go": gettext_lazy("Somebody disconnected it here. An admin can connect it again."),
    "registering": gettext_lazy("It is being registered again, which takes about a minute."),
    "no_agreement": gettext_lazy("There is no signed data processing agreement yet."),
    "token_dead": gettext_lazy("The connection to WhatsApp has to be renewed by an admin."),
    "banned": gettext_lazy("WhatsApp has banned the number. An admin can ask Meta for a review."),
    "account_disabled": gettext_lazy("WhatsApp has disabled the account. An admin can ask Meta for a review."),
    "account_restricted": gettext_lazy("WhatsApp does not let the number answer for some days."),
    "restricted": gettext_lazy("WhatsApp does not let the number send for some days."),
    "disconnected": gettext_lazy("The number is no longer connected. An admin has to connect it again."),
    "partner_removed": gettext_lazy("The owner took the number away from us. An admin has to connect it again."),
    "account_offboarded": gettext_lazy("The owner ended the connection. An admin has to connect the number again."),
    "app_uninstalled": gettext_lazy("Our access was removed at Meta. An admin has to connect the number again."),
    "account_deleted": gettext_lazy("The WhatsApp account was deleted."),
    "number_deleted": gettext_lazy("The number was deleted at WhatsApp."),
    "number_migrated": gettext_lazy("The number was moved to another WhatsApp account."),
}
IDENTITIES: dict[str, Text] = {
    "bsuid": gettext_lazy("Id on WhatsApp"),
    "parent_bsuid": gettext_lazy("Id in the whole portfolio"),
    "wa_id": gettext_lazy("Phone number"),
    "username": gettext_lazy("Username"),
}
CONSENTS: dict[str, tuple[str, Text]] = {
    "requested": ("", gettext_lazy("Asked")),
    "given": ("good", gettext_lazy("Given")),
    "confirmed": ("good", gettext_lazy("Confirmed")),
    "refused": ("broken", gettext_lazy("Refused")),
    "withdrawn": ("broken", gettext_lazy("Withdrawn")),
}
PURPOSES: dict[str, Text] = {
    "marketing": gettext_lazy("marketing"),
    "service": gettext_lazy("service"),
    "reply": gettext_lazy("replies"),
    "authentication": gettext_lazy("sign-in codes"),
    "special_data": gettext_lazy("health and other special data"),
}


def number_reason(code: str) -> Text:
    """Why a number does not work now, from its stable code."""
    if code.startswith("error_") and code[6:].isdecimal():
        return rule_for(int(code[6:])).title
    return NUMBER_REASONS.get(code, gettext_lazy("An admin sees the reason on the number's page.") if code else "")


def limit_name(told: str) -> str:
    """How many people a day may be written to first, as a number; the platform's word where it is none."""
    size = number_rules.limit_of(told)
    if size is not None:
        return str(formats.number_format(size, use_l10n=True, force_grouping=True))
    return _("unlimited") if told == number_rules.UNLIMITED else told


def consent_state(event: str) -> str:
    return CONSENTS.get(event, ("", ""))[0]


def identity_name(kind: str) -> Text:
    return IDENTITIES.get(kind, kind)


def consent_name(event: str) -> Text:
    return CONSENTS.get(event, ("", event))[1]


def purpose_name(purpose: str) -> Text:
    return PURPOSES.get(purpose, purpose)
