"""Real workers as processes of their own, to be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

from config.services.embedded import Embedded

ROOT = Path(__file__).resolve().parents[3]


class Process:
    """A process of the product on the test's database; ``kill`` ends it as a power cut would."""

    def __init__(self, *command: str, log: Path, redis_url: str) -> None:
        environment = os.environ | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url,
            "INSTALLATION": settings.INSTALLATION,
            "MEDIA_ROOT": settings.MEDIA_ROOT,
        }
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=environment, stdout=out, stderr=out
            )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(60)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


class Plant:
    """Workers and a scheduler with a Valkey of their own, which can be stopped as well."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._embedded = Embedded(folder / "services")
        self._embedded.prepare()
        self.redis_url = self._embedded.redis_url
        self._processes: list[Process] = []
        self.start_valkey()

    def start_valkey(self) -> None:
        self._valkey = self._embedded.start_valkey()
        until(self._embedded.valkey_ready, seconds=60, what="Valkey does not answer")

    def stop_valkey(self) -> None:
        self._valkey.kill()
        self._valkey.wait(60)

    def worker(self, name: str = "one") -> Process:
        """An outbound worker that also sweeps when the scheduler says so."""
        options = ["-Q", "outbound,inbound", "-n", f"{name}@test", "--pool", "threads", "-c", "8"]
        options += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        return self._run("-m", "celery", "-A", "config", "worker", *options, log=name)

    def scheduler(self) -> Process:
        return self._run("-m", "celery", "-A", "config", "beat", "--loglevel", "WARNING", log="beat")

    def _run(self, *command: str, log: str) -> Process:
        process = Process(*command, log=self._folder / f"{log}.log", redis_url=self.redis_url)
        self._processes.append(process)
        return process

    def close(self) -> None:
        for process in self._processes:
            process.stop()
        self.stop_valkey()

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in sorted(self._folder.glob("*.log")))


def database_url() -> str:
    """The test's own database as the environment names it."""
    parts = conninfo_to_dict(settings.DATABASE_URL)
    who = quote(str(parts.get("user", "")), safe="")
    if parts.get("password"):
        who += ":" + quote(str(parts["password"]), safe="")
    place = urlencode({name: parts[name] for name in ("host", "port") if parts.get(name)})
    return f"postgresql://{who}@/{parts['dbname']}?{place}"


def until(condition: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """Wait for something that another process brings about."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"after {seconds} s: {what}")
