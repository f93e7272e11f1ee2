"""Real sounds, films and pictures, made as browsers and phones make them."""

import io
import math
import struct
from typing import Any

import pillow_heif
from PIL import Image


def sound(format_: str = "webm", codec: str = "libopus", *, seconds: float = 1.0, layout: str = "stereo") -> bytes:
    """A tone as a recorder of a browser writes it."""
    import av

    into = io.BytesIO()
    with av.open(into, "w", format=format_) as made:
        stream = made.add_stream(codec, rate=48000, layout=layout)
        _tone(made, stream, seconds)
    return into.getvalue()


def _tone(made: Any, stream: Any, seconds: float) -> None:
    import av

    size, channels = 960, stream.codec_context.layout.nb_channels
    resampler = av.AudioResampler(format=stream.codec_context.format.name, layout=stream.layout.name, rate=48000)
    for part in range(int(seconds * 48000) // size):
        samples = [int(9000 * math.sin((part * size + n) / 20)) for n in range(size)]
        frame = av.AudioFrame(format="s16", layout="stereo" if channels == 2 else "mono", samples=size)
        frame.sample_rate, frame.pts = 48000, part * size
        frame.planes[0].update(struct.pack(f"<{size * channels}h", *(s for s in samples for _ in range(channels))))
        for plain in resampler.resample(frame):
            made.mux(stream.encode(plain))
    made.mux(stream.encode(None))


def film(
    format_: str = "webm",
    codec: str = "libvpx",
    *,
    size: tuple[int, int] = (160, 90),
    frames: int = 10,
    sound_codec: str = "libopus",
    turned: int = 0,
) -> bytes:
    """A short film of one colour, with a tone when a codec for it is named."""
    import av

    into = io.BytesIO()
    with av.open(into, "w", format=format_) as made:
        picture = made.add_stream(codec, rate=10)
        picture.width, picture.height, picture.pix_fmt = *size, "yuv420p"
        if turned:
            picture.set_display_rotation(turned)
        heard = made.add_stream(sound_codec, rate=48000, layout="mono") if sound_codec else None
        for _number in range(frames):
            made.mux(picture.encode(av.VideoFrame.from_image(Image.new("RGB", size, "teal"))))
        made.mux(picture.encode(None))
        if heard is not None:
            _tone(made, heard, frames / 10)
    return into.getvalue()


def heic(size: tuple[int, int] = (320, 240)) -> bytes:
    """A photo as a phone keeps it."""
    into = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", size, "teal")).save(into)
    return into.getvalue()


def photo(kind: str = "JPEG", *, mode: str = "RGB", size: tuple[int, int] = (320, 240), turned: int = 1) -> bytes:
    into = io.BytesIO()
    image = Image.new(mode, size, "teal" if mode.startswith("RGB") else 90)
    exif = image.getexif()
    exif[0x0112] = turned
    image.save(into, kind, exif=exif)
    return into.getvalue()
