"""``manage.py load_rate_card FILE``: add what Meta charges from a day on."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.catalogue.services import rate_cards


class Command(BaseCommand):
    help = "Adds the rows of a rate card (CSV). Without a file, the cards and markets that came with the product."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"] or rate_cards.DATA / "rates.csv"
        try:
            rates = rate_cards.load_rates(path)
        except (rate_cards.BadRateCard, OSError) as error:
            raise CommandError(f"{path.name}: {error}") from error
        rate_cards.load_markets(rate_cards.DATA / "markets.csv")
        self.stdout.write(f"{rates} rates read from {path.name}")
