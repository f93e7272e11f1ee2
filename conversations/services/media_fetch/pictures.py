"""Small pictures of big ones, drawn anew: nothing a stranger hid in a file (place, camera, code) comes along."""

import io
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_PIXELS = 50_000_000
EDGE = 640
QUALITY = 80
ORIENTATION, LYING = 0x0112, (5, 6, 7, 8)


@dataclass(slots=True)
class Preview:
    """Columns of the file's row, and its small picture as bytes."""

    columns: dict[str, Any] = field(default_factory=dict)
    thumbnail: bytes = b""


def look(file: IO[bytes]) -> Preview:
    """Size and small picture; nothing for a file that is broken or would unpack into gigabytes."""
    from PIL import Image, ImageOps

    try:
        with Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return Preview()
            width, height = _size(picture)
            picture.draft("RGB", (EDGE, EDGE))  # a JPEG is unpacked only as far as needed
            upright = ImageOps.exif_transpose(picture)
            return Preview({"width": width, "height": height}, small(upright))
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError, Warning):
        return Preview()


def small(picture: "Picture") -> bytes:
    """The picture with at most 640 pixels on its longer side, as WebP without anything beside the pixels."""
    transparent = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    drawn = picture.convert("RGBA" if transparent else "RGB")
    drawn.thumbnail((EDGE, EDGE))
    fresh = drawn.copy()
    fresh.info = {}
    into = io.BytesIO()
    fresh.save(into, "WEBP", quality=QUALITY)
    return into.getvalue()


def _size(picture: "Picture") -> tuple[int, int]:
    """Width and height as a person sees it: some cameras store pictures lying on their side."""
    width, height = picture.size
    return (height, width) if picture.getexif().get(ORIENTATION, 1) in LYING else (width, height)
