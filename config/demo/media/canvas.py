"""A sheet to draw on: soft colours, round lines, drawn twice as large and scaled down so that edges are smooth."""

import io
import math
from collections.abc import Iterable
from random import Random

from PIL import Image, ImageDraw

SCALE = 2
Point = tuple[float, float]
Colour = str

PAPER, INK, SOFT = "#f6f1e7", "#2f3437", "#8a8f94"
SKIES = (("#bfe0f2", "#f4efe2"), ("#f7c9a8", "#fbeedd"), ("#9fb8cc", "#dfe6ea"), ("#cfe3d4", "#f5f2e4"))
PAINTS = ("#c8553d", "#2a6f97", "#588157", "#e09f3e", "#6d597a", "#1d3557", "#b56576", "#3d8c82")


class Canvas:
    """Coordinates are in pixels of the finished picture."""

    def __init__(self, width: int = 1000, height: int = 750, *, paper: Colour = PAPER, seed: str = "") -> None:
        self.width, self.height = width, height
        self.dice = Random(seed)
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), paper)
        self.pen = ImageDraw.Draw(self.image)

    def sky(self, colours: tuple[Colour, Colour] | None = None, *, until: float = 1.0) -> None:
        top, bottom = colours or self.dice.choice(SKIES)
        strip = Image.linear_gradient("L").resize((self.width * SCALE, int(self.height * SCALE * until)))
        self.image.paste(Image.composite(_plain(strip, bottom), _plain(strip, top), strip), (0, 0))
        for _ in range(3):
            self.cloud(self.dice.uniform(0.1, 0.9) * self.width, self.dice.uniform(0.08, 0.3) * self.height)

    def cloud(self, x: float, y: float) -> None:
        for step in range(5):
            radius = self.dice.uniform(18, 34)
            self.disc((x + step * 28 - 56, y - self.dice.uniform(0, 14)), radius, "#ffffff")

    def ground(self, top: float, colour: Colour) -> None:
        self.box((0, top, self.width, self.height), colour)

    def line(self, points: Iterable[Point], colour: Colour = INK, width: float = 6) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, colour, int(width * SCALE), joint="curve")
        for x, y in (scaled[0], scaled[-1]):
            reach = width * SCALE / 2
            self.pen.ellipse((x - reach, y - reach, x + reach, y + reach), colour)

    def curve(self, start: Point, bend: Point, end: Point, colour: Colour = INK, width: float = 6) -> None:
        self.line([_between(start, bend, end, step / 24) for step in range(25)], colour, width)

    def disc(self, centre: Point, radius: float, fill: Colour | None = None, edge: Colour = "", width: int = 0) -> None:
        x, y = centre[0] * SCALE, centre[1] * SCALE
        reach = radius * SCALE
        self.pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill, edge or None, width * SCALE)

    def box(self, corners: tuple[float, float, float, float], fill: Colour, *, round_by: float = 0) -> None:
        scaled = tuple(corner * SCALE for corner in corners)
        self.pen.rounded_rectangle(scaled, round_by * SCALE, fill)

    def shape(self, points: Iterable[Point], fill: Colour) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill)

    def words(self, at: Point, text: str, *, size: int = 22, colour: Colour = INK, middle: bool = False) -> None:
        anchor = "mm" if middle else "la"
        self.pen.text((at[0] * SCALE, at[1] * SCALE), text, colour, font_size=size * SCALE, anchor=anchor)

    def finished(self) -> Image.Image:
        return self.image.resize((self.width, self.height), Image.Resampling.BOX)

    def jpeg(self) -> bytes:
        into = io.BytesIO()
        self.finished().save(into, "JPEG", quality=82)
        return into.getvalue()


def around(centre: Point, radius: float, turn: float) -> Point:
    """A point on a circle; a whole turn is 1, the top is 0."""
    angle = turn * math.tau - math.pi / 2
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def _between(start: Point, bend: Point, end: Point, t: float) -> Point:
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1]


def _plain(like: Image.Image, colour: Colour) -> Image.Image:
    return Image.new("RGB", like.size, colour)
