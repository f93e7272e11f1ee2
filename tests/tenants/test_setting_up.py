"""One command makes the database fit for the release: from nothing, again, and twice at once."""

import threading
import time
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tenants.models import MetaApp, SchemaTemplate

pytestmark = pytest.mark.usefixtures("own_database")


def set_up() -> None:
    try:
        call_command("setup_database", verbosity=0)
    finally:
        connection.close()


def test_two_at_once_make_one_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    failed: list[BaseException] = []

    def attempt() -> None:
        try:
            set_up()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert SchemaTemplate.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname IN ('pg_trgm', 'unaccent')")
        assert cursor.fetchone() == (2,)


def test_with_nothing_to_do_it_is_quick() -> None:
    set_up()

    assert min(seconds_of_setting_up() for _ in range(4)) < 1  # the quickest: others may have waited for a processor


def seconds_of_setting_up() -> float:
    began = time.monotonic()
    set_up()
    return time.monotonic() - began


def test_the_first_app_follows_the_environment_and_keeps_the_secret_before(settings: Any) -> None:
    settings.META_APP_ID, settings.META_VERIFY_TOKEN = "4711", "handshake"
    settings.META_APP_SECRET = "first"
    set_up()
    settings.META_APP_SECRET = "second"
    set_up()
    set_up()

    app = MetaApp.objects.get(app_id="4711")
    assert (app.secret, app.previous_secret, app.sandbox) == ("second", "first", False)
