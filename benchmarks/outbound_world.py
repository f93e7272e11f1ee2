"""Companies with numbers, contacts and full outboxes, made in bulk."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from conversations.models import PhoneNumber
from tenants.context import inside
from tenants.models import ClientCompany, MetaApp
from tenants.services.agencies import create_agency
from tenants.services.companies import create_company

CONTACTS = """
INSERT INTO conversations_contact (id, name, given_name, bsuid, parent_bsuid, wa_id, username, metadata, language,
    market, created_at)
SELECT uuidv7(), 'Person ' || n, '', NULL, '', (31600000000 + n)::text, '', '{}', 'nl', 'NL', now()
FROM generate_series(1, %(count)s) AS n;
INSERT INTO conversations_channel (id, contact_id, phone_number_id, last_inbound_at, receipt_wamid)
SELECT uuidv7(), id, %(number)s, now(), '' FROM conversations_contact;
INSERT INTO conversations_conversation (id, contact_id, phone_number_id, channel_id, status, opened_at, close_reason,
    last_direction, last_message_at, unread_count, version)
SELECT uuidv7(), contact_id, phone_number_id, id, 'open', now(), '', 'in', now(), 0, 0 FROM conversations_channel
"""
TABLES = "conversations_contact, conversations_channel, conversations_conversation"
FILL = """
INSERT INTO conversations_message (id, conversation_id, channel_id, phone_number_id, direction, sender_kind, type, body,
    content, quoted_wamid, forwarded, at, sequence, created_at, status, error_details, refusal, external_id, metadata,
    priority, purpose, attempts, removal_reason)
SELECT uuidv7(), id, channel_id, phone_number_id, 'out', 'api', 'text', repeat('Your bike is ready. ', 10), '{}', '',
    false, now(), row_number() OVER (), now(), 10, '', '', '', '{}', 2, 'reply', 0, ''
FROM conversations_conversation
"""


@dataclass(frozen=True, slots=True)
class Sending:
    """One number of one company."""

    schema_name: str
    number_id: UUID

    def fill(self) -> None:
        """Queue one message to everybody."""
        with inside(self.schema_name), connection.cursor() as cursor:
            cursor.execute(FILL)
            cursor.execute("ANALYZE conversations_message")

    def empty(self) -> None:
        """Take back whatever has not left."""
        with inside(self.schema_name), connection.cursor() as cursor:
            cursor.execute("DELETE FROM conversations_message WHERE status = 10")

    def accepted(self) -> int:
        return self._count("status >= 50")

    def waiting(self) -> int:
        return self._count("status < 50")

    def _count(self, condition: str) -> int:
        with inside(self.schema_name), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM conversations_message WHERE {condition}")  # noqa: S608  a constant
            row = cursor.fetchone()
        return int(row[0])


def set_up(graph_url: str, *, companies: int, contacts: int, per_second: int) -> list[Sending]:
    """An empty installation with so many companies, each with one number and so many contacts within their window."""
    call_command("setup_database", verbosity=0)
    agency = create_agency("Benchmark", slug="benchmark", host="agency.benchmark")
    app = MetaApp.objects.create(
        agency=agency, app_id="900", name="Stand-in", secret="s", verify_token="v", graph_url=graph_url, sandbox=True
    )
    named = [
        create_company(agency, name=f"Company {n}", subdomain=f"company{n}", language="nl", country="NL")
        for n in range(companies)
    ]
    return [_number(one, app, n, contacts, per_second) for n, one in enumerate(named)]


def _number(company: ClientCompany, app: MetaApp, order: int, contacts: int, per_second: int) -> Sending:
    with inside(company.schema_name):
        number = PhoneNumber.objects.create(
            phone_number_id=f"{100000 + order}",
            waba_id=f"{200000 + order}",
            display_number=f"+3120{order:06d}",
            meta_app_id=app.pk,
            token="benchmark-token",
            sandbox=True,
            state=PhoneNumber.State.LIVE,
            state_since=timezone.now(),
            messages_per_second=per_second,
        )
        with connection.cursor() as cursor:
            for statement in CONTACTS.split(";"):
                cursor.execute(statement, {"count": contacts, "number": number.pk})
            cursor.execute(f"ANALYZE {TABLES}")  # only these: all would mean those of every company
    return Sending(company.schema_name, number.pk)


def own_memory() -> float:
    """The proportional share of memory of this process, in MB."""
    with Path("/proc/self/smaps_rollup").open(encoding="ascii") as rollup:
        return next(int(line.split()[1]) for line in rollup if line.startswith("Pss:")) / 1024
