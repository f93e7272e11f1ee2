"""How much of everything fits into an outbound message: one table, for checking, for counters and for the API.

Source: platform pages on sending messages (each type's own page) and on interactive messages. Template components have
rules of their own in ``template_text``.
"""

from collections.abc import Sized
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from conversations.whatsapp.fields import InvalidField, Missing, bounded


class Unit(StrEnum):
    CHARACTERS = "characters"
    ITEMS = "items"


@dataclass(frozen=True, slots=True)
class Limit:
    """One row: of this field of this type at least and at most so much; ``name`` is what people call the field."""

    type: str
    field: str
    most: int
    name: str | Promise
    unit: Unit = Unit.CHARACTERS
    least: int = 0


TEXT, TITLE, HEADER, FOOTER = _("Text"), _("Label"), _("Heading"), _("Footer")
BUTTON, CAPTION = _("Label of the button"), _("Caption")
FRAMED = ("buttons", "list", "link", "flow", "product", "product_list", "catalog")


def _frames() -> list[Limit]:
    """Heading and footer are the same wherever they may stand."""
    return [one for kind in FRAMED for one in (Limit(kind, "header", 60, HEADER), Limit(kind, "footer", 60, FOOTER))]


def _bodies() -> list[Limit]:
    kinds = ("buttons", "link", "flow", "product_list", "catalog", "address", "ask_location", "ask_phone_number")
    return [Limit(kind, "body", 1024, TEXT, least=1) for kind in (*kinds, "carousel")]


TABLE = (
    Limit("text", "body", 4096, TEXT, least=1),
    *(Limit(kind, "caption", 1024, CAPTION) for kind in ("image", "video", "document")),
    Limit("document", "filename", 240, _("Name of the file")),
    Limit("location", "name", 1000, _("Name of the place")),
    Limit("location", "address", 1000, _("Address")),
    Limit("contacts", "contacts", 257, _("Contacts"), Unit.ITEMS, least=1),
    Limit("contacts", "name", 1000, _("Name"), least=1),
    Limit("contacts", "phones", 20, _("Phone numbers"), Unit.ITEMS),
    Limit("contacts", "phone", 64, _("Phone number"), least=1),
    Limit("contacts", "emails", 20, _("E-mail addresses"), Unit.ITEMS),
    Limit("contacts", "email", 254, _("E-mail address"), least=1),
    Limit("contacts", "company", 1000, _("Company")),
    Limit("reaction", "emoji", 20, _("Emoji")),
    *_frames(),
    *_bodies(),
    Limit("list", "body", 4096, TEXT, least=1),
    Limit("product", "body", 1024, TEXT),
    Limit("call_permission", "body", 1024, TEXT),
    Limit("voice_call", "body", 1024, TEXT, least=1),
    Limit("buttons", "buttons", 3, _("Buttons"), Unit.ITEMS, least=1),
    Limit("buttons", "title", 20, BUTTON, least=1),
    Limit("buttons", "id", 256, _("Id of the button"), least=1),
    Limit("list", "button", 20, BUTTON, least=1),
    Limit("list", "sections", 10, _("Sections"), Unit.ITEMS, least=1),
    Limit("list", "rows", 10, _("Rows of all sections together"), Unit.ITEMS, least=1),
    Limit("list", "section_title", 24, _("Heading of the section"), least=1),
    Limit("list", "title", 24, _("Text of the row"), least=1),
    Limit("list", "id", 200, _("Id of the row"), least=1),
    Limit("list", "description", 72, _("Description of the row")),
    Limit("link", "label", 20, BUTTON, least=1),
    Limit("link", "url", 2000, _("Address of the page"), least=1),
    Limit("flow", "label", 20, BUTTON, least=1),
    Limit("flow", "flow_id", 64, _("Id of the form"), least=1),
    Limit("flow", "screen", 80, _("First screen")),
    Limit("voice_call", "label", 20, BUTTON, least=1),
    Limit("product", "catalog_id", 64, _("Id of the catalogue"), least=1),
    Limit("product", "product_id", 100, _("Id of the article"), least=1),
    Limit("product_list", "catalog_id", 64, _("Id of the catalogue"), least=1),
    Limit("product_list", "sections", 10, _("Sections"), Unit.ITEMS, least=1),
    Limit("product_list", "section_title", 24, _("Heading of the section"), least=1),
    Limit("product_list", "products", 30, _("Articles of all sections together"), Unit.ITEMS, least=1),
    Limit("product_list", "product_id", 100, _("Id of the article"), least=1),
    Limit("catalog", "product_id", 100, _("Id of the article")),
    Limit("address", "country", 2, _("Country"), least=2),
    Limit("carousel", "cards", 10, _("Cards"), Unit.ITEMS, least=2),
    Limit("carousel", "card_body", 160, _("Text of the card")),
    Limit("carousel", "media", 2000, _("Address of the picture or film"), least=1),
    Limit("carousel", "label", 20, BUTTON, least=1),
    Limit("carousel", "url", 2000, _("Address of the page"), least=1),
    Limit("carousel", "buttons", 3, _("Buttons of the card"), Unit.ITEMS, least=1),
    Limit("carousel", "id", 256, _("Id of the button"), least=1),
)
_BY_FIELD = {(limit.type, limit.field): limit for limit in TABLE}


def of(kind: str, field: str) -> Limit:
    """The row of one field."""
    return _BY_FIELD[kind, field]


def most(kind: str, field: str) -> int:
    return of(kind, field).most


def text(kind: str, field: str, value: str, *, place: str = "") -> str:
    """The value, if so many characters fit and it can be sent.

    place   where it stands, when there are several: ``buttons.2.title``
    Raises  InvalidField, named by field and place
    """
    limit, where = of(kind, field), place or field
    length = len(value)
    if length > limit.most:
        words = _("at most %(limit)d characters fit; this has %(count)d.")
        raise InvalidField(where, _named(limit, words % {"limit": limit.most, "count": length}), limit=limit.most)
    if limit.least and not value.strip():
        raise Missing(where, name=limit.name)
    return bounded(where, value, limit=limit.most)


def count(kind: str, field: str, items: Sized, *, place: str = "") -> None:
    """Whether so many fit. Raises InvalidField"""
    limit, where = of(kind, field), place or field
    found = len(items)
    if found > limit.most:
        words = _("at most %(limit)d are possible; these are %(count)d.") % {"limit": limit.most, "count": found}
        raise InvalidField(where, _named(limit, words), limit=limit.most)
    if not found:
        raise Missing(where, name=limit.name)
    if found < limit.least:
        words = _("at least %(limit)d are needed.") % {"limit": limit.least}
        raise InvalidField(where, _named(limit, words), limit=limit.least)


def _named(limit: Limit, words: str | Promise) -> str | Promise:
    return format_lazy("{}: {}", limit.name, words)
