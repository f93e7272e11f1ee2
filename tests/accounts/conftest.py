"""Signing in through the door, and the code an authenticator app would show."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.fixtures.people import browser
from tests.fixtures.world import PASSWORD, email_of

SECRET = re.compile(r'id="totp-secret">([A-Z2-7]+)<')
SignIn = Callable[..., HttpResponse]


def sign_in(client: Client, key: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post("/accounts/login/", {"login": email_of(key), "password": password, **more})


def confirm(client: Client, password: str = PASSWORD) -> None:
    """Show once more that it is you, as the pages about signing in ask."""
    client.post("/accounts/reauthenticate/", {"password": password})


def code_for(secret: str, *, at: float | None = None) -> str:
    """What an authenticator app shows (RFC 6238, six digits, half a minute)."""
    counter = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def set_up_totp(client: Client) -> str:
    """Switch the authenticator app on in the browser's account; gives its secret."""
    confirm(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    found = SECRET.search(page)
    assert found, page
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_for(found[1])})
    assert answer.status_code == 302, answer.content.decode()
    return found[1]


@pytest.fixture
def on_company(database: None) -> Client:
    """Signed out, on the company's host."""
    return browser("fietsland.test")


@pytest.fixture
def on_agency(database: None) -> Client:
    """Signed out, on the agency's host."""
    return browser("agency.test")
