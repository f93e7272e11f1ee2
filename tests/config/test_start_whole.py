"""The start command with the real processes and the real demo, in a copy of the working tree."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.config import checkout
from tests.config.checkout import NEEDS_PROC, ROOT, Running, eventually

pytestmark = [pytest.mark.fault, NEEDS_PROC]


@pytest.fixture
def folder() -> Iterator[Path]:
    """What a clone of this state would hold."""
    base = Path(tempfile.mkdtemp(prefix="balie-test-"))
    base.chmod(0o755)
    copy = base / "checkout"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and name != ".env":
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    (copy / ".venv").unlink(missing_ok=True)
    (copy / ".venv").symlink_to(sys.prefix)
    yield copy
    shutil.rmtree(base)


def companies(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM tenants_clientcompany").fetchone()
    assert row is not None
    return int(row[0])


def test_the_whole_product_starts_survives_kills_stops_and_starts_again(folder: Path) -> None:
    offset = str(checkout.free_offset())
    first = Running(folder, "--port-offset", offset)
    try:
        facts = first.wait_until_up(seconds=300)
        company_addresses = [url for name, url in facts["addresses"].items() if ".localhost" in url]
        assert len(company_addresses) == companies(facts["DATABASE_URL"]) >= 3
        assert facts["sign_ins"]
        assert [
            checkout.status(f"{url}accounts/login/") for url in [facts["addresses"]["Agency"], *company_addresses]
        ] == [200] * 4

        for name in ("web", "worker-default", "postgresql"):
            os.kill(facts["pids"][name], signal.SIGKILL)
        eventually(
            lambda: all(
                first.facts()["pids"].get(name, 0) not in {0, old}
                for name, old in facts["pids"].items()
                if name in {"web", "worker-default", "postgresql"}
            ),
            what="new processes for the killed ones",
        )
        eventually(lambda: checkout.answers(8000 + int(offset), path="/readyz"), what="web works again")
        assert first.stop() == 0
        assert first.left() == []
    finally:
        if first.process.poll() is None:
            first.stop()

    again = Running(folder, "--port-offset", offset)
    try:
        assert companies(again.wait_until_up(seconds=300)["DATABASE_URL"]) == len(company_addresses)
    finally:
        again.stop(signal.SIGINT)
    assert again.left() == []
