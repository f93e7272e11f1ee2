"""The platform's reading of articles: one, several in sections, cards side by side. Raises GraphError throughout."""

from typing import Any

from simulator.errors import GraphError
from simulator.shapes import list_of, require, text

_MOST_SECTIONS, _MOST_ARTICLES, _TITLE_CHARS = 10, 30, 24
_CARDS = range(2, 11)


def check_product(action: dict[str, Any]) -> None:
    """One article of a catalogue."""
    text(action, "catalog_id", longest=64)
    text(action, "product_retailer_id", longest=100)


def check_product_list(action: dict[str, Any]) -> None:
    """Several articles of one catalogue."""
    text(action, "catalog_id", longest=64)
    check_sections(action)


def check_sections(action: dict[str, Any]) -> None:
    """Up to thirty articles in up to ten sections, each once; titles where there are several sections."""
    sections = list_of(action, "sections", most=_MOST_SECTIONS)
    seen: list[str] = []
    for section in sections:
        text(section, "title", longest=_TITLE_CHARS, needed=len(sections) > 1)
        items = list_of(section, "product_items")
        seen += [text(item, "product_retailer_id", longest=100) for item in items]
    if len(seen) > _MOST_ARTICLES:
        raise GraphError(131009, f"Total product count exceed max allowed count: {_MOST_ARTICLES}")
    if len(set(seen)) < len(seen):
        raise GraphError(131009, "Duplicated product_retailer_id.")


def check_catalog(action: dict[str, Any]) -> None:
    """The whole catalogue; an article may lend its picture."""
    if action.get("name") != "catalog_message":
        raise GraphError(131009, "action.name must be catalog_message.")
    parameters = action.get("parameters")
    if parameters is not None:
        text(require(action, "parameters", dict), "thumbnail_product_retailer_id", longest=100, needed=False)


def check_carousel(action: dict[str, Any]) -> None:
    """Two to ten cards of one make: a picture or film each with a link or quick replies, or an article each."""
    cards = list_of(action, "cards")
    if len(cards) not in _CARDS:
        raise GraphError(131009, "A carousel has 2 to 10 cards.")
    if sorted(card.get("card_index", -1) for card in cards) != list(range(len(cards))):
        raise GraphError(131009, "The cards need card_index from 0 without gaps.")
    if len({_make(card) for card in cards}) > 1:
        raise GraphError(131009, "All cards must have the same components.")


def _make(card: dict[str, Any]) -> tuple[str, ...]:
    action = require(card, "action", dict)
    if card.get("type") == "product":
        check_product(action)
        return ("product",)
    header = require(card, "header", dict)
    shape = require(header, "type", str)
    if shape not in ("image", "video"):
        raise GraphError(131009, f"Header type '{shape[:40]}' is not allowed for a card.")
    media = require(header, shape, dict)
    if bool(media.get("id")) == bool(media.get("link")):
        raise GraphError(131008, f"Exactly one of id and link is required in the {shape} header.")
    if card.get("body") is not None:
        text(require(card, "body", dict), "text", longest=160, needed=False)
    return (shape, *_buttons(action))


def _buttons(action: dict[str, Any]) -> list[str]:
    if action.get("name") == "cta_url":
        parameters = require(action, "parameters", dict)
        text(parameters, "display_text", longest=20)
        if not text(parameters, "url", longest=2000).startswith(("https://", "http://")):
            raise GraphError(131009, "url is not a valid URL.")
        return ["cta_url"]
    buttons = list_of(action, "buttons", most=3)
    for button in buttons:
        reply = require(button, "quick_reply" if "quick_reply" in button else "reply", dict)
        text(reply, "title", longest=20)
        text(reply, "id", longest=256)
    return ["reply"] * len(buttons)
