"""A small checkout in a folder of its own: the real start command, with stand-ins for what it starts."""

import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 180.0  # for anything that should happen; a loaded machine is slow

NEEDS_PROC = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for what is left running in /proc")

PROCFILE = """\
# Stand-ins for the real processes.
web: python standin.py listen ${WEB_PORT:-1}
live: python standin.py listen $LIVE_PORT
worker-default: python standin.py work
simulator: python standin.py listen $SIMULATOR_PORT
"""

STAND_IN = '''\
"""Answers its health address or touches its heartbeat, has a child of its own, and notes when it is told to stop."""

import http.server, os, signal, subprocess, sys, time
from pathlib import Path

import psycopg


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


def note(number, frame):
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        connection.execute("CREATE TABLE IF NOT EXISTS farewells (name text)")
        connection.execute("INSERT INTO farewells VALUES (%s)", [" ".join(sys.argv[1:])])
    os._exit(0)


signal.signal(signal.SIGTERM, note)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
if sys.argv[1] == "listen":
    http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Health).serve_forever()
while True:
    Path(os.environ["HEARTBEAT_FILE"]).touch()
    time.sleep(0.5)
'''

MANAGE = '''\
"""Stands in for Django's commands: leaves a row for each call, and a demo with one sign-in."""

import json, os, sys
import psycopg

with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
    connection.execute("SELECT pg_advisory_lock(1)")
    connection.execute("CREATE TABLE IF NOT EXISTS calls (id int GENERATED ALWAYS AS IDENTITY, command text)")
    connection.execute("INSERT INTO calls (command) VALUES (%s)", [sys.argv[1]])
if sys.argv[1] == "seed_demo":
    sign_in = {"who": "Agent", "url": "http://a.localhost/", "email": "a@example.org", "password": "a password"}
    with open("var/demo.json", "w") as file:
        json.dump({"addresses": {"First company": "http://a.localhost/"}, "sign_ins": [sign_in]}, file)
'''


def make(folder: Path, *, procfile: str = PROCFILE) -> Path:
    """Fill a folder with what bin/start needs; the Python environment is the one that runs the tests."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "bin", folder / "bin")
    shutil.copytree(ROOT / "config" / "services", folder / "config" / "services")
    (folder / "config" / "__init__.py").touch()
    (folder / "config" / "settings.py").write_text("from config import env\n\nLOG_LEVEL = env.whole('ODD_NUMBER', 1)\n")
    shutil.copy(ROOT / "config" / "env.py", folder / "config" / "env.py")
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "static").mkdir()
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "Procfile").write_text(procfile)
    (folder / "standin.py").write_text(STAND_IN)
    (folder / "manage.py").write_text(MANAGE)
    return folder


def free_offset() -> int:
    """An offset whose three ports nobody has right now; drawn, since other tests look for theirs at this moment."""
    for offset in random.sample(range(2_000, 22_000), 100):  # below the ports that the system gives to clients
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            for port in (8000, 8001, 8010):
                probe = stack.enter_context(socket.socket())
                probe.bind(("127.0.0.1", port + offset))
            return offset
    raise AssertionError("no free ports")


def eventually(condition: Callable[[], object], *, what: str, seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"never came true: {what}"
        time.sleep(0.05)


class Running:
    """One bin/start of a checkout, as somebody at a terminal sees it."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.folder = folder
        self.output = folder / "output.txt"
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [folder / "bin" / "start", *arguments],
                env=inherited | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def text(self) -> str:
        return self.output.read_text()

    def wait_until_up(self, *, seconds: float = SECONDS) -> dict[str, Any]:
        """What started.json says once everything is healthy."""
        path = self.folder / "var" / "started.json"
        eventually(lambda: path.exists() or self.process.poll() is not None, what="started.json", seconds=seconds)
        assert self.process.poll() is None, self.text()
        started: dict[str, Any] = json.loads(path.read_text())
        return started

    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads((self.folder / "var" / "started.json").read_text())
        return facts

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(SECONDS)

    def left(self) -> list[str]:
        """Command lines of everything that still works in or for this checkout."""
        return [line for line in command_lines() if str(self.folder) in line]


def command_lines() -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if words:  # a zombie has none
                yield f"{process.name} {words} (in {(process / 'cwd').readlink()})"


def answers(port: int, *, path: str = "/healthz") -> bool:
    return status(f"http://localhost:{port}{path}") == 200


def status(address: str) -> int:
    """The status that 127.0.0.1 answers to the address's host; 0 for no answer.

    Names below localhost do not resolve everywhere, so the name goes into the header only.
    """
    parts = urlsplit(address)
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)) as connection:
        try:
            connection.request("GET", parts.path, headers={"Host": parts.netloc})
            with connection.getresponse() as response:
                response.read()
                return response.status
        except (OSError, http.client.HTTPException):
            return 0
