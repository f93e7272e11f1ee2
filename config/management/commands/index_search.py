"""Has the search index of companies filled again: after an upgrade that brought the index, or when words changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conversations.services import search
from tenants.context import inside
from tenants.models import ClientCompany


class Command(BaseCommand):
    help = "Queue every message and note of a company (or of all) to be taken into the search index by the workers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--company", help="The company's subdomain; without it, all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        companies = ClientCompany.objects.order_by("subdomain")
        if options["company"]:
            companies = companies.filter(subdomain=options["company"])
            if not companies.exists():
                raise CommandError(f"There is no company {options['company']}.")
        for company in companies.iterator():
            with inside(company.schema_name):
                count = search.queue_everything()
            self.stdout.write(f"{company.subdomain}: {count} to take in")
