"""Tells open pages which conversations have news, a few times a second and not for every message."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

from conversations import hints

HINT_SECONDS = 0.1


class Pages:
    """What the pages of one company have to hear of."""

    def __init__(self, schema_name: str) -> None:
        self._schema_name = schema_name
        self._waiting: dict[UUID, None] = {}
        self._told_at = 0.0

    def note(self, conversations: Iterable[UUID]) -> None:
        self._waiting.update(dict.fromkeys(conversations))

    def due(self, *, now: float) -> bool:
        """Whether it is time to tell; then it is time again only a moment later."""
        if now - self._told_at <= HINT_SECONDS:
            return False
        self._told_at = now
        return True

    async def tell(self) -> None:
        if self._waiting:
            ids, self._waiting = list(self._waiting), {}
            await asyncio.to_thread(hints.publish, self._schema_name, "conversations", ids)
