"""kill -9 of anything that bin/start runs: it comes back, loses nothing committed and leaves no orphan."""

import os
import signal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.config.checkout import NEEDS_PROC, SECONDS, Running, answers, eventually
from tests.config.conftest import Start

pytestmark = [pytest.mark.fault, NEEDS_PROC]


def replaced(running: Running, name: str, *, old: int) -> bool:
    return running.facts()["pids"].get(name, old) != old


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def connects(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def insert(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def kept(facts: dict[str, Any]) -> int:
    with psycopg.connect(facts["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def test_a_killed_process_comes_back_and_its_children_are_gone(start: Start, offset: str) -> None:
    running = start("--port-offset", offset)
    old = running.wait_until_up()["pids"]["web"]
    orphans = children(old)
    assert orphans

    os.kill(old, signal.SIGKILL)

    eventually(lambda: replaced(running, "web", old=old), what="a new web")
    eventually(lambda: answers(8000 + int(offset)), what="web answers")
    eventually(lambda: not any(alive(pid) for pid in orphans), what="orphans gone")
    assert "web ended (signal SIGKILL)" in running.text()


def test_a_killed_database_comes_back_with_every_committed_row(start: Start, offset: str) -> None:
    running = start("--port-offset", offset)
    facts = running.wait_until_up()
    insert(facts["DATABASE_URL"])

    for name in ("postgresql", "valkey"):
        os.kill(facts["pids"][name], signal.SIGKILL)

    for name in ("postgresql", "valkey"):
        eventually(lambda name=name: replaced(running, name, old=facts["pids"][name]), what=f"a new {name}")
    eventually(lambda: connects(facts["DATABASE_URL"]), what="the database answers")
    assert kept(facts) == 1
    assert running.facts()["pids"]["web"] == facts["pids"]["web"]


def test_a_killed_supervisor_leaves_no_orphan_and_the_next_start_works_at_once(start: Start, offset: str) -> None:
    running = start("--port-offset", offset)
    facts = running.wait_until_up()
    insert(facts["DATABASE_URL"])

    os.kill(facts["pids"]["supervisor"], signal.SIGKILL)
    running.process.wait(SECONDS)
    (running.folder / "var" / "started.json").unlink()

    again = start("--port-offset", offset).wait_until_up()
    assert kept(again) == 1
    assert not any(alive(pid) for pid in facts["pids"].values())


def test_a_killed_supervisor_takes_even_a_deaf_process_and_orphaned_grandchildren_along(
    start: Start, folder: Path, offset: str
) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    with (folder / "Procfile").open("a") as procfile:
        procfile.write(f'web: sh -c \'trap "" TERM; python standin.py listen $WEB_PORT & python -c "{deaf}"\'\n')
    running = start("--port-offset", offset)
    facts = running.wait_until_up()

    os.kill(facts["pids"]["supervisor"], signal.SIGKILL)

    running.process.wait(SECONDS)
    eventually(lambda: running.left() == [], what="nothing left")


def test_a_killed_guardian_is_replaced(start: Start, offset: str) -> None:
    running = start("--port-offset", offset)
    facts = running.wait_until_up()
    supervisor = facts["pids"]["supervisor"]
    (guardian,) = set(children(supervisor)) - set(facts["pids"].values())

    os.kill(guardian, signal.SIGKILL)

    eventually(lambda: set(children(supervisor)) - set(facts["pids"].values()) - {guardian}, what="a new guardian")
    os.kill(supervisor, signal.SIGKILL)
    running.process.wait(SECONDS)
    eventually(lambda: running.left() == [], what="nothing left")
