"""From the platform's webhook to the hint on an open page, while 100 messages a second arrive.

    python -m benchmarks.live_delay [seconds]

The whole way in with real processes: web, the inbound drain, Valkey, live, one open stream. Aim: under 200 ms at the
95th percentile until the hint is published; on the stream hints of one company come at most five times a second. The
baseline is a hint published straight to Valkey, heard on the same stream in the same minute.
"""

import asyncio
import json
import os
import sys
import time
from collections import defaultdict
from urllib.parse import quote

import aiohttp
from redis.asyncio import Redis

from benchmarks import common, stage
from conversations.models import Conversation
from conversations.whatsapp.signature import sign
from tenants import live
from tenants.context import inside

A_SECOND = 100
PEOPLE = 300
AIM_MS = 200
WAIT_SECONDS = 20

Heard = dict[str, list[float]]  # by conversation, when


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    company = common.set_up_company()
    with stage.web_process() as (web, port), stage.live_process() as (_live, live_port), common.drains():
        asyncio.run(_send(port, range(PEOPLE)))  # everybody has a conversation, caches are warm
        people = asyncio.run(_people(company.schema_name))
        asyncio.run(_measure(port, live_port, company.schema_name, people, seconds))
        print(f"  memory (PSS) of web {stage.pss_mb(web):.0f} MB in all its processes")


async def _people(schema_name: str) -> dict[str, str]:
    """Conversation by phone number, once the drain has made them all."""
    for _ in range(WAIT_SECONDS * 10):
        found = await asyncio.to_thread(_conversations, schema_name)
        if len(found) == PEOPLE:
            return found
        await asyncio.sleep(0.1)
    raise SystemExit("the drain did not apply the first messages")


def _conversations(schema_name: str) -> dict[str, str]:
    with inside(schema_name):
        rows = Conversation.objects.values_list("contact__wa_id", "pk")
        return {str(wa_id): str(pk) for wa_id, pk in rows}


async def _measure(port: int, live_port: int, schema_name: str, people: dict[str, str], seconds: float) -> None:
    topic = live.company_topic(schema_name)
    published: Heard = defaultdict(list)
    streamed: Heard = defaultdict(list)
    listeners = [
        asyncio.create_task(_hear_valkey(topic, published)),
        asyncio.create_task(_hear_stream(live_port, live.mint(side=schema_name, user_id=1, topics=[topic]), streamed)),
    ]
    await asyncio.sleep(1)
    baseline = await _baseline(topic, streamed)
    count = int(seconds * A_SECOND)
    sent = await _send(port, range(PEOPLE, PEOPLE + count), a_second=A_SECOND)
    await asyncio.sleep(3)
    for task in listeners:
        task.cancel()
    print(f"{count} webhooks at {A_SECOND} a second")
    _print("until the hint is published", _delays(sent, people, published), aim=AIM_MS)
    _print("until it is on the page's stream", _delays(sent, people, streamed))
    _print("baseline: published by hand, on the stream", baseline)


def _delays(sent: list[tuple[str, float]], people: dict[str, str], heard: Heard) -> list[float]:
    """Milliseconds from each POST to the first hint about its conversation after it."""
    found = []
    for phone, at in sent:
        later = [moment for moment in heard[people[phone]] if moment >= at]
        assert later, "a message never led to a hint"
        found.append((min(later) - at) * 1000)
    return found


def _print(what: str, delays: list[float], *, aim: int | None = None) -> None:
    middle, slow = stage.percentile(delays, 50), stage.percentile(delays, 95)
    told = f"   aim p95 under {aim} ms" if aim else ""
    print(f"  {what:44} median {middle:6.1f} ms   p95 {slow:6.1f} ms   worst {max(delays):6.1f} ms{told}")


async def _send(port: int, serials: range, *, a_second: int = 0) -> list[tuple[str, float]]:
    """Post one message per webhook, at a steady rate; phone and moment of each."""
    begun = time.perf_counter()
    async with aiohttp.ClientSession() as session:

        async def post(place: int, serial: int) -> tuple[str, float]:
            if a_second:
                await asyncio.sleep(max(begun + place / a_second - time.perf_counter(), 0))
            change = common.message_change(serial, person=serial % PEOPLE)
            entry = {"id": common.WABA_ID, "changes": [change]}
            body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
            at = time.perf_counter()
            headers = {"X-Hub-Signature-256": sign(body, common.SECRET), "Content-Type": "application/json"}
            url = f"http://127.0.0.1:{port}{common.PATH}"
            async with session.post(url, data=body, headers=headers | {"Host": "benchmark.localhost"}) as response:
                assert response.status == 200, response.status
            return change["value"]["messages"][0]["from"], at

        return list(await asyncio.gather(*(post(place, serial) for place, serial in enumerate(serials))))


async def _baseline(topic: str, streamed: Heard) -> list[float]:
    delays = []
    async with Redis.from_url(os.environ["REDIS_URL"]) as client:
        for number in range(20):
            name, begun = f"baseline-{number}", time.perf_counter()
            await client.publish(live.channel(topic), json.dumps({"name": "conversations", "ids": [name]}))
            while not streamed[name]:
                await asyncio.sleep(0.001)
            delays.append((streamed[name][0] - begun) * 1000)
            await asyncio.sleep(0.25)
    return delays


async def _hear_valkey(topic: str, heard: Heard) -> None:
    async with Redis.from_url(os.environ["REDIS_URL"]) as client, client.pubsub() as pubsub:
        await pubsub.subscribe(live.channel(topic))
        async for message in pubsub.listen():
            if message["type"] == "message":
                _note([json.loads(message["data"])], heard)


async def _hear_stream(port: int, token: str, heard: Heard) -> None:
    url = f"http://127.0.0.1:{port}/stream?token={quote(token)}"
    async with aiohttp.ClientSession() as session, session.get(url, timeout=aiohttp.ClientTimeout()) as response:
        async for line in response.content:
            if line.startswith(b"data: ["):
                _note(json.loads(line[6:]), heard)


def _note(hints: list[dict[str, list[str]]], heard: Heard) -> None:
    now = time.perf_counter()
    for hint in hints:
        for pk in hint["ids"]:
            heard[pk].append(now)


if __name__ == "__main__":
    main()
