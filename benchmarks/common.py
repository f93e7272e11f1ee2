"""What the benchmarks of the way in share: databases of their own, a company with a number, servers, load, figures.

Every benchmark is one command, ``python -m benchmarks.NAME``. It starts PostgreSQL and Valkey of its own unless
DATABASE_URL and REDIS_URL name some, prints each figure beside its baseline, and measures both in the same minute.
"""

import asyncio
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATH = "/webhooks/whatsapp"
SECRET = "benchmark-secret"
NUMBER_ID, WABA_ID = "900000000000001", "800000000000001"
CONNECTIONS = 50


def with_services(module: str) -> None:
    """Run this module again on PostgreSQL (that waits for the disk) and Valkey of its own, unless some are named."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL") and os.environ.get("SECRET_KEY"):
        return
    command = [
        sys.executable,
        "-m",
        "config.services",
        "run",
        "--durable",
        "--",
        sys.executable,
        "-m",
        module,
        *sys.argv[1:],
    ]
    raise SystemExit(subprocess.run(command, cwd=ROOT, check=False).returncode)


def set_up_company(subdomain: str = "benchmark", *, number_id: str = NUMBER_ID) -> Any:
    """A migrated database with one agency, and the company of that name with its live number."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    from config import collector
    from tenants.models import ClientCompany

    call_command("setup_database", verbosity=0)
    company = ClientCompany.objects.filter(subdomain=subdomain).first() or _connected(subdomain, number_id=number_id)
    collector.settle()  # as every process of the product does
    return company


def _connected(subdomain: str, *, number_id: str) -> Any:
    from conversations.services.numbers import numbers
    from tenants.models import Agency, MetaApp
    from tenants.services.agencies import create_agency
    from tenants.services.companies import create_company

    agency = Agency.objects.filter(slug="benchmark").first()
    if agency is None:
        agency = create_agency("Benchmark", slug="benchmark", host="benchmark-agency.localhost")
        fields = {"secret": SECRET, "verify_token": "v", "sandbox": True, "graph_url": "http://127.0.0.1:9"}
        MetaApp.objects.create(agency=agency, app_id="700000000000001", **fields)
    company = create_company(agency, name=subdomain.title(), subdomain=subdomain, language="nl", country="NL")
    numbers.connect_number(
        company,
        phone_number_id=number_id,
        waba_id=WABA_ID,
        display_number="+31201234567",
        app=MetaApp.objects.get(agency=agency),
        token="t",
    )
    return company


def message_change(serial: int, *, person: int, text: str = "") -> dict[str, Any]:
    """A change with one text message, like the platform's: about a thousand bytes as a whole document."""
    phone, wamid = f"3161{person:07d}", f"wamid.HBgLMzE2{serial:032d}"
    body = text or f"Message {serial}: is my order on its way? " + "x" * 200
    return {
        "field": "messages",
        "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "31201234567", "phone_number_id": NUMBER_ID},
            "contacts": [{"profile": {"name": f"Person {person}"}, "wa_id": phone, "user_id": f"NL.{person:020d}"}],
            "messages": [
                {
                    "from": phone,
                    "from_user_id": f"NL.{person:020d}",
                    "id": wamid,
                    "timestamp": str(1_795_000_000 + serial // 100),
                    "type": "text",
                    "text": {"body": body},
                }
            ],
        },
    }


def signed_documents(count: int, *, people: int = 2000) -> list[tuple[bytes, str]]:
    """Different bodies with their signatures."""
    from conversations.whatsapp.signature import sign

    bodies = []
    for serial in range(count):
        entry = {"id": WABA_ID, "changes": [message_change(serial, person=serial % people)]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        bodies.append((body, sign(body, SECRET)))
    return bodies


@contextmanager
def server(application: str, *, workers: int = 2, threads: int = 4) -> Iterator[int]:
    """The application on granian with the flags of the Procfile; gives its port."""
    port = free_port()
    command = [
        *(str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads)),
        *("--http", "1", "--no-ws", "--log-level", "warning", application),
    ]
    with process(command):
        wait_for_port(port)
        yield port


@contextmanager
def drains() -> Iterator[None]:
    """The inbound worker and the sweep that wakes it, as in production."""
    celery = [str(Path(sys.executable).with_name("celery")), "-A", "config"]
    worker = ["worker", "-n", "inbound@benchmark", "-Q", "inbound", "--pool", "threads", "-c", "4"]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
    with process([*celery, *worker, *quiet]), process([*celery, "beat", "--loglevel", "ERROR", "-s", os.devnull]):
        time.sleep(4)
        yield


@contextmanager
def process(command: Sequence[str]) -> Iterator["subprocess.Popen[bytes]"]:
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@dataclass(frozen=True, slots=True)
class Load:
    """What a load brought: requests a second, milliseconds, and answers that were not 200."""

    per_second: float
    p50: float
    p99: float
    failed: int

    def __str__(self) -> str:
        failed = f", {self.failed} failed" if self.failed else ""
        return f"{self.per_second:8,.0f} requests/s   p50 {self.p50:5.1f} ms   p99 {self.p99:6.1f} ms{failed}"


def load(port: int, documents: list[tuple[bytes, str]], *, seconds: float = 8, connections: int = CONNECTIONS) -> Load:
    """Post the documents in turn over keep-alive connections; with wrk where it is installed, else in Python."""
    if shutil.which("wrk"):
        return _with_wrk(port, documents, seconds=seconds, connections=connections)
    return _with_python(port, documents, seconds=seconds, connections=connections)


LUA = """
local list = dofile("{list}")
local place, step = 0, 1
function setup(thread) end
function init(args)
  math.randomseed(os.time() + tonumber(tostring({{}}):sub(8), 16) % 1000)
  place = math.random(#list)
end
function request()
  place = place % #list + 1
  return wrk.format("POST", "{path}", {{["Content-Type"] = "application/json",
    ["X-Hub-Signature-256"] = list[place][2]}}, list[place][1])
end
"""


def _with_wrk(port: int, documents: list[tuple[bytes, str]], *, seconds: float, connections: int) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        listed, script = Path(folder, "list.lua"), Path(folder, "post.lua")
        rows = ",".join(f"{{[==[{body.decode()}]==],'{signature}'}}" for body, signature in documents)
        listed.write_text(f"return {{{rows}}}")
        script.write_text(LUA.format(list=listed, path=PATH))
        command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds:.0f}s", "--latency", "-s", str(script)]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True, timeout=seconds + 30
        )
    return _read_wrk(done.stdout)


def _read_wrk(text: str) -> Load:
    def milliseconds(name: str) -> float:
        value, unit = re.search(rf"{name}\s+([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
        return float(value) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]

    per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])  # type: ignore[index]
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return Load(per_second, milliseconds("50%"), milliseconds("99%"), int(failed[1]) if failed else 0)


def _with_python(port: int, documents: list[tuple[bytes, str]], *, seconds: float, connections: int) -> Load:
    """Two processes with half of the connections each."""
    requests = [_request(body, signature) for body, signature in documents]
    with get_context("spawn").Pool(2) as pool:
        halves = [(port, requests[part::2], seconds, connections // 2) for part in range(2)]
        parts = pool.starmap(_client, halves)
    times = sorted(moment for found, _failed in parts for moment in found)
    failed = sum(wrong for _found, wrong in parts)
    return Load(len(times) / seconds, 1000 * statistics.median(times), 1000 * times[int(len(times) * 0.99)], failed)


def _request(body: bytes, signature: str) -> bytes:
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _client(port: int, requests: list[bytes], seconds: float, connections: int) -> tuple[list[float], int]:
    return asyncio.run(_clients(port, requests, seconds, connections))


async def _clients(port: int, requests: list[bytes], seconds: float, connections: int) -> tuple[list[float], int]:
    end = time.monotonic() + seconds
    parts = [requests[place::connections] for place in range(connections)]
    found = await asyncio.gather(*(_one_client(port, part, end) for part in parts))
    return [moment for times, _failed in found for moment in times], sum(failed for _times, failed in found)


async def _one_client(port: int, requests: list[bytes], end: float) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times: list[float] = []
    failed = place = 0
    while (began := time.monotonic()) < end:
        writer.write(requests[place % len(requests)])
        place += 1
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        await reader.readexactly(int(length[1]) if length else 0)
        failed += not head.startswith(b"HTTP/1.1 200")
        times.append(time.monotonic() - began)
    writer.close()
    return times, failed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for_port(port: int, *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")
