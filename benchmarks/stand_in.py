"""A platform that accepts every message after a fixed delay: ``python -m benchmarks.stand_in PORT MILLISECONDS``."""

import asyncio
import contextlib
import itertools
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from aiohttp import web

START_SECONDS = 10


def application(*, delay: float) -> web.Application:
    """Answers each send like the platform, ``delay`` seconds later."""
    count = itertools.count(1)
    app = web.Application()

    async def accept(request: web.Request) -> web.Response:
        body = await request.json()
        await asyncio.sleep(delay)
        contact = {"input": body["to"], "wa_id": body["to"].lstrip("+")}
        sent = {"id": f"wamid.{next(count):020d}"}
        return web.json_response({"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]})

    app.add_routes([web.post("/v25.0/{number}/messages", accept)])
    return app


@contextlib.contextmanager
def running(*, milliseconds: int = 100) -> Iterator[str]:
    """The stand-in as a process of its own; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.stand_in", str(port), str(milliseconds)])
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise SystemExit("the stand-in did not start")


def main() -> None:
    import uvloop

    port, milliseconds = int(sys.argv[1]), int(sys.argv[2])
    uvloop.install()
    web.run_app(
        application(delay=milliseconds / 1000), host="127.0.0.1", port=port, access_log=None, print=None, backlog=2048
    )


if __name__ == "__main__":
    main()
