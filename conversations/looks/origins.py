"""Where a message comes from, what it is about, and why it may not be all that was sent."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from conversations.looks.parts import listed, part, words
from conversations.models import Message

Text = str | Promise
MAX_HEADLINE = 200
MAX_BODY = 600

KINDS: dict[str, Text] = {
    "poll_creation": gettext_lazy("a poll"),
    "poll_update": gettext_lazy("a vote in a poll"),
    "gif": gettext_lazy("a moving picture"),
    "group_invite": gettext_lazy("an invitation to a group"),
    "list": gettext_lazy("a list"),
    "product": gettext_lazy("a product"),
    "order": gettext_lazy("an order"),
    "pin": gettext_lazy("a pinned message"),
    "keep_in_chat": gettext_lazy("a kept message"),
    "link_preview": gettext_lazy("a link with a preview"),
    "location": gettext_lazy("a live location"),
    "image": gettext_lazy("a picture that shows once"),
    "media_placeholder": gettext_lazy("a file"),
    "edit": gettext_lazy("a change of an earlier message"),
    "reaction": gettext_lazy("a reaction"),
    "button": gettext_lazy("a tap on a button"),
    "interactive": gettext_lazy("a choice"),
    "hsm": gettext_lazy("a message template"),
}
ADVICE: dict[str, Text] = {
    "poll_creation": gettext_lazy("Ask for the question and the options as text."),
    "poll_update": gettext_lazy("Ask what the answer is."),
    "gif": gettext_lazy("Ask for a picture or a video instead."),
    "group_invite": gettext_lazy("This number joins no groups by invitation."),
    "product": gettext_lazy("Ask which article it is about."),
    "order": gettext_lazy("Ask for the articles as text."),
    "location": gettext_lazy("Ask for the current location, not the live one."),
    "image": gettext_lazy("Ask for it again as a normal picture."),
    "edit": gettext_lazy("Something above was changed; ask for the new text if it matters."),
    "pin": gettext_lazy("Nothing has to be done."),
    "keep_in_chat": gettext_lazy("Nothing has to be done."),
    "reaction": gettext_lazy("Nothing has to be done."),
}
NOTHING_LOST = frozenset({"pin", "keep_in_chat", "reaction", "group_invite"})
NOTES: dict[int, Text] = {
    131052: gettext_lazy("WhatsApp could not fetch this file from the phone."),
    131060: gettext_lazy(
        "WhatsApp does not pass on this first message, as happens after a tap on an advertisement. "
        "On the company's phone it can be read."
    ),
}


@dataclass(frozen=True, slots=True)
class Referral:
    """The advertisement or post that somebody tapped before writing."""

    from_ad: bool
    headline: str
    body: str
    link: str
    host: str


@dataclass(frozen=True, slots=True)
class Held:
    """A message that the platform held back: what it was, what to do, and whether asking again can help.

    explained   a note above says already what happened
    """

    what: str
    advice: Text
    ask: bool
    explained: bool


def referral(message: Message) -> Referral | None:
    """The advertisement or post behind a message."""
    told = part(message.content, "referral")
    if not isinstance(told, dict):
        return None
    link = words(told.get("source_url"), limit=2000)
    host = _host(link)
    return Referral(
        words(told.get("source_type")) != "post",
        words(told.get("headline"), limit=MAX_HEADLINE),
        words(told.get("body"), limit=MAX_BODY),
        link if host else "",
        host,
    )


def _host(link: str) -> str:
    """The host of a link that may be followed; nothing for what is no web address."""
    try:
        parts = urlsplit(link)
        return (parts.hostname or "") if parts.scheme in ("https", "http") else ""
    except ValueError:
        return ""


def product_asked(message: Message) -> str:
    """The article a question is about."""
    return words(part(part(message.content, "referred_product"), "product_retailer_id"), limit=100)


def notes(message: Message) -> list[Text]:
    """What the platform said about a message it could not pass on whole."""
    found = [NOTES.get(_code(error)) for error in listed(part(message.content, "errors"))]
    return [note for note in found if note]


def held_back(message: Message) -> Held:
    """What a message of type ``unsupported`` was."""
    kind = words(part(message.content, "type"), limit=40)
    missing = any(_code(error) == 131060 for error in listed(part(message.content, "errors")))
    what = str(KINDS.get(kind, "")) or kind.replace("_", " ") or _("something unknown")
    advice = ADVICE.get(kind, "") if not missing else _("Ask for it once more.")
    return Held(what, advice or _("Ask to send it as text or picture."), kind not in NOTHING_LOST, missing)


def ask_again(message: Message, language: str) -> str:
    """A polite text that asks for it another way, in the person's language where it is known, else the reader's."""
    spoken = language[:2] if language[:2] in dict(settings.LANGUAGES) else get_language()
    with override(spoken):
        return _("Your last message did not come through here. Could you send it once more as text or as a picture?")


def _code(error: Any) -> int:
    code = part(error, "code")
    return code if isinstance(code, int) and not isinstance(code, bool) else 0
