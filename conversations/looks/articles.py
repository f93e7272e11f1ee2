"""Articles of a catalogue that a message shows: one, several under headings, or the one that lends its picture."""

from typing import Any

from conversations.looks.parts import listed, part, words
from conversations.models import Message
from conversations.shown import shown_content

Section = tuple[str, list[str]]


def offered_articles(message: Message) -> list[Section]:
    """Headings with the ids of their articles; one without heading for what stands alone."""
    offer = part(shown_content(message), "interactive")
    if offer:
        return _of_action(part(offer, "action"))
    found: list[Section] = []
    for component in listed(part(shown_content(message), "components")):
        for parameter in listed(part(component, "parameters")):
            found += _of_action(part(parameter, "product")) + _of_action(part(parameter, "action"))
    return found


def _of_action(action: Any) -> list[Section]:
    sections = [_section(one) for one in listed(part(action, "sections"))]
    if sections:
        return [one for one in sections if one[1]]
    lent = part(part(action, "parameters"), "thumbnail_product_retailer_id")
    alone = part(action, "product_retailer_id") or lent or part(action, "thumbnail_product_retailer_id")
    return [("", [words(alone, limit=100)])] if words(alone) else []


def _section(section: Any) -> Section:
    ids = [words(part(one, "product_retailer_id"), limit=100) for one in listed(part(section, "product_items"))]
    return words(part(section, "title"), limit=60), [one for one in ids if one]
