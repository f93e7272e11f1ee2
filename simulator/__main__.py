"""`python -m simulator`: one process, configured by SIMULATOR_* variables (see README.md)."""

import asyncio
import logging
import signal
import sys

from aiohttp import web

from simulator.server import make_app
from simulator.settings import Settings, from_environment
from simulator.world import WorldError

log = logging.getLogger("simulator")


async def serve(settings: Settings) -> None:
    """Listen until TERM or INT."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    runner = web.AppRunner(make_app(settings), access_log=None, shutdown_timeout=0.3)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port, backlog=1024).start()
        log.info("listening on http://%s:%d", settings.host, settings.port)
        await stopped.wait()
    finally:
        await runner.cleanup()
    log.info("stopped")


def main() -> None:
    """Run; say in one line why when it cannot."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", stream=sys.stdout)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    settings = from_environment()
    try:
        import uvloop  # a faster loop where it is installed

        runner: object = uvloop.run
    except ImportError:
        runner = asyncio.run
    try:
        runner(serve(settings))  # type: ignore[operator]
    except (OSError, WorldError, ValueError) as error:
        raise SystemExit(f"The simulator cannot start: {error}") from None


if __name__ == "__main__":
    main()
