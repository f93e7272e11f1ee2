"""Real workers as processes of their own, to be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

ROOT = Path(__file__).resolve().parents[3]


class Worker:
    """One outbound worker on the test's database; ``kill`` ends it as a power cut would."""

    def __init__(self, log: Path, *, name: str = "outbound", redis_url: str | None = None) -> None:
        environment = os.environ | {
            "DATABASE_URL": settings.DATABASE_URL,
            "REDIS_URL": redis_url or settings.REDIS_URL,
            "INSTALLATION": settings.INSTALLATION,
            "MEDIA_ROOT": settings.MEDIA_ROOT,
            "ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS),
            "SECRET_KEY": settings.SECRET_KEY,
            "LIVE_KEY": settings.LIVE_KEY,
        }
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "-Q",
            "outbound,inbound",
            "-n",
            f"{name}@t",
        ]
        command += ["--pool", "threads", "-c", "8", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


def until(condition: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """Wait for something that another process brings about."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"after {seconds} s: {what}")
