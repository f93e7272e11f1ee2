"""What a company's admin sets about a number at the platform: calls, PIN, display name, username."""

import re
from dataclasses import dataclass, field

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import NumberNews, PhoneNumber
from conversations.services.alarms import alarms
from conversations.services.numbers import number_facts, number_news, number_talks
from conversations.whatsapp.payloads.clean import record, text
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError

PIN = re.compile(r"[0-9]{6}\Z")
USERNAME = re.compile(r"(?!.*\.\.)[a-z0-9_][a-z0-9._]{1,33}[a-z0-9_]\Z")
EASY_PINS = {"123456", "654321", *(digit * 6 for digit in "0123456789")}
SOURCE = "person"
Kind = NumberNews.Kind


class PinWeak(DomainError):
    code = "pin_weak"
    http_status = 422
    user_message = _("The PIN has six digits that nobody guesses: not 123456, not six times the same.")


class UsernameOdd(DomainError):
    code = "username_odd"
    http_status = 422
    user_message = _("A username has 3 to 35 characters: small letters, digits, points and underscores, and a letter.")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the platform says; ``calling`` is None where it says nothing about calls."""

    calling: bool | None
    storage: str
    region: str
    username: str = ""
    username_status: str = ""
    suggestions: list[str] = field(default_factory=list)


def read(number: PhoneNumber) -> Settings:
    """The settings as they are now; a username that the platform does not offer yet stays empty.

    Raises  PlatformAway, PlatformRefused, TokenUnusable
    """
    with number_talks.talking(number) as graph:
        told = graph.settings(number.phone_number_id)
    calling = text(record(told.get("calling")).get("status"))
    storage = record(told.get("storage_configuration"))
    name, status, suggestions = _username(number)
    return Settings(
        calling=calling == "ENABLED" if calling else None,
        storage=text(storage.get("status"), limit=40) or "",
        region=text(storage.get("data_localization_region"), limit=4) or number.storage_region,
        username=name,
        username_status=status,
        suggestions=suggestions,
    )


def _username(number: PhoneNumber) -> tuple[str, str, list[str]]:
    try:
        with number_talks.talking(number) as graph:
            told = graph.username(number.phone_number_id)
            name, status = text(told.get("username"), limit=40) or "", text(told.get("status"), limit=20) or ""
            offered = [] if name else graph.username_suggestions(number.phone_number_id)
    except number_talks.PlatformRefused:
        return number.username, number.username_status, []
    facts = {"username": name, "username_status": status.lower()}
    number_facts.keep(number, facts, at=timezone.now(), source="probe")
    return name, status.lower(), offered


def set_calling(number: PhoneNumber, *, on: bool, by: User, request: HttpRequest | None = None) -> None:
    """Let people call the number in WhatsApp, or not. Raises as ``read``"""
    with number_talks.talking(number) as graph:
        graph.set_calling(number.phone_number_id, on=on)
    _note(number, Kind.PROFILE, after="calling_on" if on else "calling_off", by=by, request=request)


def set_marketing_apart(number: PhoneNumber, *, on: bool, by: User, request: HttpRequest | None = None) -> None:
    """Send marketing templates through the platform's marketing service from now on, or no longer.

    The account has to have joined that service first; nothing is asked of the platform here.
    """
    PhoneNumber.objects.filter(pk=number.pk).update(marketing_apart=on)
    _note(number, Kind.PROFILE, after="marketing_apart" if on else "marketing_together", by=by, request=request)


def change_pin(number: PhoneNumber, pin: str, *, by: User, request: HttpRequest | None = None) -> None:
    """Change the PIN of two-step verification and keep it, encrypted: without it nobody can register the number again.

    Raises  PinWeak, and as ``read``
    """
    if not PIN.match(pin) or pin in EASY_PINS:
        raise PinWeak
    with transaction.atomic():  # first: the platform's own news of it may be quicker than its answer
        number_news.note(number, Kind.SECURITY, after="PIN_CHANGED", at=timezone.now(), source=SOURCE)
    with number_talks.talking(number) as graph:
        graph.set_pin(number.phone_number_id, pin)
    with transaction.atomic():
        changed = PhoneNumber.objects.select_for_update().get(pk=number.pk)
        changed.pin = pin
        changed.save(update_fields=["pin"])
        alarms.end_alarm("pin_changed", number=number)
        audit.record("number.pin_changed", actor=by, subject=number, request=request)


def ask_name(number: PhoneNumber, name: str, *, by: User, request: HttpRequest | None = None) -> None:
    """Ask the platform to show another name; people see the present one until it approves. Raises as ``read``"""
    with number_talks.talking(number) as graph:
        graph.ask_name(number.phone_number_id, name)
    with transaction.atomic():
        facts = {"requested_name": name, "name_status": "PENDING_REVIEW"}
        number_facts.keep(number, facts, at=timezone.now(), source=SOURCE)
        audit.record("number.name_asked", actor=by, subject=number, request=request)


def set_username(number: PhoneNumber, name: str, *, by: User, request: HttpRequest | None = None) -> str:
    """Ask for a username; gives its status: reserved or approved. Raises UsernameOdd, and as ``read``"""
    if not USERNAME.match(name) or not re.search("[a-z]", name):
        raise UsernameOdd
    with number_talks.talking(number) as graph:
        status = (text(graph.set_username(number.phone_number_id, name).get("status"), limit=20) or "reserved").lower()
    with transaction.atomic():
        facts = {"username": name, "username_status": status}
        number_facts.keep(number, facts, at=timezone.now(), source=SOURCE)
        audit.record("number.username_changed", actor=by, subject=number, request=request)
    return status


def give_up_username(number: PhoneNumber, *, by: User, request: HttpRequest | None = None) -> None:
    """Others may take it then. Raises as ``read``"""
    with number_talks.talking(number) as graph:
        graph.delete_username(number.phone_number_id)
    with transaction.atomic():
        number_facts.keep(number, {"username": "", "username_status": ""}, at=timezone.now(), source=SOURCE)
        audit.record("number.username_changed", actor=by, subject=number, request=request)


def _note(number: PhoneNumber, kind: NumberNews.Kind, *, after: str, by: User, request: HttpRequest | None) -> None:
    with transaction.atomic():
        number_news.note(number, kind, after=after, at=timezone.now(), source=SOURCE)
        audit.record("number.changed", actor=by, subject=number, request=request, what=after)
