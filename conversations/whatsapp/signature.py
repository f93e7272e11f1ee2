"""The signature of a webhook: HMAC-SHA256 of the raw body with the secret of a Meta app."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import TypeVar

K = TypeVar("K")

PREFIX = "sha256="
HEX_CHARS = 64


def sign(body: bytes, secret: str) -> str:
    """The value of ``X-Hub-Signature-256`` for this body."""
    return PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify(body: bytes, header: str, secrets: Iterable[tuple[K, str]]) -> K | None:
    """Tell whose secret signed the body, or None; several apps and previous secrets may be tried.

    Every secret is compared, whether or not one fitted already, so that time tells nothing. An empty secret never fits.
    """
    given = header.removeprefix(PREFIX) if isinstance(header, str) else ""
    if len(given) != HEX_CHARS or not given.isascii():
        return None
    found: K | None = None
    for key, secret in secrets:
        wanted = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        if hmac.compare_digest(wanted, given) and secret and found is None:
            found = key
    return found
