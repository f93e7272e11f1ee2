"""The processes of one start: those of the Procfile, and the embedded servers below them."""

import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.services import health, procfile
from config.services.children import spawn
from config.services.embedded import Embedded
from config.services.layout import Layout
from config.services.ports import Ports
from config.services.supervisor import Managed

USERS, SIMULATOR, DATABASES = 0, 1, 2  # the waves of stopping: sends in flight still reach the simulator
BIG_LOG = 20 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Runner:
    """Starts the lines of the Procfile, each with a log and a heartbeat file of its own."""

    layout: Layout
    ports: Ports
    environment: Mapping[str, str]

    def log(self, name: str) -> Path:
        return self.layout.logs / f"{name}.log"

    def beat(self, name: str) -> Path:
        return self.layout.beats / f"{name}.beat"

    def start(self, name: str, command: list[str]) -> "subprocess.Popen[bytes]":
        path = self.log(name)
        if path.exists() and path.stat().st_size > BIG_LOG:
            path.replace(path.with_suffix(".log.1"))
        self.beat(name).unlink(missing_ok=True)
        environment = {**self.environment, "HEARTBEAT_FILE": str(self.beat(name))}
        with path.open("ab") as log:
            return spawn(command, env=environment, cwd=self.layout.root, log=log)

    def managed(self, commands: Mapping[str, str]) -> list[Managed]:
        return [self._managed(name, procfile.shell(command)) for name, command in commands.items()]

    def _managed(self, name: str, command: list[str]) -> Managed:
        wave = SIMULATOR if name == "simulator" else USERS
        return Managed(name=name, start=lambda: self.start(name, command), wave=wave)

    def healthy(self, name: str) -> bool:
        """By its health address when it listens, else by its heartbeat."""
        port = self.ports.named().get(name)
        if port is not None:
            return health.answers(self.ports.host(name), port)
        return health.beats(self.beat(name))

    def last_words(self, name: str, *, lines: int = 15) -> str:
        path = self.log(name)
        text = path.read_text(errors="replace") if path.exists() else ""
        return "\n".join([f"Last lines of {path}:", *text.splitlines()[-lines:]])


def servers(embedded: Embedded) -> list[Managed]:
    """PostgreSQL and Valkey. PostgreSQL's new start waits until the processes of the old one are gone."""
    postgres = Managed(
        name="postgresql",
        start=embedded.start_postgres,
        wave=DATABASES,
        stop_signal=signal.SIGINT,
        grace=90,
        alone=True,
    )
    return [postgres, Managed(name="valkey", start=embedded.start_valkey, wave=DATABASES, grace=30)]
