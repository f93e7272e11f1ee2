"""The real product, started by its own command from a copy of this checkout, and an installed browser."""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.config.checkout import Running, free_offset
from tests.flows.steps import troubles

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
LEFT_OUT = ("var", ".venv", ".git", "tests", "*.pyc", "__pycache__", ".*_cache", ".hypothesis")
STUMBLES = re.compile(r"\b(error|exception|traceback|critical|killed)\b", re.IGNORECASE)
START_SECONDS = 300  # a bare machine needs half a minute, a busy one more


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails tells what its pages met and where the product stumbled: both are gone when it is looked at."""
    report = yield
    if report.failed and isinstance(product := getattr(item, "funcargs", {}).get("product"), dict):
        report.sections.append(("What the pages met, of late", "\n".join(troubles)))
        for log in sorted(Path(product["folder"], "var", "log").glob("*.log")):
            lines = [line for line in log.read_text(errors="replace").splitlines() if STUMBLES.search(line)]
            if lines:
                report.sections.append((f"Where {log.name} stumbles", "\n".join(lines[-20:])))
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is; without one these tests are skipped."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium is installed; Debian: apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def product() -> Iterator[dict[str, Any]]:
    """What ``var/started.json`` says of a product that runs, demo included, and the ``folder`` it runs in."""
    base = Path(tempfile.mkdtemp(prefix="balie-flow-"))
    base.chmod(0o755)
    folder = base / "checkout"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    (folder / ".venv").symlink_to(sys.prefix)
    running = Running(folder, "--port-offset", str(free_offset()))
    try:
        yield running.wait_until_up(seconds=START_SECONDS) | {"folder": str(folder)}
    finally:
        if running.process.poll() is None:
            running.stop()
        shutil.rmtree(base)


@pytest.fixture(scope="module")
def browser(chromium: str, product: dict[str, Any]) -> Iterator[Browser]:
    arguments = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # a microphone that beeps
    arguments += ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield opened
        opened.close()
