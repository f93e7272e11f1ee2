"""The demo through its command: an empty database becomes an agency at work, once."""

import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
import requests
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300
WAITING = "SELECT count(*) FROM conversations_conversation WHERE waiting_since IS NOT NULL"
SUMMARY = (
    "SELECT subdomain, unanswered, number_state FROM desk_companysummary"
    " JOIN tenants_clientcompany AS company ON company.id = company_id"
)
STRAY = (
    "SELECT count(*) FROM conversations_conversation AS c JOIN conversations_message AS m ON m.id = c.last_message_id"
    " WHERE m.at <> c.last_message_at OR m.conversation_id <> c.id"
)


@dataclass(frozen=True)
class Demo:
    """A database and a folder of its own, and the command as somebody at a terminal runs it."""

    url: str
    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, query: LiteralString, *, schema: str = "public") -> list[Any]:
        with psycopg.connect(self.url, options=f"-c search_path={schema},public") as connection:
            return connection.execute(query).fetchall()

    def one(self, query: LiteralString, *, schema: str = "public") -> Any:
        return self.rows(query, schema=schema)[0][0]

    def schemas(self) -> dict[str, str]:
        return dict(self.rows("SELECT subdomain, schema_name FROM tenants_clientcompany"))

    def json(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A seeded demo that all tests of this file read."""
    folder, name = tmp_path_factory.mktemp("demo"), f"balie_demo_{os.getpid()}"
    server = make_conninfo(settings.DATABASE_URL, dbname="postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            made = _demo(folder, make_url(name))
            made.run("setup_database", "--verbosity", "0")
            assert "The demo is seeded" in made.run("seed_demo")
            yield made
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def make_url(name: str) -> str:
    """The address of another database on the server of the tests."""
    parts = psycopg.conninfo.conninfo_to_dict(settings.DATABASE_URL)
    query = "&".join(f"{key}={value}" for key, value in parts.items() if key in ("host", "port", "user", "password"))
    return f"postgresql:///{name}?{query}"


def _demo(folder: Path, url: str) -> Demo:
    own = {
        "DATABASE_URL": url,
        "MEDIA_ROOT": str(folder / "media"),
        "DEMO_FILE": str(folder / "demo.json"),
        "SIMULATOR_WORLD": str(folder / "world.json"),
        "SANDBOX_APP_ID": "700000000000001",
        "SANDBOX_APP_SECRET": "the sandbox's secret",
        "SANDBOX_VERIFY_TOKEN": "the sandbox's word",
        "SANDBOX_ACCESS_TOKEN": "EAAdemo",
    }
    return Demo(url, folder, os.environ | own)


def test_three_companies_have_weeks_of_conversations(demo: Demo) -> None:
    schemas = demo.schemas()

    assert set(schemas) == {"fietsland", "zorgvast", "omroepdelta"}
    for schema in schemas.values():
        assert demo.one("SELECT count(*) FROM conversations_conversation", schema=schema) >= 60
        assert demo.one("SELECT now() - min(at) > interval '5 weeks' FROM conversations_message", schema=schema)
        assert demo.one("SELECT count(*) FROM conversations_message WHERE at > now()", schema=schema) == 0
        assert demo.one(WAITING, schema=schema) > 3
    longest = "SELECT count(*) FROM conversations_message GROUP BY channel_id ORDER BY 1 DESC"
    assert demo.one(longest, schema=schemas["fietsland"]) >= 400


def test_every_kind_of_message_and_every_end_of_one_is_there(demo: Demo) -> None:
    every = "SELECT direction, type, status FROM conversations_message"
    messages = [row for schema in demo.schemas().values() for row in demo.rows(every, schema=schema)]

    kinds = {(direction, kind) for direction, kind, _ in messages}
    inbound = "text image video audio document sticker location contacts order button interactive reaction unsupported"
    assert {("in", kind) for kind in inbound.split()} <= kinds
    outbound = "text image video audio document sticker location contacts interactive template reaction"
    assert {("out", kind) for kind in outbound.split()} <= kinds
    unknown, failed, delivered, read = 40, 70, 80, 90
    assert {unknown, failed, delivered, read} <= {status for direction, _, status in messages if direction == "out"}


def test_groups_talk_and_a_phone_brought_its_past(demo: Demo) -> None:
    members = (
        "SELECT count(DISTINCT participant_id) FROM conversations_message AS m JOIN conversations_channel AS ch"
        " ON ch.id = channel_id JOIN conversations_contact AS c ON c.id = ch.contact_id WHERE c.kind = 'group'"
    )
    for schema in demo.schemas().values():
        assert demo.one(members, schema=schema) >= 2
    past = "SELECT count(*) FROM conversations_conversation WHERE close_reason = 'imported' AND waiting_since IS NULL"
    assert demo.one(past, schema=demo.schemas()["omroepdelta"]) >= 2


def test_what_a_page_counts_agrees_with_what_is_there(demo: Demo) -> None:
    for subdomain, schema in demo.schemas().items():
        summary = demo.rows(SUMMARY, schema=schema)
        assert [row[1:] for row in summary if row[0] == subdomain] == [(demo.one(WAITING, schema=schema), "live")]
        assert demo.one(STRAY, schema=schema) == 0


def test_files_stand_where_their_rows_say(demo: Demo) -> None:
    for schema in demo.schemas().values():
        files = demo.rows("SELECT storage_key, size FROM conversations_mediafile", schema=schema)
        assert files
        assert all((demo.folder / "media" / key).stat().st_size == size for key, size in files)


def test_signed_agreement_plan_and_usage_stand(demo: Demo) -> None:
    for schema in demo.schemas().values():
        assert demo.one("SELECT status FROM privacy_dataprocessingagreement", schema=schema) == "signed"
        assert demo.one("SELECT count(*) FROM billing_subscription", schema=schema) == 1
        assert demo.one("SELECT count(delivered_at) FROM billing_usagerecord", schema=schema) > 50
        odd = "SELECT count(*) FROM billing_usagerecord WHERE flagged <> '' OR conflict"
        assert demo.one(odd, schema=schema) == 0


def test_sign_ins_are_for_their_owner_alone(demo: Demo) -> None:
    told = demo.json("demo.json")

    assert {"email", "password", "url", "who"} <= set(told["sign_ins"][0])
    assert len(told["sign_ins"]) >= 12
    for name in ("demo.json", "world.json"):
        assert stat.S_IMODE((demo.folder / name).stat().st_mode) == 0o600


def test_a_second_run_changes_nothing(demo: Demo) -> None:
    before = _everything(demo)

    assert "there already" in demo.run("seed_demo")

    assert _everything(demo) == before


def test_a_lost_list_of_sign_ins_is_made_anew(demo: Demo) -> None:
    before = demo.json("demo.json")["sign_ins"][0]["password"]
    (demo.folder / "demo.json").unlink()

    demo.run("seed_demo")

    assert demo.json("demo.json")["sign_ins"][0]["password"] != before


def _everything(demo: Demo) -> list[Any]:
    messages = "SELECT count(*) FROM conversations_message"
    counts = [demo.one(messages, schema=schema) for schema in demo.schemas().values()]
    return [*counts, demo.one("SELECT count(*) FROM tenants_agency"), demo.json("demo.json")]


def test_an_installation_of_somebody_else_is_left_alone(demo: Demo) -> None:
    with psycopg.connect(demo.url) as connection:
        connection.execute("UPDATE tenants_agency SET slug = 'somebody-else'")
    try:
        assert "left out" in demo.run("seed_demo")
        assert demo.one("SELECT count(*) FROM tenants_agency") == 1
    finally:
        with psycopg.connect(demo.url) as connection:
            connection.execute("UPDATE tenants_agency SET slug = 'bureau-noord'")


def test_the_same_people_and_chats_are_on_the_simulated_phones(demo: Demo) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"SIMULATOR_PORT": str(port), "SIMULATOR_DATA": "", "SIMULATOR_WEBHOOK_URL": "http://127.0.0.1:9/"}
    with subprocess.Popen([sys.executable, "-m", "simulator"], cwd=ROOT, env=demo.environment | own) as simulator:
        try:
            _wait_until_up(port)
            world = demo.json("world.json")
            last = max((item for item in world["history"] if item["type"] == "text"), key=lambda i: i["timestamp"])
            chat = requests.get(
                f"http://127.0.0.1:{port}/phone/{last['person']}/chat", {"number": last["number"]}, timeout=60
            ).json()
            assert last["wamid"] in [message["id"] for message in chat["messages"]]
        finally:
            simulator.terminate()


def _wait_until_up(port: int) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            if requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2).ok:
                return
        except requests.RequestException:
            pass
        assert time.monotonic() < end, "the simulator does not start"
        time.sleep(0.1)
