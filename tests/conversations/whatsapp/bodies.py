"""The webhook bodies of tests/payloads, as they come over the wire and as they are read."""

import json
from pathlib import Path
from typing import Any

from conversations.whatsapp.payloads import Event, Parsed, parse, split

FOLDER = Path(__file__).resolve().parents[2] / "payloads"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
ANA, ANA_PHONE = "NL.13491208655302741918", "31612345678"
LEE = "US.98765432109876543210"


def document(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_bytes())


def parsed(name: str) -> list[Parsed]:
    return [parse(change) for change in split(document(name))]


def events(name: str) -> list[Event]:
    return [event for part in parsed(name) for event in part.events]


def only(name: str) -> Any:
    (event,) = events(name)
    return event
