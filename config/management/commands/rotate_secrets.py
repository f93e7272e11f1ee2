"""Brings every stored secret under the newest of ENCRYPTION_KEYS; afterwards the older keys may go."""

from typing import Any

from django.core.management.base import BaseCommand

from tenants.accounts.services.rotation import rotate_second_factors
from tenants.context import in_public, inside
from tenants.models import ClientCompany
from tenants.services.rotation import rotate_fields


class Command(BaseCommand):
    help = "Re-encrypt stored secrets with the first of ENCRYPTION_KEYS; may be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        with in_public():
            changed = rotate_fields() + rotate_second_factors()
            schema_names = list(ClientCompany.objects.order_by("id").values_list("schema_name", flat=True))
        for schema_name in schema_names:
            with inside(schema_name):
                changed += rotate_fields() + rotate_second_factors()
        self.stdout.write(f"{changed} secrets are under the newest key now.")
