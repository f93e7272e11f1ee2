"""bin/start from the outside: what it starts, says, writes down and stops."""

import os
import shutil
import signal
import socket
import stat
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.config.checkout import NEEDS_PROC, SECONDS, answers, eventually
from tests.config.conftest import Start

pytestmark = [pytest.mark.fault, NEEDS_PROC]


def rows(url: str, query: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(query).fetchall()]


def test_start_brings_everything_up_and_says_where(start: Start, offset: str) -> None:
    running = start("--port-offset", offset)

    facts = running.wait_until_up()

    assert answers(8000 + int(offset))
    assert facts["addresses"]["Agency"] == f"http://localhost:{8000 + int(offset)}/"
    assert facts["addresses"]["First company"] == "http://a.localhost/"
    assert facts["sign_ins"][0]["email"] == "a@example.org"
    assert {"supervisor", "postgresql", "valkey", "web", "live", "worker-default", "simulator"} <= set(facts["pids"])
    assert rows(facts["DATABASE_URL"], "SELECT command FROM calls WHERE command = 'setup_database'")
    assert "a@example.org" in running.text()
    assert "Starting web, live, worker-default, simulator" in running.text()


def test_secrets_and_sign_ins_are_readable_by_their_owner_alone(start: Start, folder: Path, offset: str) -> None:
    start("--port-offset", offset).wait_until_up()

    for name in ("keys.json", "started.json"):
        assert stat.S_IMODE((folder / "var" / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_ends_the_processes_before_the_databases_and_leaves_nothing(
    start: Start, offset: str, number: int
) -> None:
    running = start("--port-offset", offset)
    running.wait_until_up()

    assert running.stop(number) == 0

    assert running.left() == []
    facts = start("--port-offset", offset).wait_until_up()
    # Each could still write its farewell, so the database outlived all of them.
    assert len(rows(facts["DATABASE_URL"], "SELECT name FROM farewells")) == 4


def test_data_and_keys_are_kept_between_starts(start: Start, folder: Path, offset: str) -> None:
    first = start("--port-offset", offset)
    first.wait_until_up()
    keys = (folder / "var" / "keys.json").read_text()
    first.stop()

    facts = start("--port-offset", offset).wait_until_up()

    assert rows(facts["DATABASE_URL"], "SELECT count(*) FROM calls WHERE command = 'setup_database'") == [2]
    assert (folder / "var" / "keys.json").read_text() == keys


def test_fresh_starts_over(start: Start, folder: Path, offset: str) -> None:
    first = start("--port-offset", offset)
    first.wait_until_up()
    keys = (folder / "var" / "keys.json").read_text()
    first.stop()

    facts = start("--fresh", "--port-offset", offset).wait_until_up()

    assert rows(facts["DATABASE_URL"], "SELECT count(*) FROM calls WHERE command = 'setup_database'") == [1]
    assert (folder / "var" / "keys.json").read_text() != keys


def test_without_the_demo_nothing_is_seeded(start: Start, offset: str) -> None:
    facts = start("--no-demo", "--port-offset", offset).wait_until_up()

    assert facts["sign_ins"] == []
    assert "seed_demo" not in rows(facts["DATABASE_URL"], "SELECT command FROM calls")


def test_a_taken_port_is_named(start: Start, offset: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 8001 + int(offset)))
        taken.listen()
        running = start("--port-offset", offset)

        assert running.process.wait(SECONDS) == 1

    assert f"port {8001 + int(offset)} (for live) cannot be used" in running.text()
    assert running.left() == []


def test_a_second_start_of_one_checkout_is_refused(start: Start, folder: Path, offset: str) -> None:
    first = start("--port-offset", offset)
    pid = first.wait_until_up()["pids"]["supervisor"]

    second = start("--port-offset", offset)

    assert second.process.wait(SECONDS) == 1
    assert f"running already (process {pid})" in second.text()
    assert answers(8000 + int(offset))


def test_a_folder_that_cannot_be_written_is_named(start: Start, folder: Path, offset: str) -> None:
    (folder / "var").write_text("in the way")

    running = start("--port-offset", offset)

    assert running.process.wait(SECONDS) == 1
    assert f"the folder {folder / 'var'} cannot be written" in running.text()


def test_an_odd_setting_is_named_and_nothing_is_left_running(start: Start, offset: str) -> None:
    running = start("--port-offset", offset, ODD_NUMBER="many")

    assert running.process.wait(SECONDS) == 1
    assert "ODD_NUMBER: is 'many'" in running.text()
    assert running.left() == []


def test_the_env_file_is_read_below_the_environment(start: Start, folder: Path, offset: str) -> None:
    (folder / ".env").write_text("ODD_NUMBER=many  # refused\n")

    refused = start("--port-offset", offset)
    assert refused.process.wait(SECONDS) == 1
    assert "ODD_NUMBER: is 'many'" in refused.text()

    start("--port-offset", offset, ODD_NUMBER="3").wait_until_up()


def test_one_server_address_without_the_other_is_refused(start: Start, offset: str) -> None:
    running = start("--port-offset", offset, REDIS_URL="redis://localhost:6379/0")

    assert running.process.wait(SECONDS) == 1
    assert "DATABASE_URL is not set, but REDIS_URL is" in running.text()


def test_servers_of_your_own_are_used_and_nothing_embedded_starts(start: Start, folder: Path, offset: str) -> None:
    servers = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}

    running = start("--port-offset", offset, **servers)
    facts = running.wait_until_up()

    assert facts["DATABASE_URL"] == servers["DATABASE_URL"]
    assert "postgresql" not in facts["pids"]
    assert not (folder / "var" / "data").exists()
    with psycopg.connect(servers["DATABASE_URL"], autocommit=True) as connection:
        running.stop()
        for table in ("calls", "farewells"):
            connection.execute(f"DROP TABLE {table}")


def test_a_process_that_never_stays_up_ends_the_start_with_its_last_words(
    start: Start, folder: Path, offset: str
) -> None:
    (folder / "Procfile").write_text("web: python -c 'import sys; sys.exit(\"no such table\")'\n")

    running = start("--port-offset", offset)

    assert running.process.wait(SECONDS) == 1
    assert "web does not stay up" in running.text()
    assert "no such table" in running.text()
    assert running.left() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can own a folder that the servers' account cannot enter")
def test_a_private_checkout_of_root_keeps_its_data_elsewhere(start: Start, folder: Path, offset: str) -> None:
    folder.chmod(0o700)

    running = start("--port-offset", offset)
    facts = running.wait_until_up()

    data = Path(facts["data"])
    assert data.parent == Path("/var/lib/balie")
    assert (data / "pgdata").stat().st_uid != 0
    running.stop()
    eventually(lambda: not running.left(), what="nothing left")
    shutil.rmtree(data)


def test_a_strict_umask_closes_nothing_that_the_servers_need(start: Start, folder: Path, offset: str) -> None:
    before = os.umask(0o077)
    try:
        facts = start("--port-offset", offset).wait_until_up()
    finally:
        os.umask(before)

    assert facts["data"] == str(folder / "var" / "data")
