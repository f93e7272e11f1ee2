"""Connections that go to the very address that was checked, for aiohttp and for requests."""

import asyncio
import socket
from typing import Any

import aiohttp
import requests
from aiohttp.abc import AbstractResolver, ResolveResult
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

from conversations.whatsapp import addresses

CONNECT_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 20.0
DNS_CACHE_SECONDS = 60
USER_AGENT = "Balie/1.0"


class GuardedResolver(AbstractResolver):
    """Resolves names for aiohttp, which then connects to exactly the addresses given back."""

    def __init__(self) -> None:
        self.configured: set[tuple[str, int]] = set()

    def trust(self, target: addresses.Target) -> None:
        """Remember the operator's own address; it may be an inner one."""
        if target.configured:
            self.configured.add((target.host, target.port))

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        answers = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        try:
            addresses.usable([str(a[4][0]) for a in answers], configured=(host, port) in self.configured)
        except addresses.AddressRefused as refused:
            raise OSError(str(refused)) from refused
        return [_resolved(host, answer) for answer in answers]

    async def close(self) -> None:
        """Nothing is kept open."""


def _resolved(host: str, answer: tuple[Any, ...]) -> ResolveResult:
    family, _kind, proto, _name, sockaddr = answer
    return ResolveResult(
        hostname=host,
        host=str(sockaddr[0]),
        port=int(sockaddr[1]),
        family=family,
        proto=proto,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


def open_async_session(resolver: GuardedResolver, *, connections: int, seconds: float) -> aiohttp.ClientSession:
    """The one session of a process; call inside its event loop."""
    connector = aiohttp.TCPConnector(
        resolver=resolver,
        limit=connections,
        ttl_dns_cache=DNS_CACHE_SECONDS,
        keepalive_timeout=KEEP_ALIVE_SECONDS,
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=seconds, connect=min(CONNECT_SECONDS, seconds / 2)),
        headers={"User-Agent": USER_AGENT},
        cookie_jar=aiohttp.DummyCookieJar(),
    )


class _Pinned:
    """Connects to a checked address while name, certificate and Host header stay those of the URL."""

    host: str
    port: int
    timeout: Any
    source_address: tuple[str, int] | None
    configured: frozenset[tuple[str, int]] = frozenset()

    def _new_conn(self) -> socket.socket:
        connection: Any = self
        try:
            found = addresses.resolve(self.host, self.port, configured=(self.host, self.port) in self.configured)
            return _first_that_answers(found, self.port, timeout=self.timeout)
        except (OSError, addresses.AddressRefused) as error:
            raise NewConnectionError(connection, str(error)) from error


def _first_that_answers(found: list[str], port: int, *, timeout: Any) -> socket.socket:
    failure: OSError = OSError("no address")
    for address in found:
        try:
            connected = socket.create_connection((address, port), timeout=timeout)
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connected
        except OSError as error:
            failure = error
    raise failure


class GuardedAdapter(HTTPAdapter):
    """Mounts pinned connections into requests. ``base`` is the operator's own Graph address."""

    def __init__(self, base: str) -> None:
        target = addresses.check(base, base=base)
        self.configured = frozenset({(target.host, target.port)})
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        configured = self.configured

        class Plain(_Pinned, HTTPConnection):
            pass

        class Secure(_Pinned, HTTPSConnection):
            pass

        Plain.configured = Secure.configured = configured
        plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
        secure = type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": secure}


def open_session(base: str) -> requests.Session:
    """A session for management calls and media of one Meta app; proxies and redirects are not followed by itself."""
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = USER_AGENT
    for scheme in ("http://", "https://"):
        session.mount(scheme, GuardedAdapter(base))
    return session
