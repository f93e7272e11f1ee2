"""Reads ``.env``: ``NAME=value`` lines, as in .env.example. What the real environment says wins."""

import os
import re
from pathlib import Path

from config.services.errors import CannotStart

LINE = re.compile(r"^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$")


def parse(text: str, *, source: str) -> dict[str, str]:
    """The values by name; quotes around a value are taken off, a ``#`` after a space begins a comment."""
    values: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        found = LINE.match(line)
        if not found:
            raise CannotStart(f"{source}, line {number}, is not of the form NAME=value.")
        name, value = found[1], found[2].strip()
        if value[:1] in ("'", '"'):
            end = value.find(value[0], 1)
            if end < 0:
                raise CannotStart(f"{source}, line {number}: the quote of {name} is never closed.")
            values[name] = value[1:end]
        else:
            values[name] = re.split(r"\s+#", value, maxsplit=1)[0] if not value.startswith("#") else ""
    return values


def load(path: Path) -> None:
    """Put the values of a ``.env`` file, if there is one, under those of the environment."""
    if path.is_file():
        for name, value in parse(path.read_text(), source=str(path)).items():
            os.environ.setdefault(name, value)
