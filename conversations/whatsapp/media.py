"""Brings files to the platform and fetches those that people sent."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Self
from urllib.parse import urljoin

import requests

from conversations.whatsapp import addresses
from conversations.whatsapp.connections import CONNECT_SECONDS, open_session
from conversations.whatsapp.credentials import Credentials
from conversations.whatsapp.management import GraphUnreachable, send
from conversations.whatsapp.media_rules import INBOUND_MAX_BYTES
from conversations.whatsapp.payloads.clean import identifier, text, whole

READ_SECONDS = 60.0
CHUNK_BYTES = 256 * 1024
MAX_REDIRECTS = 3
REDIRECTS = {301, 302, 303, 307, 308}


class MediaTooBig(ValueError):
    """The file is larger than allowed; what was written so far is to be thrown away."""


class MediaDamaged(ValueError):
    """The file that came does not have the hash that was announced."""


class MediaGone(Exception):
    """The platform no longer has the file."""


@dataclass(slots=True, frozen=True)
class MediaInfo:
    """Where a file can be fetched for the next five minutes, and what it should be."""

    id: str
    url: str
    mime_type: str
    sha256: str
    file_size: int | None


@dataclass(slots=True, frozen=True)
class Downloaded:
    """A file that was written; ``sha256`` is hexadecimal, ``verified`` tells whether there was a hash to compare."""

    size: int
    sha256: str
    mime_type: str
    verified: bool


class MediaClient:
    """Files of one number. Use as ``with MediaClient(number) as media``."""

    def __init__(self, number: Credentials, *, read_seconds: float = READ_SECONDS) -> None:
        self.number = number
        self._seconds = (min(CONNECT_SECONDS, read_seconds), read_seconds)
        self._session = open_session(number.graph_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def upload(self, file: IO[bytes], *, size: int, mime_type: str, filename: str) -> str:
        """Bring a file to the platform, piece by piece; gives its media id (valid 30 days, for this number only).

        Raises  GraphRefused, GraphUnreachable; trying again is safe
        """
        form = _Form(file, size=size, mime_type=mime_type, filename=filename)
        request = requests.Request(
            "POST",
            self.number.url(self.number.phone_number_id, "media"),
            params=self.number.proof(),
            data=form,
            headers={**self.number.headers(), "Content-Type": form.content_type},
        )
        answer = send(self._session, request, base=self.number.graph_url, seconds=self._seconds)
        media_id = identifier(answer.get("id"))
        if media_id is None:
            raise GraphUnreachable("The answer does not name the file.")
        return media_id

    def resolve(self, media_id: str) -> MediaInfo:
        """Ask where a file is now.

        Raises  GraphRefused, GraphUnreachable
        """
        params = {"phone_number_id": self.number.phone_number_id, **self.number.proof()}
        request = requests.Request("GET", self.number.url(media_id), params=params, headers=self.number.headers())
        answer = send(self._session, request, base=self.number.graph_url, seconds=self._seconds)
        url = text(answer.get("url"))
        if not url:
            raise GraphUnreachable("The answer does not say where the file is.")
        mime, sha256 = text(answer.get("mime_type")) or "", text(answer.get("sha256")) or ""
        return MediaInfo(media_id, url, mime, sha256, whole(answer.get("file_size")))

    def download(
        self, media_id: str, into: IO[bytes], *, max_bytes: int = INBOUND_MAX_BYTES, sha256: str = ""
    ) -> Downloaded:
        """Fetch a file into an open, empty, seekable file; an address that has expired is asked for once more.

        sha256   the hash of the webhook, hexadecimal or base64; the platform's own is used when it is empty
        Raises   MediaTooBig, MediaDamaged, MediaGone, GraphRefused, GraphUnreachable, AddressRefused
        """
        for _ in range(2):
            info = self.resolve(media_id)
            if info.file_size is not None and info.file_size > max_bytes:
                raise MediaTooBig("The file is too big.")
            into.seek(0)
            into.truncate()
            found = self._fetch(info, into, max_bytes=max_bytes)
            if found is not None:
                return _checked(found, announced=sha256 or info.sha256)
        raise MediaGone("The file is no longer there.")

    def _fetch(self, info: MediaInfo, into: IO[bytes], *, max_bytes: int) -> Downloaded | None:
        """Write the file; None if the address has expired."""
        url, headers = info.url, {**self.number.headers(), "Accept-Encoding": "identity"}
        for _ in range(MAX_REDIRECTS + 1):
            addresses.check(url, base=self.number.graph_url)
            try:
                with self._session.get(
                    url, headers=headers, timeout=self._seconds, allow_redirects=False, stream=True
                ) as answer:
                    if answer.status_code in REDIRECTS:
                        url = urljoin(url, answer.headers.get("Location", ""))
                        continue
                    if answer.status_code == 404:
                        return None
                    if answer.status_code != 200:
                        raise GraphUnreachable(f"The file could not be fetched (HTTP status {answer.status_code}).")
                    return _write(answer, into, max_bytes=max_bytes, mime_type=info.mime_type)
            except requests.RequestException as error:
                raise GraphUnreachable(f"The file could not be fetched ({type(error).__name__}).") from None
        raise GraphUnreachable("The address of the file leads from one place to the next.")


def same_hash(announced: str, digest: bytes) -> bool:
    """Whether an announced SHA-256, hexadecimal or base64, is this one."""
    wanted = announced.strip()
    if len(wanted) == 64:
        return hmac.compare_digest(wanted.lower().encode(), digest.hex().encode())
    try:
        decoded = base64.b64decode(
            wanted + "=" * (-len(wanted) % 4), altchars=b"-_" if set(wanted) & {"-", "_"} else None
        )
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(decoded, digest)


def _checked(found: Downloaded, *, announced: str) -> Downloaded:
    if not announced:
        return found
    if not same_hash(announced, bytes.fromhex(found.sha256)):
        raise MediaDamaged("The file does not have the announced hash.")
    return Downloaded(found.size, found.sha256, found.mime_type, verified=True)


def _write(answer: requests.Response, into: IO[bytes], *, max_bytes: int, mime_type: str) -> Downloaded:
    size, digest = 0, hashlib.sha256()
    for chunk in answer.iter_content(CHUNK_BYTES):
        size += len(chunk)
        if size > max_bytes:
            raise MediaTooBig("The file is too big.")
        digest.update(chunk)
        into.write(chunk)
    return Downloaded(size, digest.hexdigest(), mime_type or answer.headers.get("Content-Type", ""), verified=False)


class _Form:
    """A multipart form that is read while it is sent, so that a large file never stands in memory."""

    def __init__(self, file: IO[bytes], *, size: int, mime_type: str, filename: str) -> None:
        boundary = secrets.token_hex(16)
        name = "".join(sign for sign in filename if sign.isprintable() and sign not in '"\\') or "file"
        kind = "".join(sign for sign in mime_type if sign.isascii() and sign.isprintable())
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._file, self._size = file, size
        self._before = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\nwhatsapp\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="type"\r\n\r\n{kind}\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {kind}\r\n\r\n"
        ).encode()
        self._after = f"\r\n--{boundary}--\r\n".encode()

    def __len__(self) -> int:
        return len(self._before) + self._size + len(self._after)

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        yield self._before
        left = self._size
        while left > 0 and (chunk := self._file.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk
        yield self._after
