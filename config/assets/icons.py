"""The icons of home screens, drawn from the one icon there is."""

from dataclasses import dataclass
from pathlib import Path

import typst

BACK = "#2c4fa8"  # the icon's own, to fill the corners that a phone cuts off by itself


@dataclass(frozen=True)
class Icon:
    """One file. ``purpose`` as a manifest calls it; none where a page names the file."""

    name: str
    pixels: int
    purpose: str = ""

    @property
    def whole(self) -> bool:
        """Whether the colour goes into the corners: whoever shows it gives it a shape."""
        return self.purpose != "any"


ICONS = (
    Icon("balie-192.png", 192, "any"),
    Icon("balie-512.png", 512, "any"),
    Icon("balie-192-maskable.png", 192, "maskable"),
    Icon("balie-512-maskable.png", 512, "maskable"),
    Icon("balie-180.png", 180),
)


def build_icons(source: Path, folder: Path) -> list[Path]:
    """Draw the icons that are not there yet, or older than ``source``; gives those that were drawn."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_draw(icon, source, folder) for icon in ICONS if _is_due(folder / icon.name, source)]


def _is_due(target: Path, source: Path) -> bool:
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def _draw(icon: Icon, source: Path, folder: Path) -> Path:
    fill = f'rgb("{BACK}")' if icon.whole else "none"
    page = f"#set page(width: {icon.pixels}pt, height: {icon.pixels}pt, margin: 0pt, fill: {fill})\n"
    text = (page + f'#image("{source.name}", width: 100%)').encode()
    # its types want the root to be bytes like the text, which it does not take
    drawn: bytes = typst.compile(text, root=source.parent, format="png", ppi=72)  # type: ignore[call-overload]
    target, unfinished = folder / icon.name, folder / f".{icon.name}.part"
    unfinished.write_bytes(drawn)
    unfinished.replace(target)  # whoever looks meanwhile sees the whole file or none
    return target
