"""Hints to open phone pages: which chat changed. Never content."""

import asyncio
from collections import defaultdict

from aiohttp import web

_HEARTBEAT_SECONDS = 20.0


class Live:
    """Open pages by chat; each is an event that is set when its chat changed."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], set[asyncio.Event]] = defaultdict(set)
        self._closing = False

    def tell(self, number_id: str, person: str) -> None:
        """Wake the pages that show this chat."""
        if self._open:
            for page in self._open.get((number_id, person), ()):
                page.set()

    def tell_all(self) -> None:
        """Wake every page."""
        for pages in self._open.values():
            for page in pages:
                page.set()

    def close(self) -> None:
        """End all streams."""
        self._closing = True
        self.tell_all()

    async def stream(self, request: web.Request, *, number_id: str, person: str) -> web.StreamResponse:
        """Server-sent events for one page until it closes."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        page = asyncio.Event()
        pages = self._open[number_id, person]
        pages.add(page)
        try:
            await response.write(b"retry: 1000\n\n")
            while not self._closing:
                try:
                    await asyncio.wait_for(page.wait(), _HEARTBEAT_SECONDS)
                    page.clear()
                    await response.write(b"event: changed\ndata: 1\n\n")
                except TimeoutError:
                    await response.write(b": still here\n\n")
        except ConnectionError:
            pass
        finally:
            pages.discard(page)
            if not pages:
                self._open.pop((number_id, person), None)
        return response
