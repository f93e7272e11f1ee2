"""The ``live`` process: the event stream and nothing else. ASGI for uvicorn; no ORM, no session, no thread per stream.

``GET /stream?token=…``  server-sent events for whoever holds a token of ``tenants.live``; works from another origin
``GET /healthz``         200 while this process runs; says whether Valkey answers

Events: ``ready`` (begin), ``hint`` (names and ids; at most one in 200 ms), ``away`` and ``back`` (hints may have been
lost: fetch everything visible), ``renew`` (the token is about to end, or what its person may hear has changed: come
back with a fresh one).
"""

import asyncio
import json
import os
import random
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config import env
from config.live_hub import Hub, Stream
from tenants import live

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT_SECONDS = 20.0
MERGE_SECONDS = 0.2
RENEW_SECONDS = (20.0, 60.0)  # before the token ends, spread so that a thousand pages do not come back at once
NEXT_SECOND = 1.05  # tokens tell whole seconds: one that is asked for after this is younger than what ended the last
MAX_STREAMS = env.whole("LIVE_MAX_STREAMS", 10_000, low=1)

hub = Hub(settings.REDIS_URL, pattern=live.channel("*"))


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    hub.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hub.stop()
    await send({"type": "lifespan.shutdown.complete"})


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    path, method = scope["path"].rstrip("/"), scope["method"]
    if path.endswith("/healthz") and method in ("GET", "HEAD"):
        state = {"valkey": "away" if hub.away else "ok", "streams": len(hub.streams)}
        await _whole(send, 200, json.dumps(state).encode())
    elif not path.endswith("/stream"):
        await _whole(send, 404)
    elif method != "GET":
        await _whole(send, 405)
    else:
        await _open(scope, receive, send)


async def _open(scope: Scope, receive: Receive, send: Send) -> None:
    """Check the token and where the page stands, then stream until either side ends."""
    try:
        token = live.read(parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0])
    except live.BadToken:
        await _whole(send, 401)
        return
    if not hub.counts(token):
        await _whole(send, 401)
        return
    origin = _header(scope, b"origin")
    if origin and not allowed(origin, token):
        await _whole(send, 403)
        return
    if len(hub.streams) >= MAX_STREAMS:
        await _whole(send, 503)
        return
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if origin:
        headers += [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"Origin")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    stream = Stream(token.topics)
    hub.add(stream)
    gone = asyncio.ensure_future(_until_gone(receive, stream))
    try:
        await _pour(stream, send, ends_at=token.expires_at - random.uniform(*RENEW_SECONDS))  # noqa: S311  no secret
    finally:
        hub.remove(stream)
        gone.cancel()


async def _pour(stream: Stream, send: Send, *, ends_at: float) -> None:
    """Write what comes until the browser leaves or the token is about to end."""

    async def write(text: str, *, more: bool = True) -> None:
        await send({"type": "http.response.body", "body": text.encode(), "more_body": more})

    await write(_event("ready", {"away": hub.away}))
    quiet_until = 0.0
    while not stream.gone:
        left = ends_at - time.time()
        if left <= 0:
            await write(_event("renew", {}), more=False)
            return
        if not await stream.wait(min(left, HEARTBEAT_SECONDS)):
            await write(": here\n\n")
            continue
        for name in stream.take_signals():
            await write(_event(name, {}))
        if stream.has_hints():
            await asyncio.sleep(quiet_until - time.monotonic())  # the first after a pause goes at once
            await write(_event("hint", stream.take_hints()))
            quiet_until = time.monotonic() + MERGE_SECONDS
        if stream.over:
            await asyncio.sleep(NEXT_SECOND)
            await write(_event("renew", {}), more=False)
            return
    with suppress(Exception):
        await write("", more=False)


async def _until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.leave()


def allowed(origin: str, token: live.LiveToken) -> bool:
    """Whether a page of this origin may listen: the one that was given the token, or any of our own hosts."""
    if origin == token.origin:
        return True
    host = urlsplit(origin).hostname or ""
    return host == settings.BASE_DOMAIN or host.endswith(f".{settings.BASE_DOMAIN}")


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def _whole(send: Send, status: int, body: bytes = b"") -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
