"""Reads the colour tokens out of the stylesheets and measures contrast as WCAG 2.2 does."""

import math
import re
from pathlib import Path

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
OKLCH = re.compile(r"oklch\(\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s*\)")
TOKEN = re.compile(r"--([\w-]+):\s*light-dark\((oklch\([^)]*\)),\s*(oklch\([^)]*\))\);")
HUE = re.compile(r"\.hue-(\d+) \{ ([^}]*) \}")
TOKEN_WITH_VARS = re.compile(r"--(company[\w-]*):\s*light-dark\((oklch\(.*?\)),\s*(oklch\(.*?\))\);")
CALC = re.compile(r"calc\(([\d.]+) \* ([\d.]+)\)")

Colour = tuple[float, float, float]  # linear red, green, blue
MODES = ("light", "dark")


def tokens(mode: str) -> dict[str, Colour]:
    """Every ``--name: light-dark(…)`` of tokens.css in one mode."""
    found = TOKEN.findall((CSS / "tokens.css").read_text())
    return {name: colour(pair[MODES.index(mode)]) for name, *pair in found if "/" not in pair[0]}


def hues(mode: str) -> dict[int, dict[str, Colour]]:
    """For each of the 24 classes its four company colours in one mode."""
    sheet = (CSS / "hues.css").read_text()
    rules = TOKEN_WITH_VARS.findall(sheet)
    return {int(number): _company_colours(values, rules, mode) for number, values in HUE.findall(sheet)}


def _company_colours(values: str, rules: list[tuple[str, str, str]], mode: str) -> dict[str, Colour]:
    own = dict(re.findall(r"--([\w-]+): ([\d.]+);", values))
    filled = {}
    for name, *pair in rules:
        text = re.sub(r"var\(--([\w-]+)\)", lambda match: own[match[1]], pair[MODES.index(mode)])
        filled[name] = colour(CALC.sub(lambda match: f"{float(match[1]) * float(match[2]):.4f}", text))
    return filled


def colour(text: str) -> Colour:
    """``oklch(L C H)`` as linear sRGB; outside of what a screen can show is an error of ours."""
    match = OKLCH.fullmatch(text)
    assert match, text
    lightness, chroma, hue = (float(part) for part in match.groups())
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    assert all(-0.004 <= part <= 1.004 for part in (red, green, blue)), f"{text} is outside sRGB"
    return (min(max(red, 0), 1), min(max(green, 0), 1), min(max(blue, 0), 1))


def contrast(one: Colour, other: Colour) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]
