"""Parts of a message's content, places, buttons, and which template shows it. Anything in them may be odd."""

from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from conversations.models import Direction, Message
from conversations.shown import shown_content

MAX_PARTS = 30
MEDIA = {"image", "video", "audio", "document", "sticker"}
TEMPLATES = {
    "text": "_body",
    **dict.fromkeys(MEDIA, "media"),
    "location": "location",
    "contacts": "contacts",
    "interactive": "choice",
    "button": "choice",
    "template": "template",
    "order": "order",
    "system": "system",
    "unsupported": "unsupported",
    "media_placeholder": "placeholder",
}


def part(content: Any, key: str) -> Any:
    """A part of a message's content; an empty text where it is missing or the content is odd."""
    value = content.get(key, "") if isinstance(content, dict) else ""
    return value if value is not None else ""


def words(value: Any, *, limit: int = 300) -> str:
    """A value as a text of bounded length; structures give nothing."""
    return str(value)[:limit] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def content_template(message: Message) -> str:
    """The template that shows this type of message; types nobody has seen get one that says so."""
    if message.type == "interactive" and message.direction == Direction.OUTBOUND:
        return "conversations/messages/offer.html"
    return f"conversations/messages/{TEMPLATES.get(message.type, 'unknown')}.html"


def coordinates(content: Any) -> str:
    latitude, longitude = part(content, "latitude"), part(content, "longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return ""
    return f"{latitude:.5f}, {longitude:.5f}"


def map_address(content: Any) -> str:
    """A link to a map; nothing is fetched until somebody follows it."""
    found = coordinates(content)
    if not found:
        return ""
    latitude, longitude = (quote(number.strip()) for number in found.split(","))
    return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"


def offered_buttons(message: Message) -> list[str]:
    """The labels of the buttons that went out with a message."""
    content = shown_content(message)
    buttons = [
        part(button, "text") if isinstance(button, dict) else button for button in listed(part(content, "buttons"))
    ]
    buttons += _choices(part(content, "interactive"))
    return [text for text in (words(button, limit=60) for button in buttons) if text]


def _choices(interactive: Any) -> list[Any]:
    """What an interactive message offers: reply buttons, the button of a list or of a link, a thing to share."""
    kind, action = part(interactive, "type"), part(interactive, "action")
    asked = {
        "location_request_message": _("Send location"),
        "request_contact_info": _("Share phone number"),
        "product": _("View"),
        "product_list": _("View items"),
        "catalog_message": _("View catalog"),
    }
    if isinstance(kind, str) and kind in asked:
        return [asked[kind]]
    replies = [part(part(button, "reply"), "title") for button in listed(part(action, "buttons"))]
    return [*replies, part(action, "button"), part(part(action, "parameters"), "display_text")]


def listed(value: Any) -> list[Any]:
    """The first elements of a list; nothing for what is none."""
    return value[:MAX_PARTS] if isinstance(value, list) else []
