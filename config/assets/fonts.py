"""Inter for the browser: the letters we need, weights 400 to 700, as woff2."""

from dataclasses import dataclass
from pathlib import Path

import fontpkg_inter
from fontTools import subset, ttLib
from fontTools.varLib import instancer

SOURCE = Path(fontpkg_inter.ROOT) / "files" / "Inter[opsz,wght].ttf"
FEATURES = ("kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "case")

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Part:
    """One file, and the characters in it. tokens.css names the same ranges, so that a browser loads what it needs."""

    name: str
    ranges: Ranges

    def characters(self) -> set[int]:
        return {point for first, last in self.ranges for point in range(first, last + 1)}


LATIN = Part(
    "inter-latin.woff2",
    ((0x20, 0x24F), (0x2BB, 0x2DC), (0x1E00, 0x1EFF), (0x2000, 0x214F), (0x2190, 0x2193), (0x2212, 0x2215)),
)
MORE = Part(
    "inter-more.woff2",
    ((0x370, 0x3FF), (0x400, 0x52F), (0x1F00, 0x1FFF), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)),
)


def build_fonts(folder: Path) -> list[Path]:
    """Write the parts that are not there yet; gives those that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [part for part in (LATIN, MORE) if not (folder / part.name).exists()]
    return [_write(part, folder) for part in missing]


def _write(part: Part, folder: Path) -> Path:
    options = subset.Options(layout_features=list(FEATURES), notdef_outline=True, drop_tables=["STAT"], hinting=False)
    font = ttLib.TTFont(SOURCE, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=part.characters())
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, {"opsz": 14, "wght": (400, 700)})
    font.flavor = "woff2"
    target, unfinished = folder / part.name, folder / f".{part.name}.part"
    font.save(unfinished)
    unfinished.replace(target)  # whoever looks meanwhile sees the whole file or none
    return target
