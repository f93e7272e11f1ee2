"""Opening the queue and a thread of 400 messages, with 40 agents of 30 companies at work.

    python -m benchmarks.opening [seconds]

Each agent opens a queue or a thread, reads for five seconds on average, and opens the next. Aim: under 100 ms. The
baseline is a signed-in request on the same server in the same minute that shows nothing (the token of the stream).
"""

import asyncio
import random
import sys
import time
from datetime import timedelta
from uuid import UUID

import aiohttp
from django.core.management import call_command
from django.db.models import OuterRef, Subquery
from django.test import Client
from django.utils import timezone

from benchmarks import stage
from conversations.models import Channel, Contact, Conversation, Direction, Message, PhoneNumber
from conversations.status import MessageStatus
from tenants.accounts.models import User
from tenants.context import inside
from tenants.models import Agency, ClientCompany, MetaApp
from tenants.services.agencies import create_agency
from tenants.services.companies import create_company

COMPANIES, AGENTS = 30, 40
CONVERSATIONS, LONG_THREADS, LONG_THREAD = 300, 3, 400
READING_SECONDS = 5.0
AIM_MS = 100
BACKEND = "tenants.accounts.backend.PersonBackend"


class Desk:
    """One agent's browser: host, cookie, and what there is to open."""

    def __init__(self, company: ClientCompany, number: int) -> None:
        self.host = f"{company.subdomain}.localhost"
        with inside(company.schema_name):
            user = User.objects.create(email=f"agent{number}@example.test", name=f"Agent {number}", language="en")
            client = Client(headers={"host": self.host})
            client.force_login(user, backend=BACKEND)
            self.cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
            self.threads: list[UUID] = list(
                Conversation.objects.order_by("opened_at").values_list("pk", flat=True)[:LONG_THREADS]
            )

    def paths(self) -> dict[str, str]:
        return {
            "queue, whole page": "/inbox/",
            "queue, list only": "/inbox/queue/?view=open",
            "thread": f"/inbox/{random.choice(self.threads)}/",
            "nothing (baseline)": "/live/token/",
        }


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 15
    agency = create_agency("Benchmark", slug="benchmark", host="benchmark.localhost")
    companies = [_company(agency, number) for number in range(COMPANIES)]
    desks = [Desk(companies[number % COMPANIES], number) for number in range(AGENTS)]
    call_command("build_assets", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with stage.web_process() as (pid, port):
        asyncio.run(_work(port, desks, seconds=3))
        took = asyncio.run(_work(port, desks, seconds=seconds))
        print(f"{AGENTS} agents of {COMPANIES} companies, {CONVERSATIONS} conversations each, {seconds:.0f} s")
        for what, values in took.items():
            median, slow = stage.percentile(values, 50), stage.percentile(values, 95)
            print(f"  {what:20} median {median:6.1f} ms   p95 {slow:6.1f} ms   worst {max(values):6.1f} ms")
        print(f"  memory (PSS) of web  {stage.pss_mb(pid):6.0f} MB in all its processes; aim p95 under {AIM_MS} ms")


async def _work(port: int, desks: list[Desk], *, seconds: float) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {name: [] for name in desks[0].paths()}
    end = time.monotonic() + seconds
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        await asyncio.gather(*(_agent(session, port, desk, took, end) for desk in desks))
    return took


async def _agent(
    session: aiohttp.ClientSession, port: int, desk: Desk, took: dict[str, list[float]], end: float
) -> None:
    await asyncio.sleep(random.random() * READING_SECONDS)
    while time.monotonic() < end:
        paths = desk.paths()
        what = random.choice(list(paths))
        headers = {"Host": desk.host, "Cookie": desk.cookie} | ({} if "page" in what else {"HX-Request": "true"})
        begun = time.perf_counter()
        async with session.get(f"http://127.0.0.1:{port}{paths[what]}", headers=headers) as response:
            await response.read()
            assert response.status == 200, f"{paths[what]} answered {response.status}"
        took[what].append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(random.expovariate(1 / READING_SECONDS))


def _company(agency: Agency, number: int) -> ClientCompany:
    company = create_company(
        agency, name=f"Company {number}", subdomain=f"company-{number}", language="nl", country="NL"
    )
    app, _made = MetaApp.objects.get_or_create(app_id="1", defaults={"secret": "s", "verify_token": "v"})
    with inside(company.schema_name):
        phone = PhoneNumber.objects.create(
            phone_number_id=str(number), waba_id="1", display_number="+31", meta_app_id=app.pk, state="live"
        )
        _fill(phone)
    return company


def _fill(phone: PhoneNumber) -> None:
    """Open conversations, most with one message, twenty with a long thread."""
    now = timezone.now()
    contacts = [Contact(name=f"Person {n}", wa_id=f"316{n:08d}", market="NL") for n in range(CONVERSATIONS)]
    Contact.objects.bulk_create(contacts)
    channels = [Channel(contact=one, phone_number=phone, last_inbound_at=now) for one in contacts]
    Channel.objects.bulk_create(channels)
    rows = [_conversation(channel, minutes=n) for n, channel in enumerate(channels)]
    Conversation.objects.bulk_create(rows)
    messages = [_message(row, 0) for row in rows[:-LONG_THREADS]]
    messages += [_message(row, n) for row in rows[-LONG_THREADS:] for n in range(LONG_THREAD)]
    Message.objects.bulk_create(messages, batch_size=2000)
    newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-at").values("pk")[:1]
    Conversation.objects.update(last_message_id=Subquery(newest))


def _conversation(channel: Channel, *, minutes: int) -> Conversation:
    at = timezone.now() - timedelta(minutes=minutes)
    waits = at if minutes % 3 else None
    return Conversation(
        contact=channel.contact,
        phone_number=channel.phone_number,
        channel=channel,
        opened_at=at,
        last_message_at=at,
        waiting_since=waits,
    )


def _message(row: Conversation, serial: int) -> Message:
    inbound = serial % 2 == 0
    return Message(
        conversation=row,
        channel=row.channel,
        phone_number=row.phone_number,
        direction=Direction.INBOUND if inbound else Direction.OUTBOUND,
        sender_kind=Message.SenderKind.CONTACT if inbound else Message.SenderKind.HUMAN,
        type="text",
        body=f"Message {serial}: is my order on its way? " + "word " * (serial % 40),
        wamid=f"wamid.{row.pk.hex}{serial}",
        at=row.opened_at - timedelta(minutes=LONG_THREAD - serial),
        sequence=serial,
        status=MessageStatus.RECEIVED if inbound else MessageStatus.READ,
    )


if __name__ == "__main__":
    main()
