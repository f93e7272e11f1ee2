"""A small process beside the supervisor that cleans up if the supervisor itself is killed.

The supervisor tells it through a pipe what runs. When the pipe ends, the supervisor is gone: the guardian waits for
what is still there to leave, wave by wave, and kills what does not. It holds the checkout's lock meanwhile, so that the
next start waits until the last one has really gone.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

GRACE = 10.0  # seconds for a wave after the supervisor's death


class Guardian:
    """The supervisor's end of the pipe."""

    def __init__(self, *, lock: int) -> None:
        self._lock = lock
        self._watched: dict[int, tuple[int, int]] = {}
        self._start()

    def _start(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-S", "-I", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[self._lock],
        )
        for pid, (number, wave) in self._watched.items():
            self._tell(f"+ {pid} {number} {wave}")

    @property
    def pid(self) -> int:
        return self._child.pid

    def keep_alive(self) -> None:
        if self._child.poll() is not None:
            self._start()

    def watch(self, pid: int, stop_signal: int, wave: int) -> None:
        self._watched[pid] = (int(stop_signal), wave)
        self._tell(f"+ {pid} {int(stop_signal)} {wave}")

    def forget(self, pid: int) -> None:
        if self._watched.pop(pid, None):
            self._tell(f"- {pid} 0 0")

    def dismiss(self) -> None:
        """Everything has been stopped in good order: let it go."""
        assert self._child.stdin is not None  # noqa: S101  for the type checker
        with contextlib.suppress(OSError):
            self._child.stdin.close()
        self._child.wait()

    def _tell(self, line: str) -> None:
        assert self._child.stdin is not None  # noqa: S101  for the type checker
        with contextlib.suppress(OSError):
            self._child.stdin.write(line.encode() + b"\n")
            self._child.stdin.flush()


def living(group: int) -> bool:
    """Whether anything but a zombie is left of the process group."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    states = list(_states(group))
    return any(state != "Z" for state in states) if states else True


def _states(group: int) -> Iterator[str]:
    """The state letter of every process of a group; nothing where there is no /proc."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if its_group == str(group):
                yield state


def leader_lives(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def end(number: int, groups: Iterable[int], *, whole: bool) -> None:
    for pid in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, number) if whole else os.kill(pid, number)


def clean_up(watched: dict[int, tuple[int, int]]) -> None:
    """Wait until each wave has left, and kill what is left of it.

    On Linux the kernel has sent each its stop signal already, and a second one would mean "at once" to some.
    """
    for wave in sorted({wave for _, wave in watched.values()}):
        groups = {pid: number for pid, (number, its_wave) in watched.items() if its_wave == wave}
        if sys.platform != "linux":
            for pid, number in groups.items():
                end(number, [pid], whole=False)
        until = time.monotonic() + GRACE
        while (left := [pid for pid in groups if living(pid)]) and time.monotonic() < until:
            if sys.platform == "linux":
                end(signal.SIGKILL, [pid for pid in left if not leader_lives(pid)], whole=True)
            time.sleep(0.1)
        end(signal.SIGKILL, left, whole=True)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watched: dict[int, tuple[int, int]] = {}
    for line in sys.stdin:
        sign, pid, stop_signal, wave = line.split()
        if sign == "+":
            watched[int(pid)] = (int(stop_signal), int(wave))
        else:
            watched.pop(int(pid), None)
    clean_up(watched)


if __name__ == "__main__":
    main()
