"""``manage.py free_entry_length [--from DAY --hours N]``: how long an answered advertisement stays free."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.models import FreeEntryLength


class Command(BaseCommand):
    help = (
        "Lists for how many hours WhatsApp charges nothing after an answer to somebody from an advertisement, by the "
        "day from which that holds; with --from and --hours sets it for a day, with --remove takes a day away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="day", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--hours", type=int)
        parser.add_argument("--source", default="", help="where the platform says so")
        parser.add_argument("--remove", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        day, hours = options["day"], options["hours"]
        if options["remove"]:
            if day is None:
                raise CommandError("Say with --from which day is meant.")
            FreeEntryLength.objects.filter(effective_from=day).delete()
        elif day is not None or hours is not None:
            if day is None or hours is None or hours < 1:
                raise CommandError("Give --from and --hours together; at least one hour.")
            fields = {"hours": hours, "source": options["source"] or "set by the operator"}
            FreeEntryLength.objects.update_or_create(effective_from=day, defaults=fields)
        for row in FreeEntryLength.objects.order_by("effective_from"):
            self.stdout.write(f"{row.effective_from}  {row.hours:>5} h  {row.source}")
