"""The sender's own few connections: one round trip a statement, none held while waiting for the platform.

The schema is set inside each statement's transaction, so a connection remembers no company.
"""

import asyncio
import random
import time
from typing import Any

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

from tenants.context import company_id_of

Row = tuple[Any, ...]
CONNECTIONS = 6
IDLE_SECONDS = 60.0
LIFETIME_SECONDS = 600.0  # a backend keeps memory for every schema it has touched
ADDRESS = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "options")
DEADLOCK_SECONDS = 2.0
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
PASSING = (psycopg.OperationalError, psycopg.InterfaceError)


def conninfo() -> str:
    """How this process reaches the database that Django uses."""
    known = connection.get_connection_params()
    return make_conninfo(**{name: known[name] for name in ADDRESS if known.get(name)})


class Database:
    """A small pool. ``run`` sends SQL with its transaction and schema in one go."""

    def __init__(self, address: str) -> None:
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[Row]] = AsyncConnectionPool(
            address,
            min_size=0,
            max_size=CONNECTIONS,
            max_idle=IDLE_SECONDS,
            max_lifetime=LIFETIME_SECONDS,
            timeout=5.0,
            open=False,
            kwargs={"autocommit": True, "cursor_factory": psycopg.AsyncClientCursor, "application_name": "sender"},
        )

    async def open(self) -> None:
        await self._pool.open()

    async def close(self) -> None:
        await self._pool.close()

    async def run(
        self, schema_name: str, statements: str, params: dict[str, Any] | None = None, *, insist: float = 0.0
    ) -> list[Row]:
        """Run statements in one transaction inside a company's schema; gives the rows of the last one.

        insist  seconds to go on trying while the database is away; the statements must be safe to run twice
        Raises  psycopg.Error
        """
        company_id_of(schema_name)
        text = f'SET LOCAL search_path TO "{schema_name}", public; {statements}'
        began, pause = time.monotonic(), FIRST_PAUSE
        while True:
            try:
                return await self._once(text, params)
            except PASSING as error:
                deadlock = isinstance(error, psycopg.errors.DeadlockDetected)
                if time.monotonic() - began > max(insist, DEADLOCK_SECONDS if deadlock else 0.0):
                    raise
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  spreads retries, no secret
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _once(self, text: str, params: dict[str, Any] | None) -> list[Row]:
        async with self._pool.connection() as conn, conn.cursor() as cursor:
            await cursor.execute(text.encode(), params)
            while cursor.nextset():
                pass
            return await cursor.fetchall() if cursor.description else []
