"""What the templates of messages ask for: parts of content, cards, orders, forms, origins, calls, receipts."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.looks import articles, bubbles, calls, cards, carousels, forms, orders, origins, parts
from conversations.models import ConversationEvent, MediaFile, Message
from conversations.services.threads.thread import Item
from conversations.shown import shown_content

register = template.Library()

register.filter("shown_content", shown_content)
register.filter("at_key", parts.part)
register.filter("content_template", parts.content_template)
register.filter("coordinates", parts.coordinates)
register.filter("map_address", parts.map_address)
register.filter("offered_buttons", parts.offered_buttons)
register.filter("contact_cards", cards.contact_cards)
register.filter("form_answers", forms.form_answers)
register.filter("order_of", orders.order_of)
register.filter("referral_of", origins.referral)
register.filter("product_asked", origins.product_asked)
register.filter("offered_articles", articles.offered_articles)
register.filter("carousel_cards", carousels.carousel_cards)
register.filter("platform_notes", origins.notes)
register.filter("held_back", origins.held_back)
register.filter("ask_again", origins.ask_again)
register.filter("call_back_text", calls.call_back_text)
register.filter("is_voicemail", calls.is_voicemail)

WAVE_BARS = 40
FILE_ICONS = {
    "pdf": "file-text",
    "sheet": "file-spreadsheet",
    "excel": "file-spreadsheet",
    "csv": "file-spreadsheet",
    "presentation": "presentation",
    "powerpoint": "presentation",
    "zip": "file-archive",
    "compressed": "file-archive",
    "audio": "file-music",
    "video": "file-video-camera",
    "image": "file-image",
}
FILE_NAMES = {"sheet": "XLSX", "excel": "XLS", "wordprocessing": "DOCX", "msword": "DOC", "presentation": "PPTX"}
RECEIPTS = ("played", "read", "delivered", "failed")


@register.filter
def call_of(event: ConversationEvent) -> calls.Call | None:
    return calls.call_of(event.data) if event.kind == "call" else None


@register.filter
def file_icon(media: MediaFile) -> str:
    """The icon of a document's kind."""
    told = f"{media.mime_type} {media.filename}".lower()
    return next((icon for part, icon in FILE_ICONS.items() if part in told), "file")


@register.filter
def file_kind(media: MediaFile) -> str:
    """``PDF``, ``XLSX``: the kind in the word people know."""
    told = media.mime_type.lower()
    short = next((name for part, name in FILE_NAMES.items() if part in told), "")
    extension = media.filename.rpartition(".")[2].upper() if "." in media.filename else ""
    return short or (extension if extension.isalnum() and len(extension) <= 5 else _plain_kind(told))


def _plain_kind(mime_type: str) -> str:
    return mime_type.rpartition("/")[2].rpartition(".")[2].upper()[:12]


@register.simple_tag
def wave(media: MediaFile) -> SafeString:
    """The loudness of a voice message as bars."""
    values = [value for value in media.waveform or [] if isinstance(value, int | float)]
    picked = [values[index * len(values) // WAVE_BARS] for index in range(WAVE_BARS)] if values else [0] * WAVE_BARS
    heights = (2 + min(max(value, 0), 100) * 0.24 for value in picked)
    bars = "".join(
        f'<rect x="{index * 4}" y="{14 - height / 2:.1f}" width="2" height="{height:.1f}" rx="1"/>'
        for index, height in enumerate(heights)
    )
    box = f'viewBox="0 0 {WAVE_BARS * 4 - 2} 28" preserveAspectRatio="none"'
    return mark_safe(f'<svg class="voice-wave" {box} fill="currentColor" aria-hidden="true">{bars}</svg>')  # noqa: S308  numbers only


@register.filter
def choice_mark(message: Message) -> tuple[str, str]:
    """Icon and words for what a person tapped or filled in."""
    kind = parts.part(message.content, "kind")
    if kind == "nfm_reply" and parts.part(message.content, "name") == "address_message":
        return "map-pinned", _("Gave an address")
    known = {
        "list_reply": ("list-checks", _("Chose from the list")),
        "nfm_reply": ("clipboard-list", _("Filled in a form")),
        "button_reply": ("mouse-pointer-click", _("Chose")),
    }
    if kind == "call_permission_reply":
        return _call_permission(message)
    if message.type == "button":
        return known["button_reply"]
    return (
        known.get(kind, ("circle-question-mark", _("Answered in a way that is new here")))
        if kind
        else ("mouse-pointer-click", _("Chose"))
    )


def _call_permission(message: Message) -> tuple[str, str]:
    if parts.part(message.content, "response") == "accept":
        return "phone-call", _("Allows calls on WhatsApp")
    return "phone-off", _("Does not want calls on WhatsApp")


@register.filter
def permission_until(message: Message) -> datetime | None:
    """Until when calls are allowed, where the platform says so."""
    told = parts.part(message.content, "expiration_timestamp")
    try:
        return datetime.fromtimestamp(int(told), tz=message.at.tzinfo)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


@register.filter
def versions_of(message: Message) -> list[tuple[datetime, str]]:
    """The earlier texts of an edited message, oldest first, with their times; the newest stands in the bubble."""
    listed = parts.listed(parts.part(shown_content(message), "versions"))
    found = []
    for version in listed[:-1]:
        try:
            at = datetime.fromisoformat(parts.part(version, "at"))
        except (TypeError, ValueError):
            continue
        found.append((at, parts.words(parts.part(version, "body"), limit=4096)))
    return found


@register.filter
def delay_of(message: Message) -> str:
    """How long a message took from the platform to here, where that is worth telling (the platform counts seconds)."""
    if message.received_at is None or message.direction != "in":
        return ""
    waited = message.received_at - message.at
    if waited < timedelta(seconds=5):
        return _("It was here at once.")
    seconds = int(waited.total_seconds())
    if seconds < 120:
        count = {"count": seconds}
        return (
            ngettext("It took %(count)s second to get here.", "It took %(count)s seconds to get here.", seconds) % count
        )
    minutes = seconds // 60
    if minutes < 120:
        return _("It took %(count)s minutes to get here.") % {"count": minutes}
    return _("It took %(count)s hours to get here.") % {"count": minutes // 60}


@register.filter
def times_of(message: Message) -> list[tuple[str, datetime]]:
    """Every time of a message with its name: the platform's, ours, and each status."""
    if message.direction != "in":
        return bubbles.times_of_ours(message)
    told = [(_("Sent"), message.at), (_("Received here"), message.received_at)]
    told.append((_("Shown"), message.created_at if message.received_at else None))
    return [(name, moment) for name, moment in told if moment]


@register.filter
def receipts(item: Item) -> list[tuple[str, str]]:
    """Of a message to a group: who read it, whom it reached, as far as each got."""
    told = parts.part(item.row.content, "recipients")
    if not isinstance(told, dict):
        return []
    named = {
        "played": _("Played by"),
        "read": _("Read by"),
        "delivered": _("Delivered to"),
        "failed": _("Not delivered to"),
    }
    found: dict[str, list[str]] = {}
    for pk, times in told.items():
        best = next((status for status in RECEIPTS if isinstance(times, dict) and status in times), "")
        if best and pk in item.names:
            found.setdefault(best, []).append(item.names[pk])
    return [(named[status], ", ".join(sorted(found[status]))) for status in RECEIPTS if status in found]


@register.simple_tag
def may_write_to(card: cards.Card, message: Message, *, may_send: Any) -> bool:
    """Whether a shared card may be written to from here: it came in, is on WhatsApp, and the reader may send."""
    return bool(may_send and card.wa_id and message.direction == "in" and not card.own)
