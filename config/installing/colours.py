"""The prepared hues as a manifest wants them: hexadecimal, computed from the stylesheet that pages use."""

import math
import re
from functools import cache

from django.conf import settings

PAPER = "#f5f7f9"  # --paper of tokens.css, light
ACCENT = "#2c4fa8"  # of static/icons/balie.svg, for hosts of no company
LIGHTNESS = 0.512  # of --company in light, as hues.css says
HUE = re.compile(r"\.hue-(\d+) \{ --h: ([\d.]+); --c-light: ([\d.]+);")


def of_hue(hue: int) -> str:
    """``#rrggbb`` of a company's colour in light; the product's own where there is none."""
    return _hues().get(hue, ACCENT)


@cache
def _hues() -> dict[int, str]:
    sheet = (settings.BASE_DIR / "static" / "css" / "hues.css").read_text(encoding="utf-8")
    return {int(number): _hex(LIGHTNESS, float(chroma), float(angle)) for number, angle, chroma in HUE.findall(sheet)}


def _hex(lightness: float, chroma: float, angle: float) -> str:
    """OKLCH to sRGB, as CSS Color 4 defines both."""
    a, b = chroma * math.cos(math.radians(angle)), chroma * math.sin(math.radians(angle))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{_byte(part):02x}" for part in linear)


def _byte(part: float) -> int:
    bounded = min(max(part, 0.0), 1.0)
    curved = 12.92 * bounded if bounded <= 0.0031308 else 1.055 * bounded ** (1 / 2.4) - 0.055
    return round(curved * 255)
