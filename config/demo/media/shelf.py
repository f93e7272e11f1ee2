"""Every file of the demo, made once and handed out as often as scripts name it."""

import hashlib
import io
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from config.demo.media import bicycles, films, papers, places, sounds

if TYPE_CHECKING:
    from PIL.Image import Image

THUMBNAIL = 640
VARIANTS = 3  # of a picture or a voice
PICTURES = {
    "street": bicycles.street,
    "flat": lambda seed: bicycles.street(seed, flat=True),
    "workshop": bicycles.workshop,
    "gears": bicycles.gears,
    "cargo": bicycles.cargo,
    "battery": bicycles.battery,
    "form": places.form,
    "pills": places.pills,
    "walker": places.walker,
    "kitchen": places.kitchen,
    "studio": places.studio,
    "polder": places.polder,
    "flood": places.flood,
    "plan": places.plan,
}


@dataclass(frozen=True, slots=True)
class File:
    """Bytes with what a page shows before they are there."""

    kind: str
    mime_type: str
    data: bytes
    filename: str = ""
    width: int | None = None
    height: int | None = None
    milliseconds: int | None = None
    waveform: list[int] | None = field(default=None, hash=False)
    thumbnail: bytes = b""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def take(kind: str, args: tuple[str, ...], dice: Random) -> File:
    """The file that a line names: a voice by its seconds, everything else by its name. Raises KeyError."""
    name, variant = args[0] if args else "1", dice.randrange(VARIANTS)
    if kind == "image":
        return _picture(name, variant)
    if kind == "audio":
        return _voice(float(name), variant)
    if kind == "video":
        return _film(name)
    return _paper(name) if kind == "document" else _sticker(name)


@lru_cache(maxsize=200)
def _picture(name: str, variant: int) -> File:
    data = PICTURES[name](f"{name} {variant}")
    picture = _opened(data)
    return File("image", "image/jpeg", data, width=picture.width, height=picture.height, thumbnail=_small(picture))


@lru_cache(maxsize=50)
def _voice(seconds: float, variant: int) -> File:
    sound = sounds.voice(f"{seconds} {variant}", seconds=seconds)
    length, waveform = sound.milliseconds, sound.waveform
    return File("audio", "audio/ogg; codecs=opus", sound.data, milliseconds=length, waveform=waveform)


@lru_cache(maxsize=10)
def _film(name: str) -> File:
    data, first = films.film(name)
    width, height = films.SIZE
    length = films.SECONDS * 1000
    return File("video", "video/mp4", data, "", width, height, length, thumbnail=_small(first))


@lru_cache(maxsize=30)
def _paper(name: str) -> File:
    return File("document", "application/pdf", papers.pdf(name), papers.PAPERS[name].filename)


@lru_cache(maxsize=10)
def _sticker(name: str) -> File:
    data = places.sticker(name)
    return File("sticker", "image/webp", data, width=512, height=512, thumbnail=_small(_opened(data)))


def _opened(data: bytes) -> "Image":
    from PIL import Image

    return Image.open(io.BytesIO(data))


def _small(picture: "Image") -> bytes:
    drawn = picture.convert("RGBA" if picture.mode == "RGBA" else "RGB")
    drawn.thumbnail((THUMBNAIL, THUMBNAIL))
    into = io.BytesIO()
    drawn.save(into, "WEBP", quality=80)
    return into.getvalue()
