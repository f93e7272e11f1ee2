"""Searching a company with a million messages: how long the first page takes, beside the same with ten thousand.

    python -m benchmarks.search [MESSAGES]

Messages of three years are written by SQL and taken into the index as the workers do it. Words are common (in half of
all messages), usual (one in a hundred), rare (a few) and absent; names of files, numbers, filters by day and by label,
and the second page. The baseline is the same question to a company with ten thousand messages. Aim: under 200 ms.
"""

import os
import statistics
import sys
import time
from typing import Any

import django

from benchmarks import common

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SMALL = 10_000
AIM_MS = 200
RUNS = 7

# Zipf-like words; "hallo" in half of all, "fiets" in one of a hundred, "zebrapad" in a few
FILL = """
INSERT INTO conversations_message (
    id, conversation_id, channel_id, phone_number_id, direction, sender_kind, type, body, content, at, sequence,
    status, created_at, quoted_wamid, forwarded, error_details, refusal, external_id, metadata, priority, purpose,
    attempts, removal_reason)
SELECT gen_random_uuid(), c.id, c.channel_id, c.phone_number_id, CASE WHEN n %% 2 = 0 THEN 'in' ELSE 'out' END,
    'contact', 'text',
    CASE WHEN n %% 2 = 0 THEN 'hallo ' ELSE '' END || CASE WHEN n %% 100 = 7 THEN 'mijn fietsen ' ELSE '' END
    || CASE WHEN n %% 200000 = 11 THEN 'zebrapad ' ELSE '' END || CASE WHEN n %% 3000 = 5 THEN 'factuur ' ELSE '' END
    || 'woord' || (n * 7919 %% 20011) || ' bestelling ' || (n * 104729 %% 900007 + 100000)
    || ' levering woord' || (n * 31 %% 499) || ' morgen graag woord' || (n * 17 %% 97),
    '{}', now() - (n * interval '3 years' / %(many)s), n, 0, now(), '', false, '', '', '', '{}', 0, 'reply', 0, ''
FROM generate_series(1::bigint, %(many)s) AS n
JOIN LATERAL (SELECT * FROM conversations_conversation ORDER BY id OFFSET n %% 200 LIMIT 1) AS c ON true
"""
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "common word": ("hallo", {}),
    "two common words": ("hallo levering", {}),
    "usual word, by its stem": ("fiets", {}),
    "rare word": ("zebrapad", {}),
    "rare and common": ("hallo zebrapad", {}),
    "absent word": ("krokodil", {}),
    "two that never meet": ("fietsen zebrapad", {}),
    "order number": ("104829", {}),
    "beginning of a word": ("best", {}),
    "common word, long ago": ("hallo", {"until": 700}),
    "rare word with a label": ("factuur", {"label": True}),
}


def main() -> None:
    common.with_services("benchmarks.search")
    django.setup()
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    company = common.set_up_company()
    from tenants.context import inside

    took: dict[int, dict[str, float]] = {}
    with inside(company.schema_name):
        people()
        for size in (SMALL, many):
            began = time.monotonic()
            _fill(size)
            print(f"{size:,} messages written and taken in after {time.monotonic() - began:.0f} s")
            took[size] = {name: _ask(text, wish) for name, (text, wish) in QUESTIONS.items()}
        _print(took, many)


def people() -> None:
    from django.utils import timezone

    from conversations.models import Channel, Contact, Conversation, Label, PhoneNumber

    phone, now = PhoneNumber.objects.get(), timezone.now()
    label = Label.objects.create(name="Garantie")
    people = Contact.objects.bulk_create(Contact(name=f"Person {n}", wa_id=f"3161{n:07d}") for n in range(200))
    pairs = Channel.objects.bulk_create(Channel(contact=one, phone_number=phone) for one in people)
    Conversation.objects.bulk_create(
        Conversation(
            contact=pair.contact,
            phone_number=phone,
            channel=pair,
            opened_at=now,
            last_message_at=now,
            labels=[label.pk] if number % 4 == 0 else [],
            sensitive=number % 50 == 0,
        )
        for number, pair in enumerate(pairs)
    )


def _fill(size: int) -> None:
    from django.db import connection

    from conversations.models import Message, SearchTodo
    from conversations.services import search

    Message.objects.all()._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE conversations_searchentry, conversations_searchtodo")
        cursor.execute(FILL, {"many": size})
    while SearchTodo.objects.exists():
        search.index()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE conversations_searchentry, conversations_message, conversations_conversation")


def _ask(text: str, wish: dict[str, Any]) -> float:
    """Milliseconds of the first page, the median of some runs."""
    from datetime import timedelta

    from django.utils import timezone

    from conversations.models import Label
    from conversations.services import search
    from tenants.accounts.models import User

    filters = search.Filters(
        until=timezone.localdate() - timedelta(days=wish["until"]) if "until" in wish else None,
        label=Label.objects.get().pk if wish.get("label") else None,
    )
    times = []
    for _run in range(RUNS):
        began = time.perf_counter()
        search.find(text, user=User(), filters=filters)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _print(took: dict[int, dict[str, float]], many: int) -> None:
    print(f"first page, median of {RUNS}: {many:,} messages beside {SMALL:,} (baseline)")
    for name in QUESTIONS:
        large, small = took[many][name], took[SMALL][name]
        late = "" if large < AIM_MS else "   over the aim"
        print(f"  {name:26} {large:7.1f} ms   {small:7.1f} ms   ratio {large / small:5.2f}{late}")
    print(f"aim: under {AIM_MS} ms")


if __name__ == "__main__":
    main()
