"""Shows what retention would delete in a company, or does it now instead of at night."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from config.management.refusals import AnsweringCommand
from privacy.models import RetentionRun
from privacy.services import nights, retaining
from tenants.context import inside
from tenants.models import ClientCompany


class Command(AnsweringCommand):
    help = "Delete what is out of time in a company; with --dry-run only count it."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("company", help="the company's subdomain")
        parser.add_argument("--dry-run", action="store_true", help="count and change nothing")

    def answer(self, **options: Any) -> dict[str, Any]:
        company = ClientCompany.objects.filter(subdomain=options["company"]).first()
        if company is None:
            raise CommandError(f"There is no company {options['company']!r}.")
        with inside(company.schema_name):
            return _counts(company) if options["dry_run"] else _run()


def _counts(company: ClientCompany) -> dict[str, Any]:
    return {
        str(kind): {name: {"rows": amount.rows, "bytes": amount.bytes} for name, amount in parts.items()}
        for kind, parts in retaining.preview(company).items()
    }


def _run() -> dict[str, Any]:
    last = RetentionRun.objects.order_by("-id").values_list("id", flat=True).first()
    nights.retain_now()
    runs = RetentionRun.objects.order_by("id")
    if last is not None:
        runs = runs.filter(id__gt=last)
    return {
        run.data_class: {"deleted": run.deleted, "bytes": run.bytes_freed, "state": run.state, "errors": run.errors}
        for run in runs
    }
