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
# What a worker makes fit, and how large it may be before.
CONVERTED = {
    **dict.fromkeys(("image/heic", "image/avif", "image/bmp", "image/tiff", "image/gif"), "image"),
    **dict.fromkeys(("video/webm", "video/quicktime", "video/ogg", "video/x-msvideo"), "video"),
    **dict.fromkeys(("audio/wav", "audio/webm"), "audio"),
}
SOURCE_MAX_BYTES = {"image": 50 * MB, "video": 100 * MB, "audio": 100 * MB, "sticker": 20 * MB}
RECORDED = frozenset({"video/webm", "video/mp4", "audio/wav"})  # beside audio/*: containers of recorded sound
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
    """A file that may go out, as this kind of message. ``transcode``: only after a worker made it fit."""

    kind: str
    mime_type: str
    filename: str
    transcode: bool = False
    voice: bool = False


@dataclass(slots=True, frozen=True)
class Received:
    """What a file that came in really is. ``inline`` files may be shown in the page, others only be downloaded."""

    mime_type: str
    lies: bool
    inline: bool


def check_upload(
    first_bytes: bytes,
    *,
    filename: str,
    declared: str,
    size: int,
    voice: bool = False,
    sticker: bool = False,
    wanted: str = "",
) -> Upload:
    """Tell as what a file may be sent; its bytes decide, never its name.

    first_bytes  at least the first 4,096 bytes
    voice        recorded here as a voice message: any sound, written anew
    sticker      a picture that is to become a sticker
    wanted       "image" for a picture that could be a sticker as well
    Raises       InvalidField("file") for empty, lying, unfit or too big files
    """
    if size <= 0 or not first_bytes:
        raise InvalidField("file", _("The file is empty. Choose another one."))
    found, name = sniff(first_bytes, filename), safe_name(filename)
    if voice:
        return _voice(found, name, size=size)
    kind = "sticker" if sticker else _kind_of(found, first_bytes, declared=declared, size=size, wanted=wanted)
    if _lies(found, declared=declared, filename=filename):
        raise InvalidField("file", _("The file is not what its name says. Save it in its own format and try again."))
    if sticker:
        return _sticker(found, name, first_bytes, size=size)
    fits = found in BY_MIME and BY_MIME[found].name == kind and size <= _max_bytes(BY_MIME[found], first_bytes)
    if found == "audio/ogg" and not is_opus(first_bytes):
        fits = False
    if not fits and kind not in SOURCE_MAX_BYTES:
        _fits(size, KINDS[kind].max_bytes)
    if not fits:
        _fits(size, SOURCE_MAX_BYTES[kind])
    return Upload(kind, "text/plain" if found == "text/csv" else found, name, transcode=not fits)


def _voice(found: str, name: str, *, size: int) -> Upload:
    if found not in RECORDED and not found.startswith("audio/"):
        raise InvalidField("file", _("This recording cannot be read. Record it again."))
    _fits(size, SOURCE_MAX_BYTES["audio"])
    return Upload("audio", found, name, transcode=True, voice=True)


def _sticker(found: str, name: str, first_bytes: bytes, *, size: int) -> Upload:
    if not found.startswith("image/") or found == "image/svg+xml":
        raise InvalidField("file", _("A sticker is made from a picture. Choose a picture."))
    fits = found == "image/webp" and size <= _max_bytes(KINDS["sticker"], first_bytes)
    if not fits:
        _fits(size, SOURCE_MAX_BYTES["sticker"])
    return Upload("sticker", found, name, transcode=not fits)


def _kind_of(found: str, first_bytes: bytes, *, declared: str, size: int, wanted: str) -> str:
    """As what a file goes out; a big WebP is a picture, a moving GIF a film. Raises InvalidField"""
    if found == "image/gif" and b"NETSCAPE2.0" in first_bytes:
        return "video"
    if found == "video/webm" and declared.startswith("audio/"):
        return "audio"
    if found in CONVERTED:
        return CONVERTED[found]
    kind = BY_MIME.get(found)
    if found == "image/webp" and (wanted == "image" or size > _max_bytes(KINDS["sticker"], first_bytes)):
        return "image"
    if kind is None:
        raise InvalidField("file", _("WhatsApp does not accept this kind of file. Send a picture, PDF or Office file."))
    return kind.name


def source_max_bytes(kind: str) -> int:
    """How large a file may be before a worker has made it fit."""
    return SOURCE_MAX_BYTES.get(kind, KINDS[kind].max_bytes)


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
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".heic": "image/heic",
    ".wav": "audio/wav",
    ".txt": "text/plain",
    ".csv": "text/csv",
    **BY_NAME_IN_OLE,
    **BY_NAME_IN_ZIP,
}
