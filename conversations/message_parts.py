"""Reads the structured part of messages for showing. Strangers chose everything in it, so anything may be odd."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.models import Direction, Message

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
}


@dataclass(frozen=True, slots=True)
class Card:
    name: str
    facts: str


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


def contact_cards(message: Message) -> list[Card]:
    """Names and numbers of shared contact cards."""
    return [_card(card) for card in _rows(part(message.content, "contacts")) if isinstance(card, dict)]


def _card(card: dict[str, Any]) -> Card:
    facts = [words(part(phone, "phone")) for phone in _rows(card.get("phones"))]
    facts += [words(part(mail, "email")) for mail in _rows(card.get("emails"))]
    facts.append(words(part(card.get("org"), "company")))
    name = words(part(card.get("name"), "formatted_name")) or words(part(card.get("name"), "first_name"))
    return Card(name, " · ".join(fact for fact in facts if fact))


def form_answers(content: Any) -> list[tuple[str, str]]:
    """What a person filled in, as pairs; the token of the form is of no use to a reader."""
    response = part(content, "response")
    if not isinstance(response, dict):
        return []
    pairs = [(words(name), _flat(value)) for name, value in list(response.items())[:MAX_PARTS]]
    return [(name, value) for name, value in pairs if value and name != "flow_token"]


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, (words(each) for each in value[:MAX_PARTS])))
    return words(value)


def offered_buttons(message: Message) -> list[str]:
    """The labels of the buttons that went out with a message."""
    buttons = [
        part(button, "text") if isinstance(button, dict) else button
        for button in _rows(part(message.content, "buttons"))
    ]
    buttons += _choices(part(message.content, "interactive"))
    return [text for text in (words(button, limit=60) for button in buttons) if text]


def _choices(interactive: Any) -> list[Any]:
    """What an interactive message offers: reply buttons, the button of a list or of a link, a thing to share."""
    kind, action = part(interactive, "type"), part(interactive, "action")
    asked = {"location_request_message": _("Send location"), "request_contact_info": _("Share phone number")}
    if isinstance(kind, str) and kind in asked:
        return [asked[kind]]
    replies = [part(part(button, "reply"), "title") for button in _rows(part(action, "buttons"))]
    return [*replies, part(action, "button"), part(part(action, "parameters"), "display_text")]


def order_line(message: Message) -> str:
    """How many articles an order has, and what they cost together where every price is known."""
    items = [item for item in _rows(part(message.content, "product_items")) if isinstance(item, dict)]
    text = ngettext("%(count)s article", "%(count)s articles", len(items)) % {"count": len(items)}
    try:
        total = sum(float(item["item_price"]) * int(item["quantity"]) for item in items)
    except (KeyError, TypeError, ValueError, OverflowError):
        return text
    currency = words(items[0].get("currency"), limit=3) if items else ""
    return f"{text} · {currency} {total:.2f}" if currency else text


def unsupported_name(message: Message) -> str:
    """What the platform says it held back, when it says so."""
    return words(part(message.content, "type"), limit=40) or _("unknown")


def _rows(value: Any) -> list[Any]:
    return value[:MAX_PARTS] if isinstance(value, list) else []
