"""Fetches a file from an address that an integrator named: guarded, bounded in size and in time."""

import asyncio
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from email.message import Message as Headers
from typing import IO
from urllib.parse import unquote

import aiohttp
from yarl import URL

from conversations.whatsapp import addresses
from conversations.whatsapp.addresses import AddressRefused
from conversations.whatsapp.connections import GuardedResolver, open_async_session
from conversations.whatsapp.media import CHUNK_BYTES, MAX_REDIRECTS, REDIRECTS, MediaGone, MediaTooBig

TOTAL_SECONDS = 60.0
BUSY = frozenset({408, 425, 429})


class LinkUnreachable(Exception):
    """Nobody answered, or not in time; another try may succeed."""


@dataclass(slots=True, frozen=True)
class Fetched:
    """A file that was written: its size, hexadecimal SHA-256, and the type and name that its server tells."""

    size: int
    sha256: str
    mime_type: str
    filename: str


def fetch(
    url: str, into: IO[bytes], *, max_bytes: int, trusted: Collection[str] = (), seconds: float = TOTAL_SECONDS
) -> Fetched:
    """Write the file behind an address into an open, empty file. No credentials, cookies or proxies go along.

    trusted  the operator's own origins, which may be inner ones
    seconds  for everything together, so that a server that drips holds nobody up
    Raises   AddressRefused, MediaGone (the server says that there is no such file for us), MediaTooBig, LinkUnreachable
    """
    try:
        return asyncio.run(_fetch(url, into, max_bytes=max_bytes, trusted=trusted, seconds=seconds))
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise LinkUnreachable(type(error).__name__) from None


async def _fetch(address: str, into: IO[bytes], *, max_bytes: int, trusted: Collection[str], seconds: float) -> Fetched:
    resolver = GuardedResolver()
    async with asyncio.timeout(seconds), open_async_session(resolver, connections=1, seconds=seconds) as session:
        url = _read(address)
        for _ in range(MAX_REDIRECTS + 1):
            await _check(url, resolver, trusted=trusted)
            async with session.get(url, headers={"Accept-Encoding": "identity"}, allow_redirects=False) as answer:
                if answer.status in REDIRECTS:
                    url = _read(answer.headers.get("Location", ""), seen_from=url)
                    continue
                _check_status(answer.status)
                return await _write(answer, into, max_bytes=max_bytes)
    raise MediaGone("The address leads from one place to the next.")


def _read(address: str, *, seen_from: URL | None = None) -> URL:
    """The address as the HTTP client reads it, so that what is checked is what is called. Raises AddressRefused"""
    try:
        found = URL(address)
        return seen_from.join(found) if seen_from else found
    except ValueError as error:
        raise AddressRefused("The address cannot be read.") from error


async def _check(url: URL, resolver: GuardedResolver, *, trusted: Collection[str]) -> None:
    """Raises AddressRefused, OSError when the name cannot be resolved"""
    target = addresses.check_link(str(url), trusted=trusted)
    if (url.raw_host or "").rstrip(".") != target.host:
        raise AddressRefused("The address cannot be read.")
    resolver.trust(target)
    await asyncio.to_thread(addresses.resolve, target.host, target.port, configured=target.configured)


def _check_status(status: int) -> None:
    if status >= 500 or status in BUSY:
        raise LinkUnreachable(f"HTTP status {status}")
    if status != 200:
        raise MediaGone(f"HTTP status {status}")


async def _write(answer: aiohttp.ClientResponse, into: IO[bytes], *, max_bytes: int) -> Fetched:
    if (answer.content_length or 0) > max_bytes:
        raise MediaTooBig("The file is too big.")
    size, digest = 0, hashlib.sha256()
    async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
        size += len(chunk)
        if size > max_bytes:
            raise MediaTooBig("The file is too big.")
        digest.update(chunk)
        into.write(chunk)
    return Fetched(size, digest.hexdigest(), answer.headers.get("Content-Type", ""), _name(answer))


def _name(answer: aiohttp.ClientResponse) -> str:
    """What the server calls the file, else the last part of its address."""
    headers = Headers()
    headers["Content-Disposition"] = answer.headers.get("Content-Disposition", "").replace("\r", "").replace("\n", "")
    return headers.get_filename() or unquote(answer.url.name)
