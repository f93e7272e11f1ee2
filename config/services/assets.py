"""Whether the pages' assets have to be gathered again, which takes seconds and is seldom needed."""

import hashlib
from pathlib import Path

MARK = ".gathered"


def stamp(root: Path) -> str:
    """Changes with every file below ``static/`` and with the packages that bring files of their own."""
    digest = hashlib.sha256((root / "requirements.txt").read_bytes())
    for path in sorted((root / "static").rglob("*")):
        if path.is_file():
            state = path.stat()
            digest.update(f"{path.relative_to(root)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def changed(gathered: Path, *, stamp: str) -> bool:
    mark = gathered / MARK
    return not mark.exists() or mark.read_text() != stamp


def remember(gathered: Path, *, stamp: str) -> None:
    gathered.mkdir(parents=True, exist_ok=True)
    (gathered / MARK).write_text(stamp)
