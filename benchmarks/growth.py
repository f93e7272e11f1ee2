"""Opening each view of the queue, and a thread, in a company with a million messages beside one with ten thousand.

    python -m benchmarks.growth [MESSAGES]

The messages of three years are written by SQL into 200 open conversations, and a closed one is added for every fifty
messages; a signed-in agent asks through the whole of the web process but its socket. The thread that is opened grows
with the company. The baseline is the same page in a company with ten thousand messages, asked by turns with the large
one so that whatever else the machine does falls on both. Aim: a ratio under 1.3.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

from benchmarks import common

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SMALL = 10_000
AIM = 1.3
RUNS, WARM = 25, 3
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
    sizes = {"benchmark-small": SMALL, "benchmark": many}
    companies = {
        name: common.set_up_company(name, number_id=f"90000000000001{n}") for n, name in enumerate(sizes, start=1)
    }
    from django.core.management import call_command

    from benchmarks import search
    from tenants.context import inside

    call_command("build_assets", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    for name, size in sizes.items():
        began = time.monotonic()
        with inside(companies[name].schema_name):
            search.people()
            _fill(size)
        print(f"{size:,} messages written after {time.monotonic() - began:.0f} s", flush=True)
    print(f"median of {RUNS}: {many:,} messages beside {SMALL:,} (baseline)")
    for title, small, large in _ask(*companies.values()):
        late = "" if large / small < AIM else "   over the aim"
        print(f"  {title:22} {large:7.1f} ms   {small:7.1f} ms   ratio {large / small:5.2f}{late}")
    print(f"aim: a ratio under {AIM}")


def _fill(size: int) -> None:
    from django.db import connection

    from benchmarks import search
    from conversations.models import Conversation

    open_ones = Conversation.objects.exclude(status="closed")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE conversations_message DISABLE TRIGGER USER")  # the index has a benchmark of its own
        cursor.execute(search.FILL, {"many": size})
        cursor.execute("ALTER TABLE conversations_message ENABLE TRIGGER USER")
        cursor.execute(NEWEST)
    _closed(size // 50)
    open_ones.filter(hold="").update(last_direction="in")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE conversations_message, conversations_conversation, conversations_contact")


def _closed(many: int) -> None:
    """So many people who were answered and are gone."""
    from django.utils import timezone

    from conversations.models import Channel, Contact, Conversation, PhoneNumber

    phone, now = PhoneNumber.objects.get(), timezone.now()
    people = [Contact(name=f"Earlier {n}", wa_id=f"3162{n:07d}") for n in range(many)]
    Contact.objects.bulk_create(people, batch_size=2000)
    pairs = [Channel(contact=one, phone_number=phone) for one in people]
    Channel.objects.bulk_create(pairs, batch_size=2000)
    fields = {"phone_number": phone, "opened_at": now, "last_message_at": now, "closed_at": now, "status": "closed"}
    rows = [Conversation(contact=one.contact, channel=one, **fields) for one in pairs]
    Conversation.objects.bulk_create(rows, batch_size=2000)


def _ask(*companies: Any) -> Iterator[tuple[str, float, float]]:
    """Per page the median milliseconds in the small company and in the large one, asked by turns."""
    from django.conf import settings

    from conversations.services.queue.views import View

    settings.ALLOWED_HOSTS = ["*"]
    people = [_agent_of(company) for company in companies]
    paths = {f"queue, {view}": f"/inbox/queue/?view={view}" for view in View}
    paths |= {"queue, whole page": "/inbox/", "thread": "/inbox/{thread}/"}
    for title, path in paths.items():
        times: list[list[float]] = [[] for _person in people]
        for _run in range(WARM + RUNS):
            for (browser, thread), took in zip(people, times, strict=True):
                took.append(_milliseconds(browser, path.format(thread=thread)))
        small, large = (statistics.median(took[WARM:]) for took in times)
        yield title, small, large


def _agent_of(company: Any) -> tuple[Any, Any]:
    """A signed-in agent's browser, and the thread she opens."""
    from django.test import Client

    from conversations.models import Conversation
    from tenants.accounts.models import User
    from tenants.context import inside

    with inside(company.schema_name):
        user, _made = User.objects.get_or_create(email="agent@example.test", defaults={"name": "Agent"})
        browser = Client(headers={"host": f"{company.subdomain}.localhost"})
        browser.force_login(user, backend=BACKEND)
        open_ones = Conversation.objects.filter(sensitive=False).exclude(status="closed").order_by("pk")
        return browser, open_ones.values_list("pk", flat=True)[0]


def _milliseconds(browser: Any, path: str) -> float:
    began = time.perf_counter()
    response = browser.get(path, headers=HX if path != "/inbox/" else {})
    took = (time.perf_counter() - began) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")
    return took


if __name__ == "__main__":
    main()
