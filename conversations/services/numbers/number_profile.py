"""The business profile, ice breakers and commands: what people see of the company in WhatsApp."""

from dataclasses import dataclass
from typing import Any

import requests
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from conversations.models import NumberNews, PhoneNumber
from conversations.services import summary
from conversations.services.numbers import number_news, number_talks
from conversations.whatsapp import addresses
from conversations.whatsapp.connections import open_session
from conversations.whatsapp.payloads.clean import clean, record, rows, text
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.context import in_public
from tenants.models import MetaApp

ABOUT_CHARS, ADDRESS_CHARS, DESCRIPTION_CHARS, EMAIL_CHARS = 139, 256, 512, 128
WEBSITES, WEBSITE_CHARS = 2, 256
PROMPTS, PROMPT_CHARS = 3, 80
COMMANDS, COMMAND_CHARS, COMMAND_NOTE_CHARS = 30, 30, 256
PICTURE_BYTES = 5 * 1024 * 1024
PICTURE_TYPES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
SHOWN_BYTES = 2_000_000
PROFILE = ("about", "address", "description", "email", "websites", "vertical", "profile_picture_url")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it was fetched."""

    data: bytes
    mime_type: str


def read(number: PhoneNumber) -> dict[str, Any]:
    """The profile as it is at the platform now, kept for when that is away.

    Raises  PlatformAway, PlatformRefused, TokenUnusable
    """
    with number_talks.talking(number) as graph:
        told = graph.profile(number.phone_number_id)
    profile = {name: clean(told[name]) for name in PROFILE if told.get(name)}
    PhoneNumber.objects.filter(pk=number.pk).update(profile=profile)
    summary.refresh()
    return profile


def save(
    number: PhoneNumber,
    fields: dict[str, Any],
    *,
    picture: Picture | None = None,
    by: User,
    request: HttpRequest | None = None,
) -> None:
    """Change the given parts of the profile, and the picture where there is a new one.

    Raises  PlatformAway, PlatformRefused, TokenUnusable
    """
    changed = dict(fields)
    with number_talks.talking(number) as graph:
        if picture is not None:
            with in_public():
                app_id = MetaApp.objects.values_list("app_id", flat=True).get(pk=number.meta_app_id)
            handle = graph.upload_picture(app_id, picture.data, mime_type=picture.mime_type)
            changed["profile_picture_handle"] = handle
        graph.set_profile(number.phone_number_id, changed)
    names = sorted(set(fields) | ({"picture"} if picture else set()))
    with transaction.atomic():
        PhoneNumber.objects.filter(pk=number.pk).update(profile={**number.profile, **fields})
        summary.refresh()
        _note(number, what="profile", by=by, request=request, fields=names)


def picture_of(number: PhoneNumber) -> Picture | None:
    """The profile picture, fetched from the platform: browsers of ours ask nobody else for anything."""
    url = text(number.profile.get("profile_picture_url"))
    if not url:
        return None
    with in_public():
        base = MetaApp.objects.values_list("graph_url", flat=True).get(pk=number.meta_app_id)
    try:
        addresses.check(url, base=base)
        with (
            open_session(base) as session,
            session.get(url, timeout=(5, 10), allow_redirects=False, stream=True) as answer,
        ):
            data = answer.raw.read(SHOWN_BYTES + 1, decode_content=True)
    except (addresses.AddressRefused, requests.RequestException, OSError):
        return None
    kind = kind_of(data)
    return Picture(data, kind) if kind and answer.status_code == 200 and len(data) <= SHOWN_BYTES else None


def kind_of(data: bytes) -> str | None:
    """The type of a picture by its first bytes; None for what is none that the platform takes."""
    return next((kind for kind, magic in PICTURE_TYPES.items() if data.startswith(magic)), None)


def read_automation(number: PhoneNumber) -> dict[str, Any]:
    """Ice breakers and commands as they are at the platform now. Raises as ``read`` does."""
    with number_talks.talking(number) as graph:
        told = graph.automation(number.phone_number_id)
    automation = {
        "prompts": [prompt for prompt in rows(told.get("prompts")) if isinstance(prompt, str)],
        "commands": [
            {name: str(record(row).get(name) or "") for name in ("command_name", "command_description")}
            for row in rows(told.get("commands"))
        ],
    }
    PhoneNumber.objects.filter(pk=number.pk).update(automation=clean(automation))
    return automation


def save_automation(
    number: PhoneNumber,
    *,
    prompts: list[str],
    commands: list[dict[str, str]],
    by: User,
    request: HttpRequest | None = None,
) -> None:
    """Replace ice breakers and commands. Raises as ``read`` does."""
    with number_talks.talking(number) as graph:
        graph.set_automation(number.phone_number_id, prompts=prompts, commands=commands)
    with transaction.atomic():
        PhoneNumber.objects.filter(pk=number.pk).update(automation={"prompts": prompts, "commands": commands})
        _note(number, what="automation", by=by, request=request, fields=["prompts", "commands"])


def _note(number: PhoneNumber, *, what: str, by: User, request: HttpRequest | None, fields: list[str]) -> None:
    kind = NumberNews.Kind.PROFILE
    number_news.note(number, kind, after=what, at=timezone.now(), source="person", data={"of": what, "fields": fields})
    audit.record("number.changed", actor=by, subject=number, request=request, what=what, fields=fields)
