"""A database that would mix companies up is refused before anything runs on it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection

from config.checks import UnfitDatabase, leaks, verify_database
from tests.config.pooler import transaction_pooler


@pytest.fixture
def short_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="balie-pool-") as folder:
        yield Path(folder)


def test_a_direct_connection_is_fit() -> None:
    verify_database()


@pytest.mark.parametrize("servers", [1, 3])
def test_a_transaction_pooler_that_forgets_search_path_is_seen(short_folder: Path, servers: int) -> None:
    with (
        transaction_pooler(settings.DATABASE_URL, short_folder, servers=servers) as url,
        psycopg.connect(url, autocommit=True, prepare_threshold=None) as first,
        psycopg.connect(url, autocommit=True, prepare_threshold=None) as second,
    ):
        assert leaks(first, second)


def test_the_probe_leaves_no_trace_on_a_shared_server_connection(short_folder: Path) -> None:
    with (
        transaction_pooler(settings.DATABASE_URL, short_folder, servers=1) as url,
        psycopg.connect(url, autocommit=True, prepare_threshold=None) as first,
        psycopg.connect(url, autocommit=True, prepare_threshold=None) as second,
    ):
        before = first.execute("SHOW search_path").fetchone()
        leaks(first, second)
        assert second.execute("SHOW search_path").fetchone() == before


def test_a_pooler_in_transaction_mode_is_refused_with_the_cure(
    short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction_pooler(settings.DATABASE_URL, short_folder, servers=1):
        monkeypatch.setitem(connection.settings_dict, "HOST", str(short_folder))

        with pytest.raises(UnfitDatabase, match="track_extra_parameters"):
            verify_database()


def test_an_older_postgresql_is_refused_with_its_version(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction_pooler(settings.DATABASE_URL, short_folder, servers=1, version=170_000):
        monkeypatch.setitem(connection.settings_dict, "HOST", str(short_folder))

        with pytest.raises(UnfitDatabase, match="PostgreSQL is 17"):
            verify_database()


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("ENCRYPTION_KEYS", ["too short"], "config.E001"),
        ("META_APP_ID", "12345", "config.E002"),
    ],
)
def test_settings_that_make_no_sense_are_named(name: str, value: object, wanted: str, settings) -> None:  # type: ignore[no-untyped-def]
    setattr(settings, name, value)

    assert wanted in [message.id for message in run_checks()]


def test_an_unencrypted_stream_beside_encrypted_pages_is_named(settings) -> None:  # type: ignore[no-untyped-def]
    settings.HTTPS, settings.LIVE_URL = True, "http://live.example.org"

    assert "config.W001" in [message.id for message in run_checks(include_deployment_checks=True)]
