"""A thousand open streams in one ``live`` process: memory, threads, and how soon a hint reaches them all.

    python -m benchmarks.streams [streams]

Aim: 1,000 streams under 200 MB, without a thread each. The baseline is the same process before anybody listens.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import quote

from redis.asyncio import Redis

from benchmarks import stage
from tenants import live
from tenants.context import schema_of
from tenants.ids import uuid7

COMPANIES = 30
ROUNDS = 10
LIMIT_MB = 200


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with stage.live_process() as (pid, port):
        asyncio.run(measure(pid, port, count))


async def measure(pid: int, port: int, count: int) -> None:
    empty, schemas = stage.pss_mb(pid), [schema_of(uuid7()) for _ in range(COMPANIES)]
    arrivals: list[float] = []
    begun = time.perf_counter()
    tasks = [
        asyncio.create_task(_listen(port, _token(schemas[number % COMPANIES], number), arrivals))
        for number in range(count)
    ]
    while await _streams(port) < count:
        await asyncio.sleep(0.05)
    opened = time.perf_counter() - begun
    slowest = [await _round(schemas, count, arrivals) for _ in range(ROUNDS)]
    full = stage.pss_mb(pid)
    print(f"{count} streams of {COMPANIES} companies in one process, opened in {opened:.1f} s")
    print(f"  memory (PSS)  {full:6.0f} MB    nobody listening {empty:.0f} MB    aim under {LIMIT_MB} MB")
    print(f"  per stream    {(full - empty) * 1024 / count:6.0f} kB")
    print(f"  threads       {_threads(pid):6d}")
    print(
        f"  a hint to every company reached the last stream after {statistics.median(slowest) * 1000:.0f} ms"
        f" (median of {ROUNDS}, worst {max(slowest) * 1000:.0f} ms)"
    )
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if full >= LIMIT_MB:
        raise SystemExit("too much memory")


def _token(schema_name: str, number: int) -> str:
    topics = [live.company_topic(schema_name), live.user_topic(schema_name, number)]
    return live.mint(side=schema_name, user_id=number, topics=topics)


async def _round(schemas: list[str], count: int, arrivals: list[float]) -> float:
    """Publish one hint per company; seconds until every stream had its own."""
    await asyncio.sleep(0.4)
    arrivals.clear()
    async with Redis.from_url(os.environ["REDIS_URL"]) as client:
        begun = time.perf_counter()
        for schema_name in schemas:
            topic = live.company_topic(schema_name)
            hint = json.dumps({"name": "conversations", "ids": [schema_name]})
            await client.publish(live.channel(topic), hint)
    end = begun + 10
    while len(arrivals) < count and time.perf_counter() < end:
        await asyncio.sleep(0.005)
    assert len(arrivals) == count, f"{count - len(arrivals)} hints were lost"
    return max(arrivals) - begun


async def _listen(port: int, token: str, arrivals: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET /stream?token={quote(token)} HTTP/1.1\r\nHost: live\r\n\r\n".encode())
        while line := await reader.readline():
            if line.startswith(b"event: hint"):
                arrivals.append(time.perf_counter())
    finally:
        writer.close()


async def _streams(port: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: live\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return int(json.loads(answer.partition(b"\r\n\r\n")[2])["streams"])


def _threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


if __name__ == "__main__":
    main()
