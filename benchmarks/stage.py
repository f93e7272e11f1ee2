"""What every benchmark of the database stands on: servers of its own and the product, set up.

Importing this module starts them, because models can be imported only afterwards; they stop with the process. The
servers do not wait for the disk, for the product and for the baseline alike.
"""

import atexit
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import django
from django.core.management import call_command

from config.services import health
from config.services.private_run import private_services

_servers = ExitStack()
os.environ.update(_servers.enter_context(private_services()))
os.environ.update(
    DJANGO_SETTINGS_MODULE="config.settings",
    LOG_LEVEL="ERROR",
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
)
os.environ.setdefault("STATIC_ROOT", str(Path(os.environ["MEDIA_ROOT"]).with_name("static")))
Path(os.environ["STATIC_ROOT"]).mkdir(exist_ok=True)
django.setup()
call_command("setup_database", verbosity=0)


@atexit.register
def stop() -> None:
    django.db.connections.close_all()
    _servers.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(*command: str, port: int) -> Iterator[int]:
    """A process of the product that answers its health address on this port; gives its pid."""
    child = subprocess.Popen([sys.executable, "-m", *command])
    try:
        _until_healthy(child, port)
        yield child.pid
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextmanager
def live_process() -> Iterator[tuple[int, int]]:
    """The event stream as the Procfile runs it; gives pid and port."""
    port = free_port()
    flags = ("--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning")
    with process("uvicorn", *flags, "config.live:application", port=port) as pid:
        yield pid, port


@contextmanager
def web_process(*, workers: int = 2, threads: int = 4) -> Iterator[tuple[int, int]]:
    """The web server as the Procfile runs it; gives pid and port."""
    port = free_port()
    flags = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    flags += ["--blocking-threads", str(threads), "--http", "1", "--no-ws", "--log-level", "warning"]
    with process("granian", *flags, "config.wsgi:application", port=port) as pid:
        yield pid, port


def _until_healthy(child: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(600):
        if child.poll() is not None:
            raise SystemExit("a process stopped while starting")
        if health.answers("127.0.0.1", port):
            return
        time.sleep(0.05)
    raise SystemExit("a process did not start")


def pss_mb(pid: int) -> float:
    """Memory that counts for this process and its children: what is shared is divided by who shares it."""
    total = 0
    for one in (pid, *_children(pid)):
        with suppress(OSError):
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def percentile(values: list[float], percent: float) -> float:
    """The value below which this part of them lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]


def seconds(action: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def compare(what: str, *, ours: list[float], baseline: list[float], of: str) -> None:
    """Print both medians, in milliseconds, and how many times quicker ours is."""
    mine, other = statistics.median(ours), statistics.median(baseline)
    print(f"{what}")
    print(f"  Balie      {mine * 1000:9.1f} ms   (median of {len(ours)}, worst {max(ours) * 1000:.1f} ms)")
    print(f"  baseline   {other * 1000:9.1f} ms   (median of {len(baseline)}; {of})")
    print(f"  ratio      {other / mine:9.1f} times as quick")
