"""Pictures as JPEG of at most 5 MB that stand upright, and stickers as WebP of 512 by 512 pixels."""

import io
from typing import IO, TYPE_CHECKING

from conversations.services.media_convert.bounds import TOO_BIG, UNREADABLE, Unfit
from conversations.whatsapp.media_rules import KINDS

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
PLAIN_MODES = ("RGB", "RGBA", "L", "P", "LA", "1")
MAX_PIXELS = 80_000_000
EDGE = 4096
STICKER_EDGE = 512
ORIENTATION = 0x0112
QUALITIES = (90, 82, 74, 64, 50)
JPEG, WEBP = "image/jpeg", "image/webp"


def fits(file: IO[bytes]) -> bool:
    """Whether a JPEG or PNG can go out as it is: upright, and in colours that WhatsApp shows. Raises Unfit"""
    picture = _open(file)
    upright: bool = picture.getexif().get(ORIENTATION, 1) == 1
    return upright and picture.mode in PLAIN_MODES


def to_jpeg(source: IO[bytes]) -> bytes:
    """The picture anew: nothing beside the pixels and their colour profile comes along. Raises Unfit"""
    picture = _upright(source)
    profile = picture.info.get("icc_profile") if picture.mode in ("RGB", "RGBA") else None
    picture.thumbnail((EDGE, EDGE))
    drawn = _on_white(picture)
    for quality in QUALITIES:
        into = io.BytesIO()
        drawn.save(into, "JPEG", quality=quality, optimize=True, icc_profile=profile)
        if into.tell() <= KINDS["image"].max_bytes:
            return into.getvalue()
    raise Unfit(TOO_BIG)


def to_sticker(source: IO[bytes]) -> bytes:
    """The picture in the middle of a transparent square. Raises Unfit"""
    from PIL import Image

    picture = _upright(source).convert("RGBA")
    picture.thumbnail((STICKER_EDGE, STICKER_EDGE))
    square = Image.new("RGBA", (STICKER_EDGE, STICKER_EDGE), (0, 0, 0, 0))
    square.paste(picture, ((STICKER_EDGE - picture.width) // 2, (STICKER_EDGE - picture.height) // 2))
    for quality in QUALITIES:
        into = io.BytesIO()
        square.save(into, "WEBP", quality=quality)
        if into.tell() <= KINDS["sticker"].max_bytes:
            return into.getvalue()
    raise Unfit(TOO_BIG)


def _open(file: IO[bytes]) -> "Picture":
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener()
    file.seek(0)
    try:
        picture = Image.open(file, formats=FORMATS)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as broken:
        raise Unfit(UNREADABLE) from broken
    if picture.width * picture.height > MAX_PIXELS:
        raise Unfit(TOO_BIG)
    return picture


def _upright(source: IO[bytes]) -> "Picture":
    from PIL import Image, ImageOps

    picture = _open(source)
    try:
        return ImageOps.exif_transpose(picture)
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as broken:
        raise Unfit(UNREADABLE) from broken


def _on_white(picture: "Picture") -> "Picture":
    from PIL import Image

    if picture.mode.startswith("I"):  # 16 bits a pixel
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        pixels = picture.convert("RGBA")
        ground = Image.new("RGB", pixels.size, "white")
        ground.paste(pixels, mask=pixels.getchannel("A"))
        return ground
    return picture.convert("RGB")
