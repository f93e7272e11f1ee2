"""Whether fonts, translations and static files have to be made and gathered again: seconds that a start can save."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from config.services.layout import Layout

MARK = ".gathered"


def stamp(layout: Layout) -> str:
    """Changes with every source of an asset, with the code that makes them, and with the packages that bring some."""
    digest = hashlib.sha256((layout.root / "requirements.txt").read_bytes())
    for path in sorted(_sources(layout.root)):
        state = path.stat()
        digest.update(f"{path.relative_to(layout.root)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    built = root / "static" / "build"
    for path in [*root.glob("static/**/*"), *root.glob("config/assets/*.py"), *root.glob("locale/**/*.po")]:
        if path.is_file() and built not in path.parents:
            yield path


def changed(layout: Layout, *, stamp: str) -> bool:
    """Whether the last gathering was for something else, or its results are gone."""
    mark = layout.static / MARK
    results = [*layout.root.glob("static/build/*")], [*layout.root.glob("locale/*/LC_MESSAGES/*.mo")]
    sources = [*layout.root.glob("config/assets/*.py")], [*layout.root.glob("locale/*/LC_MESSAGES/*.po")]
    gone = any(bool(made) != bool(source) for made, source in zip(results, sources, strict=True))
    return gone or not mark.exists() or mark.read_text() != stamp


def remember(layout: Layout, *, stamp: str) -> None:
    layout.static.mkdir(parents=True, exist_ok=True)
    (layout.static / MARK).write_text(stamp)
