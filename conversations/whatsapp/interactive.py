"""Builds messages with buttons or a list to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from conversations.whatsapp.fields import InvalidField, Missing, bounded, required
from conversations.whatsapp.messages import MEDIA_TYPES, Envelope, Payload

MAX_BODY_CHARS = 1024
MAX_LIST_BODY_CHARS = 4096
MAX_HEADER_CHARS = 60
MAX_FOOTER_CHARS = 60
MAX_BUTTONS = 3
MAX_BUTTON_TITLE_CHARS = 20
MAX_BUTTON_ID_CHARS = 256
MAX_SECTIONS = 10
MAX_ROWS = 10
MAX_SECTION_TITLE_CHARS = 24
MAX_ROW_TITLE_CHARS = 24
MAX_ROW_ID_CHARS = 200
MAX_ROW_DESCRIPTION_CHARS = 72
MAX_URL_CHARS = 2000


@dataclass(slots=True, frozen=True)
class Button:
    """A quick answer: what the person sees, and the id that comes back."""

    id: str
    title: str


@dataclass(slots=True, frozen=True)
class Row:
    """A line of a list."""

    id: str
    title: str
    description: str = ""


@dataclass(slots=True, frozen=True)
class Section:
    """Rows under a heading; the heading may be empty if it is the only section."""

    rows: Sequence[Row]
    title: str = ""


@dataclass(slots=True, frozen=True)
class Frame:
    """What stands around the choice: a text header or a media one (kind and media id), and a footer."""

    header: str = ""
    header_media: tuple[str, str] | None = None
    footer: str = ""

    def parts(self, *, text_only: bool) -> Payload:
        """Header and footer of the body."""
        found: Payload = {}
        if self.header:
            found["header"] = {"type": "text", "text": bounded("header", self.header, limit=MAX_HEADER_CHARS)}
        elif self.header_media:
            kind, media_id = self.header_media
            if text_only or kind not in MEDIA_TYPES - {"audio", "sticker"}:
                raise InvalidField("header", _("This message cannot have such a file above its text."))
            found["header"] = {"type": kind, kind: {"id": media_id}}
        if self.footer:
            found["footer"] = {"text": bounded("footer", self.footer, limit=MAX_FOOTER_CHARS)}
        return found


def buttons(envelope: Envelope, *, body: str, choices: Sequence[Button], frame: Frame = Frame()) -> Payload:
    """A text with one to three answers to tap."""
    if not choices:
        raise Missing("buttons")
    if len(choices) > MAX_BUTTONS:
        raise InvalidField("buttons", _("A message can have at most three buttons."), limit=MAX_BUTTONS)
    _distinct("buttons", [choice.id for choice in choices], [choice.title for choice in choices])
    replies = [
        {
            "type": "reply",
            "reply": {
                "id": required("buttons.id", choice.id, limit=MAX_BUTTON_ID_CHARS),
                "title": required("buttons.title", choice.title, limit=MAX_BUTTON_TITLE_CHARS),
            },
        }
        for choice in choices
    ]
    return _interactive(envelope, "button", body, {"buttons": replies}, frame.parts(text_only=False))


def choices(
    envelope: Envelope,
    *,
    body: str,
    button: str,
    sections: Sequence[Section],
    frame: Frame = Frame(),
) -> Payload:
    """A text with a list that opens; at most ten rows in all its sections together."""
    lines = [row for section in sections for row in section.rows]
    if not lines or any(not section.rows for section in sections):
        raise Missing("sections")
    if len(lines) > MAX_ROWS:
        raise InvalidField("sections", _("A list can have at most ten rows."), limit=MAX_ROWS)
    _distinct("sections", [row.id for row in lines])
    action = {
        "button": required("button", button, limit=MAX_BUTTON_TITLE_CHARS),
        "sections": [_section(section, alone=len(sections) == 1) for section in sections],
    }
    return _interactive(envelope, "list", body, action, frame.parts(text_only=True), limit=MAX_LIST_BODY_CHARS)


def link(envelope: Envelope, *, body: str, label: str, url: str, frame: Frame = Frame()) -> Payload:
    """A text with one button that opens a web page."""
    if not url.startswith(("https://", "http://")):
        raise InvalidField("url", _("The address of the page must begin with https://."))
    parameters = {
        "display_text": required("label", label, limit=MAX_BUTTON_TITLE_CHARS),
        "url": bounded("url", url, limit=MAX_URL_CHARS),
    }
    action = {"name": "cta_url", "parameters": parameters}
    return _interactive(envelope, "cta_url", body, action, frame.parts(text_only=False))


def ask_location(envelope: Envelope, *, body: str) -> Payload:
    """A text with a button that lets the person share where they are."""
    return _interactive(envelope, "location_request_message", body, {"name": "send_location"}, {})


def ask_phone_number(envelope: Envelope, *, body: str) -> Payload:
    """A text with a button that lets a person without a visible number share it."""
    return _interactive(envelope, "request_contact_info", body, {"name": "request_contact_info"}, {})


def _interactive(
    envelope: Envelope, kind: str, body: str, action: Payload, around: Payload, *, limit: int = MAX_BODY_CHARS
) -> Payload:
    part = {"type": kind, "body": {"text": required("body", body, limit=limit)}, "action": action, **around}
    return envelope.wrap("interactive", part)


def _section(section: Section, *, alone: bool) -> Payload:
    found: dict[str, Any] = {"rows": [_row(row) for row in section.rows]}
    if section.title or not alone:
        found["title"] = required("sections.title", section.title, limit=MAX_SECTION_TITLE_CHARS)
    return found


def _row(row: Row) -> Payload:
    found: Payload = {
        "id": required("rows.id", row.id, limit=MAX_ROW_ID_CHARS),
        "title": required("rows.title", row.title, limit=MAX_ROW_TITLE_CHARS),
    }
    if row.description:
        found["description"] = bounded("rows.description", row.description, limit=MAX_ROW_DESCRIPTION_CHARS)
    return found


def _distinct(field: str, *columns: list[str]) -> None:
    for column in columns:
        if len(set(column)) != len(column):
            raise InvalidField(field, _("Two choices are the same. Give each its own name."))
