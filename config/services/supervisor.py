"""Keeps child processes alive, and stops them in waves: what uses the databases first, the databases last."""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config.services import children
from config.services.guardian import Guardian

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between an unexpected end and the next start
STEADY = 30.0  # seconds after which an end counts as the first one again
ORPHAN_SECONDS = 5.0
TICK = 0.5


@dataclass
class Managed:
    """One process that should always run.

    wave    processes of a lower wave are stopped, and have left, before the next wave is
    grace   seconds from asking it to stop to killing it
    alone   must not start again while children of the one before it are alive
    """

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    wave: int = 0
    stop_signal: int = signal.SIGTERM
    grace: float = 25.0
    alone: bool = False
    child: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    failures: int = 0
    restart_at: float | None = field(default=None)


class Stopped(Exception):
    """Somebody asked us to stop while we were waiting for something else."""


class Supervisor:
    """One thread, one loop: reaps, restarts with growing pauses, and stops."""

    def __init__(self, *, say: Callable[[str], None], guardian: Guardian, changed: Callable[[], None]) -> None:
        self.say = say
        self.guardian = guardian
        self.changed = changed
        self.managed: dict[str, Managed] = {}
        self.asked = 0  # how often somebody asked us to stop
        self._orphans: dict[int, float] = {}
        self._steps: dict[str, subprocess.Popen[bytes]] = {}
        children.adopt_orphans()
        self._listen()

    # --- Signals ---------------------------------------------------------------------------------------------------
    def _listen(self) -> None:
        self._wake, write_end = os.pipe()
        for end in (self._wake, write_end):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)  # only to wake the loop

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1

    def _pause(self, seconds: float) -> None:
        select.select([self._wake], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake, 512)

    # --- Starting --------------------------------------------------------------------------------------------------
    def add(self, managed: Managed) -> None:
        """Start a process and keep it running from now on."""
        self.managed[managed.name] = managed
        self._start(managed)

    def _start(self, managed: Managed) -> None:
        try:
            managed.child = managed.start()
        except OSError as error:
            self._again_later(managed, reason=error.strerror or str(error))
            return
        managed.started_at, managed.restart_at = time.monotonic(), None
        self.guardian.watch(managed.child.pid, managed.stop_signal, managed.wave)
        self.changed()

    def finish(self, starts: Mapping[str, Callable[[], "subprocess.Popen[bytes]"]]) -> dict[str, int]:
        """Run children side by side to their ends; their exit codes. Raises Stopped when somebody asks us to stop."""
        for name, start in starts.items():
            self._steps[name] = child = start()
            self.guardian.watch(child.pid, signal.SIGTERM, 0)
        try:
            self.wait_until(lambda: all(child.poll() is not None for child in self._steps.values()), pause=0.5)
            return {name: child.returncode for name, child in self._steps.items()}
        finally:
            for child in self._steps.values():
                self._end_now(child, number=signal.SIGTERM, grace=10)
            self._steps.clear()

    # --- Watching --------------------------------------------------------------------------------------------------
    def wait_until(self, condition: Callable[[], bool], *, seconds: float | None = None, pause: float = 0.1) -> bool:
        """Wait while keeping everything running. Returns whether it came true in time; raises Stopped."""
        end = None if seconds is None else time.monotonic() + seconds
        while not condition():
            if self.asked:
                raise Stopped
            if end is not None and time.monotonic() > end:
                return False
            self._tick()
            self._pause(pause)
        return True

    def watch(self) -> None:
        """Keep everything running until somebody asks us to stop."""
        with contextlib.suppress(Stopped):
            self.wait_until(lambda: False, pause=TICK)

    def _tick(self) -> None:
        self._bury_orphans()
        self.guardian.keep_alive()
        for managed in self.managed.values():
            if managed.child is not None and managed.child.poll() is not None:
                self._ended(managed, managed.child)
            if managed.restart_at is not None and time.monotonic() >= managed.restart_at:
                if managed.alone and self._orphans:
                    continue
                self._start(managed)

    def _ended(self, managed: Managed, child: "subprocess.Popen[bytes]") -> None:
        self._end_group(child)
        self.guardian.forget(child.pid)
        if time.monotonic() - managed.started_at > STEADY:
            managed.failures = 0
        self._again_later(managed, reason=how_it_ended(child.returncode))

    def _again_later(self, managed: Managed, *, reason: str) -> None:
        wait = min(LONGEST_PAUSE, FIRST_PAUSE * 2**managed.failures)
        managed.failures += 1
        managed.child, managed.restart_at = None, time.monotonic() + wait
        self.say(f"{managed.name} ended ({reason}); starting it again in {wait:g} s")

    def _bury_orphans(self) -> None:
        """Reap grandchildren that the kernel gave us; what does not leave by itself is killed after a while."""
        mine = {managed.child.pid for managed in self.managed.values() if managed.child is not None}
        mine |= {self.guardian.pid} | {child.pid for child in self._steps.values()}
        found: dict[int, float] = {}
        for pid in own_children() - mine:
            seen = self._orphans.get(pid, time.monotonic())
            with contextlib.suppress(OSError):
                if os.waitpid(pid, os.WNOHANG) != (0, 0):
                    continue
                if time.monotonic() - seen > ORPHAN_SECONDS:
                    os.kill(pid, signal.SIGKILL)
            found[pid] = seen
        self._orphans = found

    # --- Stopping --------------------------------------------------------------------------------------------------
    def stop(self) -> None:
        """Stop everything in waves. Being asked once more kills what still finishes its work, except databases."""
        patience = self.asked
        for wave in sorted({managed.wave for managed in self.managed.values()}):
            members = [managed for managed in self.managed.values() if managed.wave == wave]
            for managed in members:
                managed.restart_at = None
                if managed.child is not None and managed.child.poll() is None:
                    managed.child.send_signal(managed.stop_signal)
            end = time.monotonic() + max((managed.grace for managed in members), default=0)
            while any(managed.child is not None and managed.child.poll() is None for managed in members):
                impatient = self.asked > max(patience, 1) and wave == 0
                if impatient or time.monotonic() > end:
                    break
                self._bury_orphans()
                self._pause(0.1)
            for managed in members:
                if managed.child is not None:
                    self._end_now(managed.child, number=signal.SIGKILL, grace=5)
        end = time.monotonic() + ORPHAN_SECONDS + 2
        self._bury_orphans()
        while self._orphans and time.monotonic() < end:
            self._pause(0.1)
            self._bury_orphans()

    def _end_now(self, child: "subprocess.Popen[bytes]", *, number: int, grace: float) -> None:
        if child.poll() is None:
            child.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(grace)
        self._end_group(child)
        child.wait()
        self.guardian.forget(child.pid)

    def _end_group(self, child: "subprocess.Popen[bytes]") -> None:
        """Kill what a process that leads its own group left behind (worker processes of a server, a shell's jobs)."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)


def own_children() -> set[int]:
    """The pids of our children, adopted ones included; empty where the system does not tell."""
    pids: set[int] = set()
    with contextlib.suppress(OSError):
        for listing in Path("/proc/self/task").glob("*/children"):
            pids |= {int(pid) for pid in listing.read_text().split()}
    return pids


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-code).name}"
    return f"signal {-code}"
