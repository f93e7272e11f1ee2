"""Checks the chains of the audit trails: every company's, one company's, or the agency side's."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.accounts import audit_chain
from tenants.context import in_public, inside
from tenants.models import ClientCompany


class Command(BaseCommand):
    help = (
        "Check that no entry of an audit trail was changed, inserted or taken away. Keep the printed number and hash "
        "elsewhere: they also prove later that the newest entries are still there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("companies", nargs="*", help="subdomains; everything when none is named")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = []
        for name, verdict in self._verdicts(options["companies"]):
            if not verdict.whole:
                broken.append(name)
            self.stdout.write(_json(name, verdict) if options["json"] else _words(name, verdict))
        if broken:
            raise CommandError(f"Broken: {', '.join(broken)}.")

    def _verdicts(self, subdomains: list[str]) -> Iterator[tuple[str, audit_chain.Verdict]]:
        companies = ClientCompany.objects.order_by("subdomain")
        if subdomains:
            companies = companies.filter(subdomain__in=subdomains)
            missing = set(subdomains) - set(companies.values_list("subdomain", flat=True))
            if missing:
                raise CommandError(f"There is no company {sorted(missing)[0]!r}.")
        else:
            with in_public():
                yield "the agency side", audit_chain.verify()
        for company in companies:
            with inside(company.schema_name):
                yield company.subdomain, audit_chain.verify()


def _json(name: str, verdict: audit_chain.Verdict) -> str:
    facts = {"entries": verdict.entries, "last_sequence": verdict.last_sequence, "last_hash": verdict.last_hash}
    return json.dumps({"trail": name, "whole": verdict.whole, "broken_at": verdict.broken_at, **facts})


def _words(name: str, verdict: audit_chain.Verdict) -> str:
    if not verdict.whole:
        return f"{name}: BROKEN at entry {verdict.broken_at}"
    return f"{name}: whole, {verdict.entries} entries, last {verdict.last_sequence} {verdict.last_hash}"
