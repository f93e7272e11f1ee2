"""``manage.py create_api_key SUBDOMAIN NAME``: a key of a company's API, shown this once."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from config.management.refusals import AnsweringCommand
from tenants.accounts import audit
from tenants.accounts.roles import Scope
from tenants.accounts.services import api_keys
from tenants.context import inside
from tenants.models import ClientCompany


class Command(AnsweringCommand):
    help = "Makes a key of a company's API and prints it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("subdomain", help="the company")
        parser.add_argument("name", help="what the key is for")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="may be repeated; all unless told")

    def answer(self, **options: Any) -> dict[str, Any]:
        company = ClientCompany.objects.filter(subdomain=options["subdomain"]).first()
        if company is None:
            raise CommandError(f"There is no company with the address {options['subdomain']}.")
        scopes = [Scope(value) for value in options["scope"] or Scope.values]
        with inside(company.schema_name):
            key, secret = api_keys.create_key(options["name"][:80], scopes=scopes, created_by=None)
            audit.record("api_key.created", subject=key, scopes=key.scopes)
        return {"company": company.subdomain, "scopes": key.scopes, "key": secret}

    def in_words(self, answer: dict[str, Any]) -> str:
        return str(answer["key"])
