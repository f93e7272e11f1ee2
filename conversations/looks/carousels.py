"""The cards of a carousel that went out: picture or film, text, and what can be tapped."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conversations.looks.parts import listed, part, words
from conversations.models import MediaFile, Message
from conversations.shown import shown_content

MAX_CARDS = 10


@dataclass(frozen=True, slots=True)
class Card:
    """``media`` is a file of ours, ``link`` an address from which WhatsApp took it; perhaps neither."""

    body: str
    buttons: list[str]
    media: MediaFile | None = None
    link: str = ""


def carousel_cards(message: Message) -> list[Card]:
    """The cards of a message, of a template or free."""
    files = _files(message)
    content = shown_content(message)
    action = part(part(content, "interactive"), "action")
    free, filled = listed(part(action, "cards")), listed(part(content, "cards"))
    cards = (
        [_free(card, files.get(at)) for at, card in enumerate(free)]
        if free
        else [_filled(card, files.get(at)) for at, card in enumerate(filled)]
    )
    return cards[:MAX_CARDS]


def _files(message: Message) -> Mapping[int, MediaFile]:
    """One query, only for a message whose cards have files of their own."""
    if not part(shown_content(message), "card_files"):
        return {}
    return {row.card: row for row in MediaFile.objects.filter(card_of_id=message.pk) if row.card is not None}


def _filled(card: Any, media: MediaFile | None) -> Card:
    labels = [words(part(button, "text"), limit=60) for button in listed(part(card, "buttons"))]
    return Card(words(part(card, "body")), [label for label in labels if label], media)


def _free(card: Any, media: MediaFile | None) -> Card:
    action, header = part(card, "action"), part(card, "header")
    labels = [part(part(button, "reply"), "title") for button in listed(part(action, "buttons"))]
    labels.append(part(part(action, "parameters"), "display_text"))
    link = words(part(part(header, words(part(header, "type"))), "link"), limit=2000)
    shown = [label for label in (words(label, limit=60) for label in labels) if label]
    return Card(words(part(part(card, "body"), "text")), shown, media, link)
