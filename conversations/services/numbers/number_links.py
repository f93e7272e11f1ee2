"""Short links and their QR codes: they open a chat with the number, with a text filled in."""

import io
from dataclasses import dataclass

import segno
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conversations.models import PhoneNumber
from conversations.services.numbers import number_talks
from conversations.whatsapp.management import GraphRefused
from conversations.whatsapp.payloads.clean import identifier, text
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError

TEXT_CHARS = 140
KINDS = {"svg": "image/svg+xml", "png": "image/png"}
SCALE = 12  # pixels a module: sharp on paper at four centimetres
ADDRESS = "https://wa.me/message/"


class LinkGone(DomainError):
    code = "link_gone"
    http_status = 404
    user_message = _("This link no longer exists.")


@dataclass(frozen=True, slots=True)
class Link:
    """One short link."""

    code: str
    text: str
    address: str


def links_of(number: PhoneNumber) -> list[Link]:
    """All short links of the number, from the platform. Raises PlatformAway, PlatformRefused, TokenUnusable"""
    with number_talks.talking(number) as graph:
        told = graph.links(number.phone_number_id)
    codes = [(row, identifier(row.get("code"), limit=40)) for row in told]
    return [
        Link(code, text(row.get("prefilled_message"), limit=500) or "", _address(row, code))
        for row, code in codes
        if code
    ]


def link_of(number: PhoneNumber, code: str) -> Link:
    """One of them. Raises LinkGone, and as ``links_of``"""
    found = next((link for link in links_of(number) if link.code == code), None)
    if found is None:
        raise LinkGone
    return found


def save(number: PhoneNumber, *, text: str, code: str = "", by: User, request: HttpRequest | None = None) -> str:
    """Make a link, or change the text of the one with this code; gives its code. Raises as ``links_of``"""
    with number_talks.talking(number) as graph:
        told = graph.save_link(number.phone_number_id, text=text, code=code)
    action = "number.link_changed" if code else "number.link_made"
    audit.record(action, actor=by, subject=number, request=request)
    return identifier(told.get("code"), limit=40) or code


def delete(number: PhoneNumber, code: str, *, by: User, request: HttpRequest | None = None) -> None:
    """The link and every printed code of it stop working. Raises LinkGone, and as ``links_of``"""
    try:
        with number_talks.talking(number) as graph:
            graph.delete_link(number.phone_number_id, code)
    except number_talks.PlatformRefused as refused:
        if isinstance(refused.__cause__, GraphRefused) and refused.graph_code == number_talks.BAD_PARAMETER:
            raise LinkGone from refused
        raise
    audit.record("number.link_deleted", actor=by, subject=number, request=request)


def drawn(link: Link, *, kind: str) -> bytes:
    """The QR code of a link as svg or png, made here: nothing is fetched from anywhere."""
    out = io.BytesIO()
    code = segno.make(link.address, error="m", micro=False)
    if kind == "png":
        code.save(out, kind="png", scale=SCALE, border=4)
    else:
        code.save(out, kind="svg", scale=SCALE, border=4, xmldecl=True, svgns=True, light="#fff")
    return out.getvalue()


def _address(row: dict[str, object], code: str) -> str:
    told = text(row.get("deep_link_url"), limit=200) or ""
    return told if told.startswith("https://wa.me/") else f"{ADDRESS}{code}"
