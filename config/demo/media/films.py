"""Films of some seconds: a wheel that wobbles, a mill that turns, a light that blinks."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from config.demo.media.bicycles import STEEL, TYRE
from config.demo.media.canvas import INK, Canvas, around

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = (480, 270)
FPS = 12
SECONDS = 3


def film(name: str) -> tuple[bytes, "Image"]:
    """MP4 (H.264, no sound) and its first picture. Raises KeyError."""
    frames = list(FILMS[name]())
    return _encode(frames), frames[0]


def _wheel() -> "Iterator[Image]":
    for n in range(FPS * SECONDS):
        sheet = Canvas(*SIZE, paper="#d8dedb")
        sheet.ground(228, "#9a958c")
        turn = n / FPS * 0.9
        centre = (240 + (6 if n % 4 < 2 else -6), 128.0)
        for spoke in range(12):
            sheet.line([centre, around(centre, 92, spoke / 12 + turn)], "#f0f2f3", 2)
        sheet.disc(centre, 98, None, TYRE, 8)
        sheet.disc(centre, 88, None, STEEL, 2)
        sheet.line([(240, 128), (240, 12), (330, 6)], "#c8553d", 9)
        sheet.disc(around(centre, 80, turn), 5, "#e09f3e")
        yield sheet.finished()


def _mill() -> "Iterator[Image]":
    for n in range(FPS * SECONDS):
        sheet = Canvas(*SIZE, seed="mill")
        sheet.sky(("#f0b58c", "#fbeedd"), until=0.8)
        sheet.ground(200, "#8fa36b")
        sheet.shape([(216, 210), (264, 210), (252, 110), (228, 110)], "#6f4e37")
        for sail in range(4):
            sheet.line([(240, 108), around((240, 108), 84, sail / 4 + n / FPS / 6)], "#f4ecd8", 6)
        yield sheet.finished()


def _lamp() -> "Iterator[Image]":
    for n in range(FPS * SECONDS):
        sheet = Canvas(*SIZE, paper="#efe7da")
        sheet.box((110, 60, 370, 210), "#2c3136", round_by=16)
        for light in range(5):
            on = light == 0 and n % 8 < 4
            sheet.disc((160 + light * 40, 170), 10, "#e0533d" if on else "#555d63")
        sheet.words((240, 105), "36 V", size=24, colour="#e8ecef", middle=True)
        sheet.line([(60, 230), (420, 230)], INK, 4)
        yield sheet.finished()


FILMS = {"wheel": _wheel, "mill": _mill, "lamp": _lamp}


def _encode(frames: "list[Image]") -> bytes:
    import av

    into = io.BytesIO()
    with av.open(into, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "28"}
        for picture in frames:
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode(None))
    return into.getvalue()
