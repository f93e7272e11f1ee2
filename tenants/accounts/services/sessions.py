"""Where somebody is signed in, and the end of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from tenants.accounts import audit, browsers
from tenants.accounts.client_address import client_address
from tenants.accounts.models import User
from tenants.accounts.services import listening

FACTS = "signed_in"
AGENT_CHARS = 300


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser in which a person is signed in. ``key`` is secret and never shown; pages speak of ``handle``."""

    key: str
    handle: str
    browser: str
    ip: str
    since: datetime | None
    is_this_one: bool

    @property
    def browser_name(self) -> str:
        return browsers.name_of(self.browser) or gettext("A browser")

    @property
    def is_phone(self) -> bool:
        return browsers.is_phone(self.browser)


def note_sign_in(request: HttpRequest) -> None:
    """Keep in the session what its owner needs to recognise it by."""
    request.session[FACTS] = {
        "at": timezone.now().isoformat(),
        "agent": request.headers.get("User-Agent", "")[:AGENT_CHARS],
        "ip": client_address(request) or "",
    }


def of_person(user: User, *, this_key: str | None = None) -> list[SignIn]:
    """Every browser the person is signed in with, newest first.

    Sessions are opaque to the database, so the living ones of this side are read: some hundreds at most.
    """
    found = []
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        content = session.get_decoded()
        if content.get(SESSION_KEY) == str(user.pk):
            found.append(_sign_in(session.session_key, content, this_key))
    return sorted(found, key=lambda one: (one.is_this_one, one.since is not None, str(one.since)), reverse=True)


def end(user: User, *, handle: str) -> bool:
    """Sign the person out in one browser; False when there is none of that handle."""
    keys = [one.key for one in of_person(user) if one.handle == handle]
    return _end(user, keys)


def end_all(user: User, *, except_key: str | None = None) -> bool:
    """Sign the person out everywhere, save in the browser of ``except_key``."""
    return _end(user, [one.key for one in of_person(user) if one.key != except_key])


def _end(user: User, keys: list[str]) -> bool:
    if not keys:
        return False
    Session.objects.filter(session_key__in=keys).delete()
    listening.signed_out(user)
    audit.record("session.ended", actor=user, subject=user, count=len(keys))
    return True


def _sign_in(key: str, content: dict[str, Any], this_key: str | None) -> SignIn:
    facts = content.get(FACTS) or {}
    return SignIn(
        key=key,
        handle=_handle(key),
        browser=facts.get("agent", ""),
        ip=facts.get("ip", ""),
        since=parse_datetime(facts.get("at", "")),
        is_this_one=key == this_key,
    )


def _handle(key: str) -> str:
    """A name for a session from which its key cannot be found."""
    return hashlib.sha256(f"session handle {key}".encode()).hexdigest()[:20]
