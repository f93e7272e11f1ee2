"""Opens an agency with its host and first owner."""

from typing import Any

from django.core.management.base import CommandParser

from config.management.refusals import AnsweringCommand
from tenants.accounts.services.onboarding import open_agency
from tenants.addresses import address_of


class Command(AnsweringCommand):
    help = "Open an agency; safe to run twice."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--name", required=True)
        parser.add_argument("--slug", required=True, help="its short name in commands")
        parser.add_argument("--host", required=True, help="the host name its people open, without port")
        parser.add_argument("--owner-email", required=True, help="gets a link to begin with")
        parser.add_argument("--language", default="nl")
        parser.add_argument("--show-link", action="store_true", help="print the invitation's link as well")

    def answer(self, **options: Any) -> dict[str, Any]:
        opened = open_agency(
            options["name"],
            slug=options["slug"],
            host=options["host"],
            owner_email=options["owner_email"],
            language=options["language"],
        )
        answer = {
            "agency": str(opened.agency.pk),
            "slug": opened.agency.slug,
            "address": address_of(opened.agency),
            "invited": opened.owner.email if opened.link else None,
        }
        return answer | ({"link": opened.link or None} if options["show_link"] else {})
