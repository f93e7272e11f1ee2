"""Runs one command against PostgreSQL and Valkey of its own, in a temporary folder that is gone afterwards."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from config.services import unprivileged
from config.services.children import spawn
from config.services.embedded import Embedded
from config.services.keys import fresh_keys

PREFIX = "balie-run-"
STOP_SECONDS = 30


def _base() -> Path:
    """The usual place for temporary folders, unless its path is long (sockets) or closed to the servers' account."""
    usual = Path(tempfile.gettempdir())
    if len(str(usual)) > 40 or (unprivileged.account() and not unprivileged.reachable(usual / "x")):
        return Path("/tmp")  # noqa: S108  mkdtemp below makes an unguessable 0700 folder in it
    return usual


def _sweep(base: Path) -> None:
    """Remove folders whose run was killed; a living run holds the lock of its own."""
    for folder in base.glob(PREFIX + "*"):
        with contextlib.suppress(OSError), (folder / "lock").open("r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def _claimed_folder(base: Path) -> tuple[Path, IO[bytes]]:
    """A new folder and the lock that says it is in use."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
        lock = (folder / "lock").open("wb")
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "lock").exists():
            return folder, lock
        lock.close()  # another run swept it away before the lock was ours


@contextlib.contextmanager
def _temporary_folder() -> Iterator[Path]:
    base = _base()
    _sweep(base)
    folder, lock = _claimed_folder(base)
    with lock:
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def private_services(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """Starts both servers, durable only when asked for (benchmarks); gives the environment that points at them."""
    with _temporary_folder() as folder:
        embedded = Embedded(folder, durable=durable)
        embedded.prepare()
        children = {"PostgreSQL": embedded.start_postgres(), "Valkey": embedded.start_valkey()}
        try:
            embedded.wait_ready(children)
            addresses = {"DATABASE_URL": embedded.database_url, "REDIS_URL": embedded.redis_url}
            yield addresses | fresh_keys() | {"MEDIA_ROOT": str(folder / "media")}
        finally:
            children["PostgreSQL"].send_signal(signal.SIGINT)
            children["Valkey"].send_signal(signal.SIGTERM)
            for child in children.values():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(STOP_SECONDS)
                if child.poll() is None:
                    child.kill()
                    child.wait()


def run(command: Sequence[str], *, durable: bool = False) -> int:
    """Run the command and return its exit code; the databases stop only after it has left."""
    with _real_or_private_services(durable=durable) as environment:
        try:
            child = spawn(command, env=os.environ | environment, own_session=False)
        except OSError as error:
            print(f"balie: cannot run {command[0]}: {error.strerror}")
            return 127

        def pass_on(number: int, _frame: object) -> None:
            if number != signal.SIGINT:  # the terminal gave Ctrl-C to the command as well
                child.send_signal(number)

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, pass_on)
        code = child.wait()
        return code if code >= 0 else 128 - code


@contextlib.contextmanager
def _real_or_private_services(*, durable: bool) -> Iterator[dict[str, str]]:
    """Servers named in the environment are used as they are; then only missing keys are added."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield {name: value for name, value in fresh_keys().items() if not os.environ.get(name)}
        return
    with private_services(durable=durable) as environment:
        yield environment
