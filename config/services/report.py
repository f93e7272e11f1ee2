"""What a start tells: progress lines, the closing table, and the same as JSON in ``var/started.json``.

The demo describes itself in ``var/demo.json``::

    {"addresses": {"Fietsland": "http://fietsland.localhost:8000/"},
     "sign_ins": [{"who": "Agent at Fietsland", "url": "…", "email": "…", "password": "…"}]}
"""

import contextlib
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from config.services.keys import write_private
from config.services.layout import Layout
from config.services.ports import Ports


def say(line: str) -> None:
    """One progress line. A closed terminal must not end the start."""
    with contextlib.suppress(OSError):
        print(f"  {line}", flush=True)


def demo(path: Path) -> dict[str, Any]:
    """What the demo says about itself; empty without a demo."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(path.read_text())
        if isinstance(found, dict):
            return found
    return {}


class Report:
    """Gathers what is known about a start and writes it down."""

    def __init__(
        self, layout: Layout, *, ports: Ports, environment: Mapping[str, str], pids: Mapping[str, int]
    ) -> None:
        told = demo(layout.demo)
        host = environment.get("BASE_DOMAIN", "").strip() or "localhost"
        self.path = layout.started
        self.addresses: dict[str, str] = {
            "Agency": f"http://{host}:{ports.web}/",
            **dict(told.get("addresses", {})),
            "Simulated phones": f"http://localhost:{ports.simulator}/",
            "Live stream": f"{environment['LIVE_URL']}/",
        }
        self.sign_ins: list[dict[str, str]] = list(told.get("sign_ins", []))
        self.facts: dict[str, Any] = {
            "started_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "addresses": self.addresses,
            "sign_ins": self.sign_ins,
            "ports": ports.named(),
            "data": str(layout.data),
            "logs": str(layout.logs),
            "DATABASE_URL": environment["DATABASE_URL"],
            "REDIS_URL": environment["REDIS_URL"],
            "pids": dict(pids),
        }

    def write(self, pids: Mapping[str, int]) -> None:
        """Write the file again, with the process ids of now."""
        self.facts["pids"] = dict(pids)
        write_private(self.path, json.dumps(self.facts, indent=2, ensure_ascii=False) + "\n")

    def table(self, *, seconds: float) -> str:
        lines = ["", f"Balie runs; everything is healthy after {seconds:.0f} s.", ""]
        lines += columns([[name, address] for name, address in self.addresses.items()])
        if self.sign_ins:
            rows = [[entry.get(key, "") for key in ("who", "url", "email", "password")] for entry in self.sign_ins]
            lines += ["", *columns([["Sign in as", "at", "e-mail", "password"], *rows])]
        lines += ["", f"The same is in {self.path}; logs are in {self.facts['logs']}. Ctrl-C stops everything.", ""]
        return "\n".join(lines)

    def print_table(self, *, seconds: float) -> None:
        with contextlib.suppress(OSError):
            print(self.table(seconds=seconds), flush=True)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned text."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def complain(sentence: str) -> None:
    with contextlib.suppress(OSError):
        print(sentence, file=sys.stderr, flush=True)
