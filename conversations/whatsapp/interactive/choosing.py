"""Answers to tap: up to three buttons, or a list that opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from conversations.whatsapp import limits
from conversations.whatsapp.fields import InvalidField, Missing
from conversations.whatsapp.interactive.frame import PLAIN, Frame, Payload, distinct, interactive


@dataclass(slots=True, frozen=True)
class Button:
    """A quick answer: what the person sees, and the id that comes back."""

    id: str
    title: str

    def part(self, kind: str, place: str) -> Payload:
        reply = {
            "id": limits.text(kind, "id", self.id, place=f"{place}.id"),
            "title": limits.text(kind, _TITLE[kind], self.title, place=f"{place}.title"),
        }
        return {"type": "reply", "reply": reply}


_TITLE = {"buttons": "title", "carousel": "label"}


@dataclass(slots=True, frozen=True)
class Buttons:
    """A text with one to three answers to tap."""

    kind: ClassVar[str] = "buttons"
    body: str
    buttons: Sequence[Button]
    frame: Frame = PLAIN

    def part(self) -> Payload:
        limits.count(self.kind, "buttons", self.buttons)
        parts = [one.part(self.kind, f"buttons.{place}") for place, one in enumerate(self.buttons)]
        distinct("buttons", [one.id for one in self.buttons])
        distinct("buttons", [one.title for one in self.buttons])
        around = self.frame.parts(self.kind)
        return interactive(self.kind, "button", body=self.body, action={"buttons": parts}, around=around)


@dataclass(slots=True, frozen=True)
class Row:
    """A line of a list."""

    id: str
    title: str
    description: str = ""

    def part(self, place: str) -> Payload:
        found: Payload = {
            "id": limits.text("list", "id", self.id, place=f"{place}.id"),
            "title": limits.text("list", "title", self.title, place=f"{place}.title"),
        }
        if self.description:
            found["description"] = limits.text("list", "description", self.description, place=f"{place}.description")
        return found


@dataclass(slots=True, frozen=True)
class Section:
    """Rows under a heading; the heading may be empty if it is the only section."""

    rows: Sequence[Row]
    title: str = ""

    def part(self, place: str, *, alone: bool) -> Payload:
        if not self.rows:
            raise Missing(f"{place}.rows", name=limits.of("list", "rows").name)
        found: Payload = {"rows": [row.part(f"{place}.rows.{number}") for number, row in enumerate(self.rows)]}
        if self.title or not alone:
            found["title"] = limits.text("list", "section_title", self.title, place=f"{place}.title")
        return found


@dataclass(slots=True, frozen=True)
class List:
    """A text with a list that opens; at most ten rows in all its sections together. No file above its text."""

    kind: ClassVar[str] = "list"
    body: str
    button: str
    sections: Sequence[Section]
    frame: Frame = PLAIN

    def part(self) -> Payload:
        limits.count(self.kind, "sections", self.sections)
        rows = [row for section in self.sections for row in section.rows]
        limits.count(self.kind, "rows", rows, place="sections")
        alone = len(self.sections) == 1
        sections = [one.part(f"sections.{place}", alone=alone) for place, one in enumerate(self.sections)]
        distinct("sections", [row.id for row in rows])
        if not alone and len({one.title for one in self.sections}) != len(self.sections):
            raise InvalidField("sections", _("Two sections have the same heading. Give each its own."))
        action = {"button": limits.text(self.kind, "button", self.button), "sections": sections}
        around = self.frame.parts(self.kind, files=False)
        return interactive(self.kind, "list", body=self.body, action=action, around=around)
