"""Opening each view of the queue, and a thread, in a company with a million messages beside one with ten thousand.

    python -m benchmarks.growth [MESSAGES]

The messages of three years are written by SQL into 200 open conversations, and a closed one is added for every fifty
messages; a signed-in agent asks through the whole of the web process but its socket. The thread that is opened grows
with the company. The baseline is the same page at ten thousand messages, minutes before. Aim: a ratio under 1.3.
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
AIM = 1.3
RUNS, WARM = 15, 3
BACKEND = "tenants.accounts.backend.PersonBackend"
HX = {"HX-Request": "true"}
NEWEST = """
UPDATE conversations_conversation AS c SET last_message_id = m.id, last_message_at = m.at, waiting_since = m.at
FROM (SELECT DISTINCT ON (conversation_id) conversation_id, id, at FROM conversations_message
      ORDER BY conversation_id, at DESC) AS m WHERE m.conversation_id = c.id
"""


def main() -> None:
    common.with_services("benchmarks.growth")
    django.setup()
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    company = common.set_up_company()
    from django.core.management import call_command

    from benchmarks import search
    from tenants.context import inside

    call_command("build_assets", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    took: dict[int, dict[str, float]] = {}
    with inside(company.schema_name):
        search.people()
    for size in (SMALL, many):
        began = time.monotonic()
        with inside(company.schema_name):
            _fill(size)
        print(f"{size:,} messages written after {time.monotonic() - began:.0f} s", flush=True)
        took[size] = _ask(company)
    print(f"median of {RUNS}: {many:,} messages beside {SMALL:,} (baseline)")
    for name, small in took[SMALL].items():
        ratio = took[many][name] / small
        late = "" if ratio < AIM else "   over the aim"
        print(f"  {name:22} {took[many][name]:7.1f} ms   {small:7.1f} ms   ratio {ratio:5.2f}{late}")
    print(f"aim: a ratio under {AIM}")


def _fill(size: int) -> None:
    from django.db import connection

    from benchmarks import search
    from conversations.models import Conversation, Message

    open_ones = Conversation.objects.exclude(status="closed")
    Conversation.objects.update(last_message=None)
    Message.objects.all()._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE conversations_searchtodo")
        cursor.execute("ALTER TABLE conversations_message DISABLE TRIGGER USER")  # the index has a benchmark of its own
        cursor.execute(search.FILL, {"many": size})
        cursor.execute("ALTER TABLE conversations_message ENABLE TRIGGER USER")
        cursor.execute(NEWEST)
    _closed(size // 50)
    open_ones.filter(hold="").update(last_direction="in")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE conversations_message, conversations_conversation, conversations_contact")


def _closed(many: int) -> None:
    """People who were answered and are gone, up to so many."""
    from django.utils import timezone

    from conversations.models import Channel, Contact, Conversation, PhoneNumber

    phone, now = PhoneNumber.objects.get(), timezone.now()
    first = Conversation.objects.filter(status="closed").count()
    people = [Contact(name=f"Earlier {n}", wa_id=f"3162{n:07d}") for n in range(first, many)]
    Contact.objects.bulk_create(people, batch_size=2000)
    pairs = [Channel(contact=one, phone_number=phone) for one in people]
    Channel.objects.bulk_create(pairs, batch_size=2000)
    fields = {"phone_number": phone, "opened_at": now, "last_message_at": now, "closed_at": now, "status": "closed"}
    rows = [Conversation(contact=one.contact, channel=one, **fields) for one in pairs]
    Conversation.objects.bulk_create(rows, batch_size=2000)


def _ask(company: Any) -> dict[str, float]:
    """Milliseconds of each page, the median of some runs."""
    from django.conf import settings
    from django.test import Client

    from conversations.models import Conversation
    from conversations.services.queue.views import View
    from tenants.accounts.models import User
    from tenants.context import inside

    settings.ALLOWED_HOSTS = ["*"]
    with inside(company.schema_name):
        user, _made = User.objects.get_or_create(email="agent@example.test", defaults={"name": "Agent"})
        browser = Client(headers={"host": "benchmark.localhost"})
        browser.force_login(user, backend=BACKEND)
        thread = (
            Conversation.objects.filter(sensitive=False)
            .exclude(status="closed")
            .order_by("pk")
            .values_list("pk", flat=True)[0]
        )
    paths = {f"queue, {view}": f"/inbox/queue/?view={view}" for view in View}
    paths |= {"queue, whole page": "/inbox/", "thread": f"/inbox/{thread}/"}
    return {name: median for name, path in paths.items() if (median := _median(browser, path))}


def _median(browser: Any, path: str) -> float:
    times = []
    for run in range(WARM + RUNS):
        began = time.perf_counter()
        response = browser.get(path, headers=HX if path != "/inbox/" else {})
        took = (time.perf_counter() - began) * 1000
        if response.status_code != 200:
            raise SystemExit(f"{path} answered {response.status_code}")
        if run >= WARM:
            times.append(took)
    return statistics.median(times)


if __name__ == "__main__":
    main()
