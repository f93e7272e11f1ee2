"""``python -m config.services run``: a command on servers of its own, which are gone with it."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.config.checkout import ROOT, SECONDS, command_lines, eventually

ASK = (
    "import os, psycopg, redis; psycopg.connect(os.environ['DATABASE_URL']); "
    "redis.from_url(os.environ['REDIS_URL']).ping()"
)


def run(*command: str, **environment: str) -> "subprocess.Popen[str]":
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "config.services", "run", *command],
        cwd=ROOT,
        env=inherited | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def folder_of(url: str) -> Path:
    found = re.search(r"host=(\S+)/run", url)
    assert found
    return Path(found[1])


def test_the_command_has_servers_of_its_own_which_are_gone_afterwards() -> None:
    process = run("--", sys.executable, "-c", f"{ASK}; print(os.environ['DATABASE_URL']); raise SystemExit(7)")
    output, _ = process.communicate(timeout=SECONDS)

    assert process.returncode == 7
    folder = folder_of(output)
    assert not folder.exists()
    assert not [line for line in command_lines() if str(folder) in line]


def test_a_command_that_does_not_exist_is_named() -> None:
    process = run("--", "no-such-command")
    output, _ = process.communicate(timeout=SECONDS)

    assert process.returncode == 127
    assert "cannot run no-such-command" in output


def test_servers_of_your_own_are_left_as_they_are() -> None:
    servers = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    process = run(
        "--",
        sys.executable,
        "-c",
        "import os; print(os.environ['DATABASE_URL'], len(os.environ['SECRET_KEY']))",
        **servers,
    )
    output, _ = process.communicate(timeout=SECONDS)

    assert output.startswith(servers["DATABASE_URL"] + " ")
    assert process.returncode == 0


def test_a_killed_run_leaves_no_server_and_the_next_one_removes_its_folder() -> None:
    process = run(
        "--", sys.executable, "-c", "import os, time; print(os.environ['DATABASE_URL'], flush=True); time.sleep(600)"
    )
    assert process.stdout is not None
    folder = folder_of(process.stdout.readline())

    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=SECONDS)

    eventually(lambda: not [line for line in command_lines() if str(folder) in line], what="servers gone")
    assert folder.parent == Path(tempfile.gettempdir())
    run("--", "true").communicate(timeout=SECONDS)
    assert not folder.exists()
