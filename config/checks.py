"""What must hold before this installation may work: its database, and settings that only make sense together."""

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from psycopg import sql

from tenants.scratch import server_parameters

OLDEST_POSTGRESQL = 18
PROBES = 32  # more than the server connections that a pooler of a small installation rotates through


class UnfitDatabase(SystemExit):
    """Ends the process with what is wrong with the database and what to do about it."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"DATABASE_URL: {problem}")


def verify_database() -> None:
    """Refuse a server that is too old, and a pooler that would show one company's rows to another.

    Raises UnfitDatabase, and psycopg.OperationalError where the server does not answer.
    """
    with _connect() as first, _connect() as second:
        version = first.info.server_version // 10_000
        if version < OLDEST_POSTGRESQL:
            raise UnfitDatabase(f"PostgreSQL is {version}, but Balie needs {OLDEST_POSTGRESQL} or newer.")
        if leaks(first, second):
            raise UnfitDatabase(
                "there is a pooler in transaction mode that does not keep search_path apart, so one company could see "
                "another's rows. Use session mode, or PgBouncer 1.20 or newer with "
                "track_extra_parameters = search_path, or connect directly."
            )


def leaks(first: psycopg.Connection[Any], second: psycopg.Connection[Any]) -> bool:
    """Whether a search_path set on one connection shows up on the other, or is lost on its own.

    The path that is set keeps the usual schemas in front, so that it harms nobody who is handed that server connection.
    """
    before = _search_path(first)
    mark = f"balie_probe_{uuid4().hex}"
    _set_search_path(first, f"{before}, {mark}")
    try:
        seen = [_search_path(second) for _ in range(PROBES)]
        kept = [_search_path(first) for _ in range(PROBES)]
        return any(mark in path for path in seen) or not all(mark in path for path in kept)
    finally:
        for connection in (first, second):
            if mark in _search_path(connection):
                _set_search_path(connection, before)


def _connect() -> psycopg.Connection[Any]:
    return psycopg.connect(**server_parameters(connect_timeout=10), autocommit=True, prepare_threshold=None)


def _search_path(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute("SHOW search_path").fetchone()
    return str(row[0]) if row else ""


def _set_search_path(connection: psycopg.Connection[Any], path: str) -> None:
    connection.execute(sql.SQL("SELECT set_config('search_path', {}, false)").format(path))


@register(Tags.security)
def encryption_keys_are_keys(**kwargs: Any) -> list[CheckMessage]:
    for key in settings.ENCRYPTION_KEYS:
        try:
            Fernet(key)
        except ValueError:
            return [Error("ENCRYPTION_KEYS: every key is 32 bytes in URL-safe base64.", id="config.E001")]
    return []


@register(Tags.compatibility)
def first_app_is_whole(**kwargs: Any) -> list[CheckMessage]:
    """The first Meta app is set up from three values together; one alone would be ignored without a word."""
    names = ("META_APP_ID", "META_APP_SECRET", "META_VERIFY_TOKEN")
    missing = [name for name in names if not getattr(settings, name)]
    if missing and len(missing) < len(names):
        return [Error(f"{', '.join(missing)}: not set, while the rest of the Meta app is.", id="config.E002")]
    return []


@register(Tags.security, deploy=True)
def live_stream_is_encrypted(**kwargs: Any) -> list[CheckMessage]:
    if settings.HTTPS and urlsplit(settings.LIVE_URL).scheme != "https":
        hint = "A page that came over HTTPS may not open a stream over HTTP: browsers refuse it."
        return [Warning("LIVE_URL is http:// while HTTPS is on.", hint=hint, id="config.W001")]
    return []
