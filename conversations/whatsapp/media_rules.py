"""Which files may go out, as what kind of message, and how far to trust files that come in."""

from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext_lazy as _

from conversations.whatsapp.fields import InvalidField
from conversations.whatsapp.magic import BY_NAME_IN_OLE, BY_NAME_IN_ZIP, UNKNOWN, is_animated_webp, is_opus, sniff

__all__ = ["INBOUND_MAX_BYTES", "KINDS", "Kind", "Received", "Upload", "check_received", "check_upload", "sniff"]

KB = 1024
MB = 1024 * KB
INBOUND_MAX_BYTES = 100 * MB
STICKER_ANIMATED_MAX_BYTES = 500 * KB


@dataclass(slots=True, frozen=True)
class Kind:
    """One kind of file message with the platform's bounds."""

    name: str
    max_bytes: int
    mime_types: frozenset[str]


KINDS = {
    "audio": Kind("audio", 16 * MB, frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"})),
    "image": Kind("image", 5 * MB, frozenset({"image/jpeg", "image/png"})),
    "video": Kind("video", 16 * MB, frozenset({"video/mp4", "video/3gpp"})),
    "sticker": Kind("sticker", 100 * KB, frozenset({"image/webp"})),
    "document": Kind(
        "document",
        100 * MB,
        frozenset({"text/plain", "text/csv", "application/pdf", *BY_NAME_IN_OLE.values(), *BY_NAME_IN_ZIP.values()}),
    ),
}
BY_MIME = {mime: kind for kind in KINDS.values() for mime in kind.mime_types}
TRANSCODED = frozenset({"video/webm", "audio/webm", "audio/wav"})  # what browsers record
SAME = {
    "image/jpg": "image/jpeg",
    "audio/mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/opus": "audio/ogg",
    "audio/webm": "video/webm",
    "application/ogg": "audio/ogg",
    "application/csv": "text/csv",
    "audio/x-aac": "audio/aac",
    "application/x-pdf": "application/pdf",
}
VAGUE = frozenset({"", UNKNOWN, "binary/octet-stream", "application/zip", "application/x-ole-storage"})
INLINE = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "video/3gpp", "application/pdf"}
    | KINDS["audio"].mime_types
)


@dataclass(slots=True, frozen=True)
class Upload:
    """A file that may go out, as this kind of message. ``transcode``: only after conversion to ogg with mono opus."""

    kind: str
    mime_type: str
    filename: str
    transcode: bool = False


@dataclass(slots=True, frozen=True)
class Received:
    """What a file that came in really is. ``inline`` files may be shown in the page, others only be downloaded."""

    mime_type: str
    lies: bool
    inline: bool


def check_upload(first_bytes: bytes, *, filename: str, declared: str, size: int, voice: bool = False) -> Upload:
    """Tell as what a file may be sent; its bytes decide, never its name.

    first_bytes  at least the first 4,096 bytes
    voice        recorded here as a voice message: a webm or wav file is accepted and needs conversion
    Raises       InvalidField("file") for empty, lying, unfit or too big files
    """
    if size <= 0 or not first_bytes:
        raise InvalidField("file", _("The file is empty. Choose another one."))
    found = sniff(first_bytes, filename)
    if voice and (found in TRANSCODED or found.startswith("audio/")):
        _fits(size, KINDS["audio"].max_bytes)
        ready = found == "audio/ogg" and is_opus(first_bytes)
        return Upload("audio", "audio/ogg" if ready else found, safe_name(filename), transcode=not ready)
    kind = BY_MIME.get(found)
    if kind is None:
        raise InvalidField("file", _("WhatsApp does not accept this kind of file. Send a picture, PDF or Office file."))
    if _lies(found, declared=declared, filename=filename):
        raise InvalidField("file", _("The file is not what its name says. Save it in its own format and try again."))
    _fits(size, _max_bytes(kind, first_bytes))
    transcode = found == "audio/ogg" and not is_opus(first_bytes)
    return Upload(kind.name, "text/plain" if found == "text/csv" else found, safe_name(filename), transcode)


def check_received(first_bytes: bytes, *, declared: str, filename: str = "") -> Received:
    """Tell what a received file really is and whether a page may show it."""
    found = sniff(first_bytes, filename)
    lies = _lies(found, declared=declared, filename="")
    return Received(found, lies, found in INLINE and not lies)


def safe_name(filename: str) -> str:
    """The last part of a name without signs that mislead or break a header."""
    name = PurePath(filename.replace("\\", "/")).name
    kept = "".join(sign for sign in name if sign.isprintable() and sign not in '"<>|:*?/').strip(" .")
    return kept[-200:] or "file"


def _max_bytes(kind: Kind, first_bytes: bytes) -> int:
    moving = kind.name == "sticker" and is_animated_webp(first_bytes)
    return STICKER_ANIMATED_MAX_BYTES if moving else kind.max_bytes


def _fits(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        bound = f"{max_bytes // MB} MB" if max_bytes >= MB else f"{max_bytes // KB} KB"
        words = _("The file is too big. Files of this kind may have at most %(bound)s.") % {"bound": bound}
        raise InvalidField("file", words, limit=max_bytes)


def _lies(found: str, *, declared: str, filename: str) -> bool:
    """Whether the declared type or the name's ending speaks of another kind of file than the bytes do."""
    told = declared.partition(";")[0].strip().lower()
    told = SAME.get(told, told)
    if told not in VAGUE and _family(told) != _family(found):
        return True
    named = BY_SUFFIX.get(PurePath(filename).suffix.lower())
    return named is not None and _family(named) != _family(found)


def _family(mime: str) -> str:
    """Types that may stand for each other: sound and moving pictures share containers, texts are texts."""
    if mime in {"audio/mp4", "video/mp4", "video/3gpp", "audio/3gpp", "video/quicktime"}:
        return "iso-media"
    if mime.startswith("text/") and mime != "text/html":
        return "text"
    return mime


BY_SUFFIX = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".amr": "audio/amr",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".mp4": "video/mp4",
    ".3gp": "video/3gpp",
    ".txt": "text/plain",
    ".csv": "text/csv",
    **BY_NAME_IN_OLE,
    **BY_NAME_IN_ZIP,
}
