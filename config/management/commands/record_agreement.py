"""Records that a company's data processing agreement was signed."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import CommandError, CommandParser

from config.management.refusals import AnsweringCommand
from conversations.models import PhoneNumber
from privacy.services import agreements
from tenants.context import inside
from tenants.models import ClientCompany


class Command(AnsweringCommand):
    help = "Record a signed data processing agreement of a company; safe to run twice with the same file and dates."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("company", help="the company's subdomain")
        parser.add_argument("file", type=Path, help="the signed PDF")
        parser.add_argument("--controller-signatory", required=True, help="who signed for the company")
        parser.add_argument("--processor-signatory", required=True, help="who signed for the agency")
        parser.add_argument("--signed-on", required=True, type=_day, help="YYYY-MM-DD")
        parser.add_argument("--starts-on", type=_day, help="YYYY-MM-DD; the day of signing when left out")
        parser.add_argument("--ends-on", type=_day, help="YYYY-MM-DD, the last day; without one it has no end")

    def answer(self, **options: Any) -> dict[str, Any]:
        company = ClientCompany.objects.select_related("agency").filter(subdomain=options["company"]).first()
        if company is None:
            raise CommandError(f"There is no company {options['company']!r}.")
        try:
            opened = options["file"].open("rb")
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read ({error.strerror}).") from error
        with opened, inside(company.schema_name):
            agreement = agreements.record_signed(
                company,
                file=File(opened),
                file_name=options["file"].name,
                controller_signatory=options["controller_signatory"],
                processor_signatory=options["processor_signatory"],
                signed_on=options["signed_on"],
                starts_on=options["starts_on"] or options["signed_on"],
                ends_on=options["ends_on"],
            )
            live = PhoneNumber.objects.filter(state=PhoneNumber.State.LIVE).order_by("display_number")
            return {
                "agreement": str(agreement.pk),
                "version": agreement.version,
                "status": agreement.status,
                "starts_on": agreement.starts_on.isoformat() if agreement.starts_on else None,
                "ends_on": agreement.ends_on.isoformat() if agreement.ends_on else None,
                "sha256": agreement.file_sha256,
                "live_numbers": list(live.values_list("display_number", flat=True)),
            }


def _day(text: str) -> date:
    return date.fromisoformat(text)
