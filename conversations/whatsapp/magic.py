"""Tells the type of a file by its first bytes; the name only helps where several types begin alike."""

from pathlib import PurePath

UNKNOWN = "application/octet-stream"
ENOUGH_BYTES = 4096

_OFFICE = "application/vnd.openxmlformats-officedocument."
BY_START = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"#!AMR", "audio/amr"),
    (b"ID3\x02", "audio/mpeg"),
    (b"ID3\x03", "audio/mpeg"),
    (b"ID3\x04", "audio/mpeg"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"\x7fELF", "application/x-executable"),
    (b"{\\rtf", "application/rtf"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"#!", "text/x-script"),
)
BY_START_IF_BINARY = ((b"MZ", "application/x-msdownload"), (b"BM", "image/bmp"))  # a text may begin so too
ZIP_PARTS = (
    (b"word/", _OFFICE + "wordprocessingml.document"),
    (b"xl/", _OFFICE + "spreadsheetml.sheet"),
    (b"ppt/", _OFFICE + "presentationml.presentation"),
)
BY_NAME_IN_ZIP = {
    ".docx": _OFFICE + "wordprocessingml.document",
    ".xlsx": _OFFICE + "spreadsheetml.sheet",
    ".pptx": _OFFICE + "presentationml.presentation",
}
BY_NAME_IN_OLE = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
MARKUP = (
    (b"<svg", "image/svg+xml"),
    (b"<!doctype html", "text/html"),
    (b"<html", "text/html"),
    (b"<script", "text/html"),
)


def sniff(first_bytes: bytes, filename: str = "") -> str:
    """The media type of a file that begins so; ``application/octet-stream`` if it cannot be told."""
    head = first_bytes[:ENOUGH_BYTES]
    suffix = PurePath(filename).suffix.lower()
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _iso_media(head[8:12], suffix)
    if head[:4] == b"OggS":
        return "video/ogg" if b"theora" in head else "audio/ogg"
    if head[:4] == b"PK\x03\x04":
        return next((mime for part, mime in ZIP_PARTS if part in head), BY_NAME_IN_ZIP.get(suffix, "application/zip"))
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return BY_NAME_IN_OLE.get(suffix, "application/x-ole-storage")
    if (mime := _mpeg_audio(head)) or (mime := next((m for start, m in BY_START if head.startswith(start)), "")):
        return mime
    return _text(head, suffix)


def is_opus(first_bytes: bytes) -> bool:
    """Whether an Ogg file begins with an Opus stream, the only one the platform plays."""
    return b"OpusHead" in first_bytes[:ENOUGH_BYTES]


def is_animated_webp(first_bytes: bytes) -> bool:
    """Whether a WebP picture says that it moves."""
    return first_bytes[12:16] == b"VP8X" and len(first_bytes) > 20 and bool(first_bytes[20] & 0x02)


def _iso_media(brand: bytes, suffix: str) -> str:
    if brand.startswith(b"3g"):
        return "video/3gpp"
    if brand in {b"M4A ", b"M4B "} or (suffix == ".m4a"):
        return "audio/mp4"
    if brand == b"qt  ":
        return "video/quicktime"
    if brand in {b"heic", b"heix", b"mif1", b"msf1"}:
        return "image/heic"
    return "image/avif" if brand in {b"avif", b"avis"} else "video/mp4"


def _mpeg_audio(head: bytes) -> str:
    """MP3 and AAC frames begin with eleven or twelve set bits."""
    if len(head) < 4 or head[0] != 0xFF:
        return ""
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    return "audio/mpeg" if head[1] & 0xE6 == 0xE2 else ""  # layer III only: 0xFE begins UTF-16 text


def _text(head: bytes, suffix: str) -> str:
    if not head or b"\x00" in head:
        return next((mime for start, mime in BY_START_IF_BINARY if head.startswith(start)), UNKNOWN)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<?xml") and b"<svg" in start:
        return "image/svg+xml"
    for opening, mime in MARKUP:
        if start.startswith(opening):
            return mime
    try:
        head[:-3].decode() if len(head) == ENOUGH_BYTES else head.decode()
    except UnicodeDecodeError:
        if any(byte < 32 and byte not in b"\t\r\n\f" for byte in head):
            return UNKNOWN
    return "text/csv" if suffix == ".csv" else "text/plain"
