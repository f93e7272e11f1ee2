"""A transaction-mode pooler in a few lines: several clients share server connections between transactions.

It keeps nothing of a client's session, as PgBouncer does unless it is told to track a parameter.
"""

import contextlib
import itertools
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg

STARTUP_ANSWER = b"R\x00\x00\x00\x08\x00\x00\x00\x00"  # AuthenticationOk
READY = b"Z\x00\x00\x00\x05I"


class Server:
    """One connection to PostgreSQL, used by one client at a time."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.socket = socket.socket(fileno=self.connection.fileno())
        self.socket.setblocking(True)
        self.free = threading.Lock()

    def close(self) -> None:
        self.socket.detach()
        self.connection.close()

    def exchange(self, request: bytes, client: socket.socket) -> None:
        """Send a client's messages and pass the answers back until the server is idle again."""
        with self.free:
            self.socket.sendall(request)
            answered = False
            while not answered:
                kind, message = read_message(self.socket)
                client.sendall(kind + message)
                answered = kind == b"Z" and message[-1:] == b"I"


def read_exactly(source: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = source.recv(size - len(data))
        if not part:
            raise ConnectionError
        data += part
    return data


def read_message(source: socket.socket) -> tuple[bytes, bytes]:
    kind = read_exactly(source, 1)
    length = read_exactly(source, 4)
    return kind, length + read_exactly(source, int.from_bytes(length) - 4)


def parameter(name: str, value: str) -> bytes:
    body = name.encode() + b"\0" + value.encode() + b"\0"
    return b"S" + (len(body) + 4).to_bytes(4) + body


def greet(client: socket.socket, version: int) -> None:
    while True:
        size = int.from_bytes(read_exactly(client, 4))
        if int.from_bytes(read_exactly(client, size - 4)[:4]) >> 16 == 3:
            break
        client.sendall(b"N")  # no encryption
    told = parameter("server_version", f"{version // 10_000}.0") + parameter("client_encoding", "UTF8")
    told += parameter("standard_conforming_strings", "on") + parameter("integer_datetimes", "on")
    client.sendall(STARTUP_ANSWER + told + READY)


def serve(client: socket.socket, servers: Iterator[Server], version: int) -> None:
    with client, contextlib.suppress(ConnectionError, OSError):
        greet(client, version)
        pending = b""
        while True:
            kind, message = read_message(client)
            if kind == b"X":
                return
            pending += kind + message
            if kind in (b"Q", b"S"):  # a simple query, or the end of an extended one
                next(servers).exchange(pending, client)
                pending = b""


@contextlib.contextmanager
def transaction_pooler(url: str, folder: Path, *, servers: int, version: int = 180_000) -> Iterator[str]:
    """Listens on a unix socket in the folder; gives the address that goes through the pooler."""
    pool = [Server(url) for _ in range(servers)]
    turns = itertools.cycle(pool)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / ".s.PGSQL.5432"))
        door.listen()

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = door.accept()
                    threading.Thread(target=serve, args=(client, turns, version), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            door.shutdown(socket.SHUT_RDWR)
            for server in pool:
                server.close()
