"""Private PostgreSQL and Valkey on unix sockets in one folder, as direct children of this process.

``trust`` is safe here only because there is no TCP and the folder of the sockets is 0700.
"""

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from config.services import binaries, unprivileged
from config.services.children import spawn
from config.services.errors import CannotStart

DATABASE = "balie"
MAX_SOCKET_PATH = 103  # bytes; Linux allows 107, macOS 103
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_locks_per_transaction": "512",  # one lock per table in a sweep over many schemas
    "jit": "off",
    "log_line_prefix": "%m [%p] ",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
if sys.platform == "linux":  # elsewhere PostgreSQL does not know the word, and would not start
    POSTGRES_SETTINGS["recovery_init_sync_method"] = "syncfs"  # a crash start with 260,000 files: 0.4 s, not 8.8 s
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}


class Embedded:
    """PostgreSQL and Valkey of one folder; ``prepare`` once, then start and stop each."""

    def __init__(self, home: Path, *, durable: bool = True, sockets: Path | None = None) -> None:
        self.home = home.absolute()
        self.durable = durable
        self.run = sockets or self.home / "run"
        self.database_url = f"postgresql://postgres@/{DATABASE}?host={self.run}"
        self.redis_url = f"unix://{self.run}/valkey.sock"
        self.log = self.home / "embedded.log"
        self._env = {"LC_ALL": "C", "PATH": os.environ.get("PATH", ""), "TZ": "UTC"}

    def prepare(self) -> None:
        """Make the folders and, the first time, the database cluster."""
        if len(os.fsencode(self.run / "valkey.sock")) > MAX_SOCKET_PATH:
            raise CannotStart(f"the path {self.run} is too long for a unix socket; set DATA_DIR to a shorter folder.")
        try:
            self._make_home()
            if unprivileged.account():
                self.home.chmod(0o755)
                if not unprivileged.reachable(self.home / "x"):
                    raise CannotStart(f"{self.home} lies in a folder that an unprivileged account cannot enter.")
            for folder in (self.home / "pgdata", self.run, self.home / "valkey"):
                self._private(folder)
            exists = (self.home / "pgdata" / "PG_VERSION").exists()
        except OSError as error:
            raise CannotStart(
                f"the data folder {self.home} cannot be used ({error.strerror}: {error.filename}). If it was made by "
                "another account, start as that one; bin/start --fresh as that one removes it."
            ) from error
        self.postgres = binaries.postgres_folder(self.home)
        self.valkey = binaries.valkey_server(self.home)
        if not exists:
            self._create_cluster()

    def _make_home(self) -> None:
        """The folder and those above it that are missing: open to pass through, whatever the umask says."""
        for folder in [*reversed(self.home.parents), self.home]:
            if not folder.exists():
                folder.mkdir()
                folder.chmod(0o755)

    def _private(self, folder: Path) -> None:
        """A folder that only the servers' account can enter."""
        folder.mkdir(mode=0o700, exist_ok=True)
        entry = unprivileged.account()
        owner = entry.pw_uid if entry else os.geteuid()
        state = folder.lstat()
        if stat.S_ISLNK(state.st_mode) or state.st_uid not in {owner, os.geteuid()}:
            raise CannotStart(f"{folder} belongs to somebody else; remove it, or set DATA_DIR to another folder.")
        if entry and state.st_uid != owner:
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        folder.chmod(0o700)

    def _create_cluster(self) -> None:
        data = self.home / "pgdata"
        for leftover in data.iterdir():  # an initdb that was cut off
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        command: list[str | Path] = [
            self.postgres / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ]
        # The same sort order and case rules on every machine, whatever its C library.
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        with self.log.open("ab") as log:
            child = spawn(command, env=self._env, cwd=self.home, log=log, unprivileged_user=True)
            if child.wait():
                raise CannotStart(f"PostgreSQL could not be set up.\n{self.last_words()}")

    def start_postgres(self) -> "subprocess.Popen[bytes]":
        settings = POSTGRES_SETTINGS | {"unix_socket_directories": str(self.run)} | ({} if self.durable else FORGETFUL)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        # SIGINT is PostgreSQL's fast shutdown: it breaks off what runs and closes its files properly.
        command: list[str | Path] = [self.postgres / "postgres", "-D", self.home / "pgdata", *options]
        return self._spawn(command, death_signal=signal.SIGINT)

    def start_valkey(self) -> "subprocess.Popen[bytes]":
        self.run.joinpath("valkey.sock").unlink(missing_ok=True)
        options = {"port": "0", "unixsocket": str(self.run / "valkey.sock"), "unixsocketperm": "700"}
        options |= {"dir": str(self.home / "valkey"), "save": "", "maxmemory-policy": "noeviction"}
        options |= {"appendonly": "yes" if self.durable else "no"}
        flat = [part for name, value in options.items() for part in (f"--{name}", value)]
        return self._spawn([self.valkey, *flat], death_signal=signal.SIGTERM)

    def _spawn(self, command: list[str | Path], *, death_signal: int) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return spawn(
                command, env=self._env, cwd=self.home, log=log, unprivileged_user=True, death_signal=death_signal
            )

    def postgres_ready(self) -> bool:
        """Whether connections are accepted. The pid says nothing: a dead server may linger as a zombie."""
        command: list[str | Path] = [self.postgres / "pg_isready", "-q", "-h", self.run, "-U", "postgres"]
        return subprocess.run(command, env=self._env, check=False).returncode == 0

    def valkey_ready(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(self.run / "valkey.sock"))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        return False

    def wait_ready(self, children: Mapping[str, "subprocess.Popen[bytes]"], *, seconds: float = 60) -> None:
        """Wait until both answer and the database exists."""
        end = time.monotonic() + seconds
        while not (self.postgres_ready() and self.valkey_ready()):
            for name, child in children.items():
                if child.poll() is not None:
                    raise CannotStart(f"{name} stopped while starting.\n{self.last_words()}")
            if time.monotonic() > end:
                raise CannotStart(f"PostgreSQL or Valkey did not start in {seconds:.0f} s.\n{self.last_words()}")
            time.sleep(0.03)
        self._create_database()

    def _psql(self, statement: str) -> str:
        command: list[str | Path] = [
            self.postgres / "psql",
            "-X",
            "-h",
            self.run,
            "-U",
            "postgres",
            "-d",
            "postgres",
            "-Atc",
            statement,
        ]
        return subprocess.run(command, env=self._env, check=True, capture_output=True, text=True).stdout.strip()

    def _create_database(self) -> None:
        if not self._psql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):  # noqa: S608  a constant
            self._psql(f"CREATE DATABASE {DATABASE}")

    def last_words(self, lines: int = 8) -> str:
        """The end of the servers' log, for the message of a failed start."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(["Last lines of " + str(self.log) + ":", *text.splitlines()[-lines:]])
