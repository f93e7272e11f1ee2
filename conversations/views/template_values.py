"""What somebody fills in for a message template: the fields of its form, and their values as they are sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.models import Conversation, MessageTemplate
from conversations.services.outbox import template_files
from conversations.whatsapp import template_text
from conversations.whatsapp.template_text import Variable

FILE_KINDS = ("image", "video", "document")
PLACE_PARTS = ("latitude", "longitude", "name", "address")
NAMES = {"name", "first_name", "naam", "voornaam", "vorname", "prenom", "nombre"}


@dataclass(slots=True)
class Group:
    """Fields that stand together: those of the message, or of one card."""

    title: str
    fields: list[tuple[Variable, str]] = field(default_factory=list)


def typed(request: HttpRequest, template: MessageTemplate) -> dict[str, Any]:
    """The values of a posted form, keyed as ``whatsapp.template_text`` names them."""
    found: dict[str, Any] = {}
    wanted = [*template_text.variables(template.components), *template_text.options(template.components)]
    for one in wanted:
        if one.kind in FILE_KINDS:
            continue
        if one.kind == "location":
            place = {part: _text(request, f"{one.key}.{part}").replace(",", ".") for part in PLACE_PARTS[:2]}
            place |= {part: _text(request, f"{one.key}.{part}") for part in PLACE_PARTS[2:]}
            found[one.key] = {part: value for part, value in place.items() if value}
        elif one.kind == "product":
            found[one.key] = {part: _text(request, f"{one.key}.{part}") for part in ("catalog_id", "product_id")}
        elif one.kind == "moment":
            found[one.key] = _moment(_text(request, one.key))
        else:
            found[one.key] = _text(request, one.key)
    return found


def known(row: Conversation, template: MessageTemplate) -> dict[str, Any]:
    """What we can fill in ourselves: the name of the person where a blank plainly asks for it."""
    name = (row.contact.given_name or row.contact.name).split(" ")[0][:60]
    return {
        one.key: name
        for one in template_text.variables(template.components)
        if one.kind == "text" and one.name in NAMES
    }


def groups(template: MessageTemplate, values: dict[str, Any]) -> list[Group]:
    """The fields in the order of the message, those of each card under its number."""
    found: dict[int | None, Group] = {}
    for one in template_text.variables(template.components):
        if one.kind in FILE_KINDS:
            continue
        title = "" if one.card is None else _("Card %(number)d") % {"number": one.card + 1}
        group = found.setdefault(one.card, Group(title))
        group.fields.append((one, values.get(one.key, "")))
    return list(found.values())


def heading_file(template: MessageTemplate) -> Variable | None:
    """The file above the text, if the template has one."""
    listed = template_text.variables(template.components)
    return next((one for one in listed if one.key == "header.media"), None)


def own_file(template: MessageTemplate) -> Any:
    """The template's own sample for that file, if we have it."""
    wanted = heading_file(template)
    return template_files.own_file(template, kind=wanted.kind) if wanted else None


@dataclass(slots=True)
class CardPicture:
    """The picture or film of one card; ``own`` when the template brings one along."""

    number: int
    kind: str
    own: bool
    posted: Any = None

    @property
    def field(self) -> str:
        return f"card.{self.number}.file"


def card_pictures(template: MessageTemplate, *, posted: Mapping[str, Any] | None = None) -> list[CardPicture]:
    """What each card shows, with the file that was chosen for it."""
    own, files = template_files.card_keys_with_files(template), posted or {}
    listed = [
        CardPicture(one.card, one.kind, one.key in own)
        for one in template_text.variables(template.components)
        if one.card is not None and one.name == "media"
    ]
    for picture in listed:
        picture.posted = files.get(picture.field)
    return listed


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "\ufffd")[:4096]


def _moment(written: str) -> str:
    """A moment in the reader's zone, as the browser writes it, with its zone; else what was written."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return written
    return (found if found.tzinfo else timezone.make_aware(found)).isoformat()
