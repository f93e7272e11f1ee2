"""Starts child processes that never outlive us.

Each child leads a session of its own, so that Ctrl-C in the terminal reaches only us and we decide who stops first.
On Linux the kernel signals each child when we die, even by kill -9, and hands us the children of a child that died.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from config.services import unprivileged

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose own parent dies, so that they can be found and ended."""
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _before_exec(death_signal: int, parent: int) -> Callable[[], None]:
    """Runs in the child after it gave up root, because changing the user clears the death signal."""

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
            if os.getppid() != parent:  # the parent died between fork and here: no signal will come
                os._exit(1)

    return prepare


def spawn(
    command: Sequence[str | Path],
    *,
    death_signal: int = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    log: IO[bytes] | int | None = None,
    unprivileged_user: bool = False,
    own_session: bool = True,
) -> "subprocess.Popen[bytes]":
    """Start a child that gets ``death_signal`` when we are gone. Call it from the main thread only.

    The kernel ties the death signal to the thread that forked, not to the process.
    """
    extra: dict[str, Any] = unprivileged.popen_user() if unprivileged_user else {}
    return subprocess.Popen(
        [str(part) for part in command],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL if own_session else None,
        stdout=log,
        stderr=subprocess.STDOUT if log is not None else None,
        start_new_session=own_session,
        preexec_fn=_before_exec(death_signal, os.getpid()),
        **extra,
    )
