"""Applying the journal: messages a second, beside COPY of the same rows of the same tables in one go.

    python -m benchmarks.applying [messages] [people]

Everything is included: contacts, conversations, messages, facts, the journal's own mark, the summary. Measured are
people nobody knew (each with a contact, identities, a pair and a conversation) and the same people writing again.
"""

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import common

TABLES = (
    "conversations_contact",
    "conversations_contactidentity",
    "conversations_channel",
    "conversations_conversation",
    "conversations_conversationevent",
    "conversations_message",
    "integrations_event",
)


def main() -> None:
    common.with_services("benchmarks.applying")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 6000
    people = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    company = common.set_up_company()
    first = _apply(company, count, people, start=0)
    again = _apply(company, count, people, start=count)
    copied = _copy(company)
    print(f"new people      {first}   ({people} people, {count} messages)")
    print(f"known people    {again}   (aim: 3,000)")
    print(f"COPY            {copied:8,.0f} messages/s          (the same rows, no questions asked)")
    print(f"applying / COPY {again.per_second / copied:8.2f}")


@dataclass(frozen=True, slots=True)
class Applied:
    """Messages a second by the clock, and what one costs on each side in microseconds of processor time."""

    per_second: float
    here: float
    in_postgres: float

    def __str__(self) -> str:
        costs = f"{self.here:.0f} µs here + {self.in_postgres:.0f} µs in PostgreSQL each"
        return f"{self.per_second:8,.0f} messages/s applied, {costs}"


def _apply(company: Any, count: int, people: int, *, start: int) -> Applied:
    from django.db import connection

    from conversations.models import Message
    from conversations.services import inbound
    from tenants.context import inside

    _journal(company, count, people, start=start)
    with inside(company.schema_name):
        before = Message.objects.count()
        backend = connection.connection.info.backend_pid
        here, there = time.process_time(), _processor_seconds(backend)
        began = time.perf_counter()
        inbound.drain(seconds=600)
        seconds = time.perf_counter() - began
        here, there = time.process_time() - here, _processor_seconds(backend) - there
        assert Message.objects.count() - before == count
    return Applied(count / seconds, here * 1e6 / count, there * 1e6 / count)


def _processor_seconds(pid: int) -> float:
    """What a process has used so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _journal(company: Any, count: int, people: int, *, start: int) -> None:
    """Put changes into the journal, as intake would."""
    import psycopg
    from django.utils import timezone

    now = timezone.now()
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        copy = (
            f"COPY {company.schema_name}.conversations_webhookcall (phone_number_id, waba_id, field, entry_id, body,"
            " received_at, error) FROM STDIN"
        )
        with connection.cursor() as cursor, cursor.copy(copy) as rows:
            for serial in range(start, start + count):
                change = common.message_change(serial, person=serial % people)
                body = json.dumps(change["value"])
                rows.write_row((common.NUMBER_ID, common.WABA_ID, "messages", common.WABA_ID, body, now, ""))
        connection.execute(
            "INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at) VALUES (%s, 'inbound', '', %s)",
            [company.schema_name, now],
        )


def _copy(company: Any) -> float:
    """Copy what was written into empty tables of the same shape, with the same indexes."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {company.schema_name}")
        data: dict[str, bytes] = {}
        for table in TABLES:
            cursor.execute(f"CREATE TABLE public.copy_{table} (LIKE {table} INCLUDING ALL)")
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as rows:
                data[table] = b"".join(rows)
        cursor.execute("SELECT count(*) FROM conversations_message")
        messages = int((cursor.fetchone() or [0])[0])
        connection.commit()
        began = time.perf_counter()
        for table, content in data.items():
            with cursor.copy(f"COPY public.copy_{table} FROM STDIN (FORMAT binary)") as copy:
                copy.write(content)
        connection.commit()
        seconds = time.perf_counter() - began
        for table in TABLES:
            cursor.execute(f"DROP TABLE public.copy_{table}")
        connection.commit()
    return messages / seconds


if __name__ == "__main__":
    main()
