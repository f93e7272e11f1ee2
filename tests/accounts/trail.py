"""Writes entries of the audit trail, and tampers with them as only somebody with the database's keys can."""

from typing import Any

from django.db import connection, transaction

from tenants.accounts import audit
from tenants.accounts.models import AuditEntry

TAMPER = "ALTER TABLE accounts_auditentry {} TRIGGER accounts_auditentry_refuse"


def by_hand(sql: str, *parameters: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def tamper(sql: str, *parameters: Any) -> None:
    """What only somebody with the keys of the database can do."""
    by_hand(TAMPER.format("DISABLE"))
    by_hand(sql, *parameters)
    by_hand(TAMPER.format("ENABLE"))


def write(number: int = 3) -> None:
    for n in range(number):
        audit.record("settings.changed", n=n)


def written(action: str) -> AuditEntry:
    return AuditEntry.objects.filter(action=action).order_by("-sequence")[0]
