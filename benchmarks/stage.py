"""What every benchmark of the database stands on: servers of its own and the product, set up.

Importing this module starts them, because models can be imported only afterwards; they stop with the process. The
servers do not wait for the disk, for the product and for the baseline alike.
"""

import atexit
import os
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack

import django
from django.core.management import call_command

from config.services.private_run import private_services

_servers = ExitStack()
os.environ.update(_servers.enter_context(private_services()))
os.environ.update(
    DJANGO_SETTINGS_MODULE="config.settings",
    LOG_LEVEL="ERROR",
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
)
django.setup()
call_command("setup_database", verbosity=0)


@atexit.register
def stop() -> None:
    django.db.connections.close_all()
    _servers.close()


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
