"""The record on disk: written behind in batches, so that accepting a message never waits for it."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_FLUSH_SECONDS = 0.25
Source = Callable[[], dict[str, Any]]


class Store:
    """Things by kind and id. Without a folder nothing is kept and every call is free."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._dirty: dict[tuple[str, str], Source | None] = {}
        self._db: sqlite3.Connection | None = None
        self._task: asyncio.Task[None] | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(folder / "simulator.sqlite3", check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS things"
                " (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID"
            )

    def put(self, kind: str, id: str, source: Source) -> None:
        """Write this thing at the next flush, as it looks then."""
        if self._db is not None:
            self._dirty[kind, id] = source

    def drop(self, kind: str, id: str) -> None:
        """Forget this thing at the next flush."""
        if self._db is not None:
            self._dirty[kind, id] = None

    def load(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Everything of a kind with its id."""
        if self._db is None:
            return
        for id, body in self._db.execute("SELECT id, body FROM things WHERE kind = ? ORDER BY id", (kind,)):
            yield id, json.loads(body)

    def clear(self, *kinds: str) -> None:
        """Forget everything of these kinds at once."""
        self._dirty = {key: source for key, source in self._dirty.items() if key[0] not in kinds}
        if self._db is not None:
            self._db.executemany("DELETE FROM things WHERE kind = ?", [(kind,) for kind in kinds])

    def start(self) -> None:
        """Begin writing behind."""
        if self._db is not None:
            self._task = asyncio.create_task(self._write_behind())

    async def stop(self) -> None:
        """Write what is left and close."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._db is not None:
            self._write(self._take())
            self._db.close()
            self._db = None

    async def _write_behind(self) -> None:
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            if self._dirty:
                # Shielded: a stop in the middle lets the batch finish before the last one is written.
                await asyncio.shield(asyncio.to_thread(self._write, self._take()))

    def _take(self) -> list[tuple[str, str, str | None]]:
        dirty, self._dirty = self._dirty, {}
        return [(kind, id, json.dumps(source()) if source else None) for (kind, id), source in dirty.items()]

    def _write(self, rows: list[tuple[str, str, str | None]]) -> None:
        if self._db is None or not rows:
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany(
            "INSERT OR REPLACE INTO things VALUES (?, ?, ?)", [row for row in rows if row[2] is not None]
        )
        self._db.executemany(
            "DELETE FROM things WHERE kind = ? AND id = ?", [row[:2] for row in rows if row[2] is None]
        )
        self._db.execute("COMMIT")
