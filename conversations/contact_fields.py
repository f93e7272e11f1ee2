"""Fields of its own that a company keeps about contacts: kinds, and what a value of each may be. No ORM.

A date is kept as ``2026-06-30``, a number as it is written with a point, everything as text: what an integrator reads
is what a person sees.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from unicodedata import decimal
from urllib.parse import urlsplit

from django.utils.text import slugify

MOST_FIELDS = 30
MOST_CHOICES = 50
MAX_NAME_CHARS = 40
MAX_KEY_CHARS = 30
MAX_CHARS = {"text": 300, "number": 40, "date": 10, "choice": 60, "link": 500}
DATES = (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})"))


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class ContactField:
    """One field. ``key`` never changes; placeholders and the API know it by that."""

    key: str
    name: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"key": self.key, "name": self.name, "kind": self.kind.value}
        return told | ({"choices": list(self.choices)} if self.kind == Kind.CHOICE else {})


class OddValue(ValueError):
    """The text is no value of this field; ``kind`` says of which it would have to be."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self.kind = kind


def fields_of(stored: Sequence[Mapping[str, Any]]) -> list[ContactField]:
    """The fields as settings keep them; one of a kind that we do not know counts as text."""
    return [
        ContactField(
            str(one["key"]),
            str(one.get("name") or one["key"]),
            Kind(one["kind"]) if one.get("kind") in set(Kind) else Kind.TEXT,
            tuple(str(choice) for choice in one.get("choices", ())),
        )
        for one in stored
        if one.get("key")
    ]


def new_key(name: str, *, taken: Sequence[str]) -> str:
    """A key made of a name, like no other."""
    base = slugify(name).replace("-", "_")[:MAX_KEY_CHARS] or "field"
    key, count = base, 1
    while key in taken:
        count += 1
        key = f"{base}_{count}"
    return key


def value_of(wanted: ContactField, text: str) -> str:
    """What is kept of what somebody typed; empty takes the value away. Raises OddValue."""
    text = " ".join(text.replace("\x00", "").split())
    if not text:
        return ""
    if len(text) > MAX_CHARS[wanted.kind]:
        raise OddValue(wanted.kind)
    match wanted.kind:
        case Kind.NUMBER:
            return _number(text)
        case Kind.DATE:
            return _date(text)
        case Kind.CHOICE if text not in wanted.choices:
            raise OddValue(wanted.kind)
        case Kind.LINK:
            return _link(text)
    return text


def _number(text: str) -> str:
    compact = "".join(str(decimal(sign)) if sign.isdecimal() else sign for sign in text if sign != " ")
    if "," in compact and "." in compact:  # the last of them parts the decimals
        compact = compact.replace("." if compact.rindex(",") > compact.rindex(".") else ",", "")
    try:
        number = Decimal(compact.replace(",", "."))
    except InvalidOperation:
        raise OddValue(Kind.NUMBER) from None
    if not number.is_finite() or abs(number.adjusted()) > 20:
        raise OddValue(Kind.NUMBER)
    return compact.replace(",", ".") if compact.isdecimal() else f"{number:f}"


def _date(text: str) -> str:
    for order, pattern in enumerate(DATES):
        if match := pattern.fullmatch(text):
            year, month, day = match.groups() if order == 0 else reversed(match.groups())
            try:
                return date(int(year), int(month), int(day)).isoformat()
            except ValueError:
                break
    raise OddValue(Kind.DATE)


def _link(text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
    except ValueError:
        raise OddValue(Kind.LINK) from None
    if parts.scheme not in ("http", "https") or "." not in parts.netloc or " " in address or parts.username:
        raise OddValue(Kind.LINK)
    return address
