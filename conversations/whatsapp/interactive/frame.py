"""What stands around every offer: heading, text and footer."""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django.utils.translation import gettext_lazy as _

from conversations.whatsapp import limits
from conversations.whatsapp.fields import InvalidField

Payload = dict[str, Any]
HEADER_FILES = frozenset({"image", "video", "document"})
FILE_LATER = "file"  # stands for the platform's id of a heading's file until that is known


class Offer(Protocol):
    """Something to tap under a text."""

    kind: ClassVar[str]

    @property
    def body(self) -> str:
        """The text that people read."""

    def part(self) -> Payload:
        """The ``interactive`` object. Raises InvalidField"""


@dataclass(slots=True, frozen=True)
class Frame:
    """A heading (text, or a file: its kind and the platform's id) and a footer."""

    header: str = ""
    header_media: tuple[str, str] | None = None
    footer: str = ""

    def parts(self, kind: str, *, files: bool = True) -> Payload:
        """Heading and footer of the body."""
        found: Payload = {}
        if self.header_media:
            shape, media_id = self.header_media
            if not files or shape not in HEADER_FILES or self.header:
                raise InvalidField("header", _("This message cannot have such a file above its text."))
            found["header"] = {"type": shape, shape: {"id": media_id}}
        elif self.header:
            found["header"] = {"type": "text", "text": limits.text(kind, "header", self.header)}
        if self.footer:
            found["footer"] = {"text": limits.text(kind, "footer", self.footer)}
        return found


PLAIN = Frame()


def interactive(kind: str, type_: str, *, body: str, action: Payload, around: Payload | None = None) -> Payload:
    """The whole object; a type whose text may be missing simply has none."""
    part: Payload = {"type": type_}
    words = limits.text(kind, "body", body)
    if words.strip():
        part["body"] = {"text": words}
    return part | {"action": action} | (around or {})


def distinct(field: str, values: list[str]) -> None:
    """Raises InvalidField when two are the same."""
    if len(set(values)) != len(values):
        raise InvalidField(field, _("Two choices are the same. Give each its own name."))


def web_address(kind: str, field: str, value: str, *, place: str = "", secure: bool = False) -> str:
    """An address of the web that fits. Raises InvalidField"""
    url = limits.text(kind, field, value.strip(), place=place)
    allowed = ("https://",) if secure else ("https://", "http://")
    if not url.startswith(allowed) or any(sign.isspace() for sign in url) or url in allowed:
        raise InvalidField(place or field, _("The address of the page must begin with https://."))
    return url
