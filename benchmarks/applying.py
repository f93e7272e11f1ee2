"""Applying the journal: messages a second, beside COPY of the same rows of the same tables in one go.

    python -m benchmarks.applying [messages] [people]

Everything is included: contacts, conversations, messages, facts, the journal's own mark, the summary. Measured are
people nobody knew (each with a contact, identities, a pair and a conversation) and the same people writing again.
"""

import json
import os
import sys
import time
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
    print(f"new people      {first:8,.0f} messages/s applied   ({people} people, {count} messages)")
    print(f"known people    {again:8,.0f} messages/s applied   (aim: 3,000)")
    print(f"COPY            {copied:8,.0f} messages/s          (the same rows, no questions asked)")
    print(f"applying / COPY {again / copied:8.2f}")


def _apply(company: Any, count: int, people: int, *, start: int) -> float:
    from conversations.models import Message
    from conversations.services import inbound
    from tenants.context import inside

    _journal(company, count, people, start=start)
    with inside(company.schema_name):
        before = Message.objects.count()
        began = time.perf_counter()
        inbound.drain(seconds=600)
        seconds = time.perf_counter() - began
        assert Message.objects.count() - before == count
    return count / seconds


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
