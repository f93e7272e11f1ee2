"""A checkout with stand-ins, started by the real command and always ended again."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.config import checkout
from tests.config.checkout import Running

Start = Callable[..., Running]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Outside pytest's own folders, which nobody else may enter."""
    base = Path(tempfile.mkdtemp(prefix="balie-test-"))
    base.chmod(0o755)
    yield checkout.make(base / "checkout")
    shutil.rmtree(base)


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Starts the checkout; whatever the test leaves running is killed."""
    begun: list[Running] = []

    def begin(*arguments: str, **environment: str) -> Running:
        begun.append(Running(folder, *arguments, **environment))
        return begun[-1]

    yield begin
    for running in begun:
        if running.process.poll() is None:
            running.stop()


@pytest.fixture
def offset() -> str:
    return str(checkout.free_offset())
