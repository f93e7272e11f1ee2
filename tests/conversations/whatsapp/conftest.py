"""A tiny stand-in for the platform on a real socket, which answers as each test tells it."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from conversations.whatsapp.credentials import Credentials

OVER = web.AppKey("OVER", asyncio.Event)
Answer = Callable[[web.Request], Any]


@dataclass
class Seen:
    """A request that arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class StandIn:
    """Answers in the order of ``answers``; the last one repeats."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    answers: deque[Answer] = field(default_factory=deque)

    def will(self, *answers: Answer) -> None:
        self.answers.extend(answers)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.seen.append(Seen(request.method, request.path, dict(request.query), dict(request.headers), body))
        answer = self.answers[0] if len(self.answers) == 1 else self.answers.popleft()
        return await answer(request)

    def number(self, **changes: Any) -> Credentials:
        values = {"graph_url": self.url, "version": "v25.0", "token": "EAAtoken", "phone_number_id": "1065"}
        return Credentials(**{**values, **changes})


def says(document: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response(document, status=status, headers=headers)

    return answer


def refuses(code: int, *, status: int = 400, headers: dict[str, str] | None = None, **error: Any) -> Answer:
    body = {"message": "no", "type": "OAuthException", "code": code, "error_data": {"details": "Because."}, **error}
    return says({"error": body}, status=status, headers=headers)


def raw(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status, headers=headers)

    return answer


async def drops(request: web.Request) -> web.StreamResponse:
    """Take the request and end the connection without a word."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def drops_half_way(request: web.Request) -> web.StreamResponse:
    """Begin an answer and end the connection in the middle of it."""
    answer = web.StreamResponse(headers={"Content-Length": "500"})
    await answer.prepare(request)
    await answer.write(b'{"messages":[{"id":"wam')
    assert request.transport is not None
    request.transport.abort()
    return answer


async def hangs(request: web.Request) -> web.StreamResponse:
    """Never answer, until the test is over."""
    await request.app[OVER].wait()
    return web.Response()


@pytest.fixture
def platform() -> Iterator[StandIn]:
    stand_in, loop, ready = StandIn(), asyncio.new_event_loop(), threading.Event()
    runners: list[web.AppRunner] = []
    over = asyncio.Event()

    async def start() -> None:
        app = web.Application(client_max_size=50_000_000)
        app[OVER] = over
        app.router.add_route("*", "/{tail:.*}", stand_in.handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        runners.append(runner)
        stand_in.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()

    def run() -> None:
        loop.run_until_complete(start())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(60)
    yield stand_in
    loop.call_soon_threadsafe(over.set)
    asyncio.run_coroutine_threadsafe(runners[0].cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(60)
    loop.close()
