"""Files on their way: what was uploaded by businesses and by people, and the links to fetch it."""

import base64
import hashlib
import hmac
import time
from dataclasses import asdict, dataclass
from typing import Any

from simulator.errors import GraphError
from simulator.ids import Ids
from simulator.store import Store

_MB = 1024 * 1024
LINK_SECONDS = 300
_BUSINESS_SECONDS = 30 * 24 * 3600
_PERSON_SECONDS = 7 * 24 * 3600

# kind: (largest size, MIME types); the platform's list
LIMITS: dict[str, tuple[int, frozenset[str]]] = {
    "audio": (16 * _MB, frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"})),
    "image": (5 * _MB, frozenset({"image/jpeg", "image/png"})),
    "video": (16 * _MB, frozenset({"video/mp4", "video/3gpp"})),
    "sticker": (500 * 1024, frozenset({"image/webp"})),
    "document": (
        100 * _MB,
        frozenset(
            {
                "text/plain",
                "application/pdf",
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            }
        ),
    ),
}


@dataclass
class Media:
    """One file. owner  the number a business uploaded it for, or the one a person sent it to."""

    id: str
    owner: str
    mime_type: str
    size: int
    sha256: str
    made_at: float
    inbound: bool
    filename: str = ""

    @property
    def expired(self) -> bool:
        """The platform has thrown it away: after 30 days, or 7 for what people sent."""
        return time.time() - self.made_at > (_PERSON_SECONDS if self.inbound else _BUSINESS_SECONDS)

    @property
    def sha256_base64(self) -> str:
        """The hash as webhooks write it."""
        return base64.b64encode(bytes.fromhex(self.sha256)).decode()


class MediaShelf:
    """All files; bytes lie in the record's folder, or in memory without one."""

    def __init__(self, store: Store, ids: Ids) -> None:
        self._store, self._ids = store, ids
        self._key = ids.stream("seals").randbytes(32)
        self._bytes: dict[str, bytes] = {}
        self._media = {id: Media(**row) for id, row in store.load("media")}
        if store.folder is not None:
            (store.folder / "media").mkdir(exist_ok=True)

    def add(self, data: bytes, *, owner: str, mime_type: str, inbound: bool, filename: str = "") -> Media:
        """Keep a file and give it an id."""
        digest = hashlib.sha256(data).hexdigest()
        media = Media(
            self._ids.digits(16, "media"), owner, mime_type, len(data), digest, time.time(), inbound, filename
        )
        if self._store.folder is not None:
            (self._store.folder / "media" / media.id).write_bytes(data)
        else:
            self._bytes[media.id] = data
        self._media[media.id] = media
        self._store.put("media", media.id, lambda: asdict(media))
        return media

    def get(self, media_id: str) -> Media | None:
        """A file that is still there."""
        media = self._media.get(media_id)
        return None if media is None or media.expired else media

    def read(self, media: Media) -> bytes:
        """The bytes of a file."""
        if self._store.folder is not None:
            return (self._store.folder / "media" / media.id).read_bytes()
        return self._bytes[media.id]

    def remove(self, media: Media) -> None:
        """Throw a file away."""
        self._media.pop(media.id, None)
        self._bytes.pop(media.id, None)
        self._store.drop("media", media.id)
        if self._store.folder is not None:
            (self._store.folder / "media" / media.id).unlink(missing_ok=True)

    def clear(self) -> None:
        """Throw everything away."""
        for media in list(self._media.values()):
            self.remove(media)

    def link(self, media: Media, *, base_url: str) -> str:
        """An address that gives the bytes to the right token for five minutes."""
        until = int(time.time()) + LINK_SECONDS
        return (
            f"{base_url}/whatsapp_business/attachments/?mid={media.id}&ext={until}&hash={self._seal(media.id, until)}"
        )

    def at_link(self, query: Any) -> Media | None:
        """The file behind such an address, unless it ran out or was tampered with."""
        media_id, until = query.get("mid", ""), query.get("ext", "")
        if not until.isdigit() or int(until) < time.time():
            return None
        if not hmac.compare_digest(self._seal(media_id, int(until)), query.get("hash", "")):
            return None
        return self.get(media_id)

    def _seal(self, media_id: str, until: int) -> str:
        return hmac.new(self._key, f"{media_id}:{until}".encode(), hashlib.sha256).hexdigest()[:40]


def kind_of(mime_type: str) -> str | None:
    """The message type that may carry files of this type; None when no type may."""
    bare = mime_type.partition(";")[0].strip().lower()
    return next((kind for kind, (_, types) in LIMITS.items() if bare in types), None)


def check_upload(mime_type: str, size: int) -> None:
    """Raise the platform's refusal of a file that it would not take."""
    kind = kind_of(mime_type)
    if kind is None:
        allowed = ", ".join(sorted({t for _, types in LIMITS.values() for t in types}))
        raise GraphError(
            100,
            message=f"(#100) Param file must be a file with one of the following types: {allowed}. "
            f"Received file of type '{mime_type}'.",
        )
    if size == 0:
        raise GraphError(100, message="(#100) The parameter file is required and must not be empty.")
    if size > LIMITS[kind][0]:
        raise GraphError(131053, f"File size {size} is over the limit of {LIMITS[kind][0]} bytes for {kind}.")
