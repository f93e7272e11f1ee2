"""Asks the stand-in platform for an account with a number: what its sign-up window does, without the window."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from conversations.whatsapp.connections import open_session
from conversations.whatsapp.management import send
from conversations.whatsapp.payloads.clean import identifier, record, text

SECONDS = (5.0, 15.0)


@dataclass(frozen=True, slots=True)
class Opened:
    """What the window would have told: ids as hints, and the code for a token."""

    event: str
    waba_id: str
    phone_number_id: str
    code: str


def open_account(graph_url: str, *, app_id: str, name: str) -> Opened:
    """A new account with an invented number on the simulator behind this address.

    Raises  GraphRefused, GraphUnreachable
    """
    base = graph_url.rstrip("/")
    wish = {"app_id": app_id, "event": "FINISH", "name": name}
    with open_session(base) as session:
        answer = send(session, requests.Request("POST", f"{base}/_sim/signup", json=wish), base=base, seconds=SECONDS)
    told = record(record(answer.get("session")).get("data"))
    return Opened(
        event=text(record(answer.get("session")).get("event"), limit=60) or "",
        waba_id=identifier(told.get("waba_id"), limit=40) or "",
        phone_number_id=identifier(told.get("phone_number_id"), limit=40) or "",
        code=text(answer.get("code"), limit=2000) or "",
    )


def phones(graph_url: str) -> str:
    """Where the simulator's phones stand, to write to a number from."""
    parts = urlsplit(graph_url)
    return f"{parts.scheme}://{parts.netloc}/"
