"""Puts the demo into an empty installation."""

from typing import Any

from django.core.management.base import BaseCommand

from config.demo import seeding


class Command(BaseCommand):
    help = (
        "Seed the demo: an agency, three client companies and weeks of conversations, for an installation that has "
        "nothing yet. A second run changes nothing. The sign-ins are written to var/demo.json."
    )

    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        seeded = seeding.seed()
        if seeded.others:
            self.stdout.write("There are agencies here already; the demo is left out.")
        elif seeded.made:
            told = ", ".join(f"{count} messages at {name}" for name, count in seeded.counts.items())
            self.stdout.write(f"The demo is seeded: {told}. The sign-ins are in var/demo.json.")
        else:
            self.stdout.write("The demo is there already.")
