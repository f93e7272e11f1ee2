"""How fast one outbound process sends, beside a bare loop of the same client in the same minute.

    python -m benchmarks.sending [MESSAGES]

A stand-in answers after 100 ms; the number may send 1,000 messages a second to as many contacts as there are messages.
"""

import asyncio
import os
import sys
import time
from typing import TYPE_CHECKING
from uuid import uuid4

import django

from benchmarks import common

if TYPE_CHECKING:
    from benchmarks.outbound_world import Sending  # needs Django, which main sets up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

LATENCY_MS = 100
PER_SECOND = 1000
AIM = 0.75


def bare_loop(graph_url: str, count: int) -> float:
    """Messages per second of the client alone, at the same pace: no database, nothing remembered."""
    from conversations.whatsapp import messages
    from conversations.whatsapp.budget import NumberBudget
    from conversations.whatsapp.client import GraphClient
    from conversations.whatsapp.credentials import Credentials
    from conversations.whatsapp.outcomes import Accepted

    number = Credentials(graph_url=graph_url, version="v25.0", token="benchmark-token", phone_number_id="1")

    async def run() -> float:
        accepted, loop = 0, asyncio.get_running_loop()
        began = time.perf_counter()
        async with GraphClient() as client, asyncio.TaskGroup() as group:
            budget = NumberBudget(PER_SECOND, now=loop.time())

            async def send(turn: int) -> None:
                nonlocal accepted
                envelope = messages.Envelope(messages.Recipient(str(31600000000 + turn)), f"msg:{uuid4()}")
                payload = messages.text(envelope, body="Your bike is ready. " * 10)
                outcome = await client.send(number, payload)
                accepted += isinstance(outcome, Accepted)

            turn = 0
            while turn < count:
                for _ in range(budget.take(count - turn, now=loop.time())):
                    group.create_task(send(turn))
                    turn += 1
                await asyncio.sleep(max(0.005, budget.wait(now=loop.time())))
        assert accepted == count
        return count / (time.perf_counter() - began)

    import uvloop

    return uvloop.run(run())


def outbox(sending: "Sending", count: int) -> float:
    """Messages per second through the outbox: claimed, marked, sent and recorded."""
    from conversations.services import sender

    sending.fill()
    began = time.perf_counter()
    while sending.waiting():
        sender.drain(sending.schema_name, sending.number_id)
    return count / (time.perf_counter() - began)


def main() -> None:
    common.with_services("benchmarks.sending")
    django.setup()
    from benchmarks import outbound_world, stand_in

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 6000
    with stand_in.running(milliseconds=LATENCY_MS) as graph_url:
        [sending] = outbound_world.set_up(graph_url, companies=1, contacts=count, per_second=PER_SECOND)
        bare = bare_loop(graph_url, count)
        cpu = time.process_time()
        sent = outbox(sending, count)
        cpu = time.process_time() - cpu
    print(f"bare loop of the client, paced at {PER_SECOND}/s   {bare:7.0f} messages/s")
    print(f"through the outbox                       {sent:7.0f} messages/s   {cpu / count * 1000:.2f} ms CPU each")
    print(f"share                                    {sent / bare:7.2f} (aim {AIM})")
    print(f"memory of the process (PSS)              {outbound_world.own_memory():7.0f} MB")


if __name__ == "__main__":
    main()
