"""Wakes drains from a thread of its own, so that no POST waits for Valkey and a flood knocks a hundred times a second.

A hint that is lost with its process costs nothing but time: the work index keeps the mark, the sweep finds it.
"""

import logging
import threading
import time
from collections.abc import Iterable

from tenants import wake, work

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.01

_schemas: set[str] = set()
_lock = threading.Lock()
_knock = threading.Event()
_thread: threading.Thread | None = None


def soon(schema_names: Iterable[str]) -> None:
    """Wake the drains of these companies' journals within a hundredth of a second."""
    global _thread
    with _lock:
        _schemas.update(schema_names)
        if _thread is None or not _thread.is_alive():  # the first time, and in a process that was forked off
            _thread = threading.Thread(target=_work, name="waking", daemon=True)
            _thread.start()
    if not _knock.is_set():
        _knock.set()


def _work() -> None:
    while True:
        _knock.wait()
        _knock.clear()
        with _lock:
            schema_names = list(_schemas)
            _schemas.clear()
        for schema_name in schema_names:
            try:
                wake.worker(schema_name, work.Kind.INBOUND)
            except Exception as error:  # whatever it is: this thread has to be there for the next hint
                logger.warning("a drain was not woken (%s); the sweep finds its mark", type(error).__name__)
        time.sleep(PAUSE_SECONDS)
