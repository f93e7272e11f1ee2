"""The secrets of the Meta apps, kept in this process: who signed a webhook, whose handshake it is."""

import hmac
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from conversations.whatsapp import signature
from tenants.context import in_public
from tenants.models import MetaApp

RELOAD_ON_MISS_SECONDS = 1.0  # a flood of wrong signatures costs one query a second
RELOAD_SECONDS = 60.0  # a secret that was withdrawn stops working within this time


@dataclass(frozen=True, slots=True)
class _Known:
    secrets: tuple[tuple[UUID, str], ...]
    verify_tokens: tuple[str, ...]
    loaded_at: float


_known: _Known | None = None
_lock = threading.Lock()


def verified_app(body: bytes, header: str) -> UUID | None:
    """The app whose current or previous secret signed these bytes, or None."""
    for known in _attempts():
        if (found := signature.verify(body, header, known.secrets)) is not None:
            return found
    return None


def knows_verify_token(token: str) -> bool:
    """Whether some app's handshake carries this token; every token is compared, so that time tells nothing."""
    for known in _attempts():
        fits = [hmac.compare_digest(token.encode(), own.encode()) for own in known.verify_tokens if own]
        if any(fits):
            return True
    return False


def forget() -> None:
    """Forget the secrets of this process; the next call reads them again."""
    global _known
    _known = None


def _attempts() -> Iterator[_Known]:
    """What is known, and when that did not help, what the database says now (at most once a second)."""
    known = _current(max_age=RELOAD_SECONDS)
    yield known
    again = _current(max_age=RELOAD_ON_MISS_SECONDS)
    if again is not known:
        yield again


def _current(*, max_age: float) -> _Known:
    global _known
    known = _known
    if known is not None and time.monotonic() - known.loaded_at < max_age:
        return known
    with _lock:
        if _known is known or _known is None:
            _known = _load()
        return _known


def _load() -> _Known:
    now = time.monotonic()
    with in_public():
        apps = list(MetaApp.objects.order_by("id"))
    secrets = [(app.pk, app.secret) for app in apps] + [(app.pk, app.previous_secret) for app in apps]
    return _Known(tuple(pair for pair in secrets if pair[1]), tuple(app.verify_token for app in apps), now)
