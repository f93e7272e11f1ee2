"""Makes the database fit for this release; quick when it is already, and safe to run in several places at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from config.checks import verify_database
from tenants import migrating, plans, provisioning, scratch
from tenants.models import MetaApp

LOCK = 0x5E70B


class Command(BaseCommand):
    help = "Wait for the database, then migrate the agency's side and every company, and prepare what new ones need."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wait", type=int, default=60, help="seconds to wait for the database (default 60)")

    def handle(self, *args: Any, **options: Any) -> None:
        wait_for_database(seconds=options["wait"])
        verify_database()
        with alone():
            if plans.run_in_public():
                self.say("The agency's side is migrated.", **options)
            provisioning.prepare_template()
            self.migrate_companies(**options)
            if seed_first_app():
                self.say("The first Meta app is set up.", **options)

    def migrate_companies(self, **options: Any) -> None:
        report = migrating.migrate_companies()
        if report.migrated:
            self.say(f"{report.migrated} companies are migrated.", **options)
        if not report.complete:
            reasons = "\n".join(f"  {schema_name}: {reason}" for schema_name, reason in report.failed.items())
            raise CommandError(f"{len(report.failed) + report.left} companies are not migrated.\n{reasons}")

    def say(self, sentence: str, **options: Any) -> None:
        if options["verbosity"]:
            self.stdout.write(sentence)


def wait_for_database(*, seconds: int) -> None:
    """Return when the database answers; after that time say what is wrong with it."""
    end = time.monotonic() + seconds
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                return
        except OperationalError as error:
            connection.close()
            if time.monotonic() > end:
                raise CommandError(f"DATABASE_URL: the database does not answer ({error}).") from error
            time.sleep(0.2)


@contextmanager
def alone() -> Iterator[None]:
    """One at a time in this database; the lock falls with its connection."""
    with psycopg.connect(**scratch.server_parameters(), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield


def seed_first_app() -> bool:
    """Put the Meta app of the environment into the database; its secrets follow the environment afterwards."""
    if not (settings.META_APP_ID and settings.META_APP_SECRET and settings.META_VERIFY_TOKEN):
        return False
    app, created = MetaApp.objects.get_or_create(
        app_id=settings.META_APP_ID,
        defaults={
            "name": "Meta",
            "secret": settings.META_APP_SECRET,
            "verify_token": settings.META_VERIFY_TOKEN,
            "graph_url": settings.META_GRAPH_URL,
            "graph_version": settings.META_GRAPH_VERSION,
            "signup_config_id": settings.META_SIGNUP_CONFIG_ID,
            "coexistence_config_id": settings.META_COEXISTENCE_CONFIG_ID,
        },
    )
    return created or follow_environment(app)


def follow_environment(app: MetaApp) -> bool:
    """A changed secret becomes the current one and the one before stays valid until the next change.

    Sign-up configurations follow where the environment names them; else those that were set by command stay.
    """
    wanted = {
        "secret": settings.META_APP_SECRET,
        "verify_token": settings.META_VERIFY_TOKEN,
        "graph_url": settings.META_GRAPH_URL,
        "graph_version": settings.META_GRAPH_VERSION,
        "signup_config_id": settings.META_SIGNUP_CONFIG_ID or app.signup_config_id,
        "coexistence_config_id": settings.META_COEXISTENCE_CONFIG_ID or app.coexistence_config_id,
    }
    if all(getattr(app, name) == value for name, value in wanted.items()):
        return False
    if app.secret != settings.META_APP_SECRET:
        app.previous_secret = app.secret
    for name, value in wanted.items():
        setattr(app, name, value)
    app.save()
    return True
