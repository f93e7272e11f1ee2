"""The list of processes: one line each, ``name: command``, shared with every other runner of Procfiles."""

import re
from pathlib import Path

from config.services.errors import CannotStart

LINE = re.compile(r"^([A-Za-z][A-Za-z0-9_-]*):\s*(\S.*)$")


def read(path: Path) -> dict[str, str]:
    """The commands by name, in the order of the file. Raises CannotStart for a line that is none."""
    commands: dict[str, str] = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = LINE.match(line)
        if not found:
            raise CannotStart(f"{path}, line {number}, is not of the form “name: command”.")
        commands[found[1]] = found[2]
    if not commands:
        raise CannotStart(f"{path} names no process.")
    return commands


def shell(command: str) -> list[str]:
    """Run by the shell, which fills in ``${NAME:-default}`` and then becomes the command."""
    return ["/bin/sh", "-c", f"exec {command}"]
