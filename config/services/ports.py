"""The addresses one start listens on."""

import os
import socket
from dataclasses import dataclass

from config.services.errors import CannotStart

HIGHEST = 65_535
EVERYWHERE = ("", "0.0.0.0")  # noqa: S104  compared with, not bound to


@dataclass(frozen=True)
class Ports:
    """All ports move together by one offset, so that several checkouts run side by side."""

    offset: int

    def host(self, name: str) -> str:
        """The address to reach one's server at from this machine."""
        variable = "SIMULATOR_HOST" if name == "simulator" else "LISTEN_HOST"
        chosen = os.environ.get(variable, "").strip()
        return chosen if chosen not in EVERYWHERE else "127.0.0.1"

    @property
    def web(self) -> int:
        return 8000 + self.offset

    @property
    def live(self) -> int:
        return 8001 + self.offset

    @property
    def simulator(self) -> int:
        return 8010 + self.offset

    def named(self) -> dict[str, int]:
        return {"web": self.web, "live": self.live, "simulator": self.simulator}

    def check(self) -> None:
        """Raises CannotStart with the port that is taken or impossible."""
        if not 0 <= self.offset <= HIGHEST - 8010:
            raise CannotStart(f"--port-offset is {self.offset}; it must be from 0 to {HIGHEST - 8010}.")
        for name, port in self.named().items():
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((self.host(name), port))
                except OSError as error:
                    raise CannotStart(
                        f"port {port} (for {name}) cannot be used: {error.strerror}. Stop the program that has it, "
                        f"or move all ports: bin/start --port-offset {self.offset + 20}"
                    ) from error
