"""Where one checkout keeps what it makes: ``var/`` for everything but the data of the embedded servers."""

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path
from typing import IO

from config.services import unprivileged
from config.services.embedded import MAX_SOCKET_PATH
from config.services.errors import CannotStart

SYSTEM_DATA = Path("/var/lib/balie")  # for a checkout in a private folder, when the servers' account cannot enter it
LEAVING_SECONDS = 45.0


class Layout:
    """The folders and files of one checkout."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        self.var = self.root / "var"
        self.keys = self.var / "keys.json"
        self.started = self.var / "started.json"
        self.demo = self.var / "demo.json"
        self.world = self.var / "simulator.json"
        self.logs = self.var / "log"
        self.beats = self.var / "run"
        self.media = Path(os.environ.get("MEDIA_ROOT") or self.var / "media")
        self.static = Path(os.environ.get("STATIC_ROOT") or self.var / "static")
        self.data = self._data()
        self.sockets = self._sockets()

    def _data(self) -> Path:
        chosen = os.environ.get("DATA_DIR", "").strip()
        if chosen:
            return Path(chosen).absolute()
        inside = self.var / "data"
        if unprivileged.account() and not unprivileged.reachable(self.root / "x"):
            return SYSTEM_DATA / self.name
        return inside

    def _sockets(self) -> Path:
        """Next to the data, or in the system's temporary folder when that path is too long for a socket."""
        beside = self.data / "run"
        if len(os.fsencode(beside / ".s.PGSQL.5432.lock")) <= MAX_SOCKET_PATH:
            return beside
        return Path(tempfile.gettempdir()) / f"balie-{os.geteuid()}-{self.name}"

    def make(self) -> None:
        """Create the folders. Raises CannotStart where one cannot be written."""
        for folder in (self.var, self.logs, self.beats):
            try:
                if not folder.exists():
                    folder.mkdir()
                    folder.chmod(0o755)
                probe = folder / ".writable"
                probe.touch()
                probe.unlink()
            except OSError as error:
                raise CannotStart(
                    f"the folder {folder} cannot be written ({error.strerror}). Give yourself the right to write "
                    "there, or use a checkout of your own."
                ) from error
        for private in (self.logs, self.media, self.var / "mail", self.var / "simulator"):
            private.mkdir(parents=True, exist_ok=True)
            private.chmod(stat.S_IRWXU)

    def lock(self) -> IO[str]:
        """Take the checkout's lock, which lasts as long as the file is open here or in the guardian."""
        path = self.var / "lock"
        file = path.open("a+")
        end = time.monotonic() + LEAVING_SECONDS
        told = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                file.seek(0)
                holder = file.read().strip()
                if holder.isdigit() and _runs(int(holder)):
                    raise CannotStart(
                        f"this checkout is running already (process {holder}); its addresses are in {self.started}. "
                        f"Stop it with Ctrl-C in its terminal or with: kill {holder}"
                    ) from None
                if time.monotonic() > end:
                    raise CannotStart(f"what is left of the last start does not leave; see who uses {path}.") from None
                if not told:
                    print("  Waiting for what is left of the last start to leave", flush=True)
                    told = True
                time.sleep(0.2)
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        return file

    def forget_everything(self) -> None:
        """Start over: remove the data, the files and the keys, but not the lock, the logs and the environment."""
        for path in (self.data, self.media, self.beats, self.static, self.var / "mail", self.var / "simulator"):
            if path.exists():
                shutil.rmtree(path)
        for path in (self.keys, self.started, self.demo, self.world):
            path.unlink(missing_ok=True)
        self.make()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True
