"""Rows that the told conversations become, gathered for a few large inserts."""

import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from conversations.integrations.services.events import Fact

Row = dict[str, Any]


@dataclass(slots=True)
class Book:
    """Rows of one company by table, facts for others, and the same chats for the simulator's phones."""

    contacts: list[Row] = field(default_factory=list)
    identities: list[Row] = field(default_factory=list)
    channels: list[Row] = field(default_factory=list)
    conversations: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    media: list[Row] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    notes: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    consents: list[Row] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)


def id_at(moment: datetime) -> UUID:
    """A UUIDv7 of a moment that was: ids of the past must not look like news."""
    milliseconds = int(moment.timestamp() * 1000)
    low = secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | low)


def wamid(address: str, *, inbound: bool, dice: Random) -> str:
    """A message id as the platform writes them."""
    person = address.encode()[:40]
    token = f"{dice.getrandbits(80):020X}".encode()
    raw = b"\x1c\x18" + bytes([len(person)]) + person
    raw += b"\x15\x02\x00" + (b"\x12" if inbound else b"\x11") + b"\x18" + bytes([len(token)]) + token + b"\x00"
    return "wamid." + b64encode(raw).decode()
