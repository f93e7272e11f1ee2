"""Workers and the scheduler touch a file while they do their work, so that a supervisor or a probe can see it.

The file is named by ``HEARTBEAT_FILE``; without it nothing is written. A ping through the broker would cost a process
start each time.
"""

import os
from pathlib import Path
from typing import Any

from celery import Celery, bootsteps

INTERVAL = 5.0  # seconds


def touch() -> None:
    """Say that this process lives."""
    if path := os.environ.get("HEARTBEAT_FILE"):
        Path(path).touch()


class Heartbeat(bootsteps.StartStopStep):
    """Touches the file every few seconds while the worker consumes its queues."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self._entry: Any = None

    def start(self, parent: Any) -> None:
        touch()
        self._entry = parent.timer.call_repeatedly(INTERVAL, touch, priority=10)

    def stop(self, parent: Any) -> None:
        if self._entry is not None:
            self._entry.cancel()


def install(app: Celery) -> None:
    """Give every worker of the application this step."""
    app.steps["consumer"].add(Heartbeat)
