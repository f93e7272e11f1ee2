"""Opens a client company with its schema, host and first admin."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from config.management.refusals import AnsweringCommand
from tenants.accounts.services.onboarding import open_company
from tenants.addresses import address_of
from tenants.models import Agency


class Command(AnsweringCommand):
    help = "Open a client company and invite its first admin; safe to run twice."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("agency", help="the agency's short name (slug)")
        parser.add_argument("name")
        parser.add_argument("subdomain")
        parser.add_argument("--language", default="nl")
        parser.add_argument("--country", default="NL", help="two letters")
        parser.add_argument("--sector", default="")
        parser.add_argument("--admin-email", required=True, help="gets a link to begin with")
        parser.add_argument("--admin-name", default="")
        parser.add_argument("--show-link", action="store_true", help="print the invitation's link as well")

    def answer(self, **options: Any) -> dict[str, Any]:
        agency = Agency.objects.filter(slug=options["agency"]).first()
        if agency is None:
            raise CommandError(f"There is no agency {options['agency']!r}. Open it first with create_agency.")
        names = ("name", "subdomain", "language", "country", "admin_email", "admin_name", "sector")
        opened = open_company(agency, **{name: options[name] for name in names})
        answer = {
            "company": str(opened.company.pk),
            "schema": opened.company.schema_name,
            "subdomain": opened.company.subdomain,
            "address": address_of(opened.company),
            "invited": opened.admin.email if opened.link else None,
        }
        return answer | ({"link": opened.link or None} if options["show_link"] else {})
