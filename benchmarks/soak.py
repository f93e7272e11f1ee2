"""Minutes of ordinary work on a platform that misbehaves; afterwards both sides' books must be equal.

    python -m benchmarks.soak [--seconds 600] [--seed 1]

The real processes: web, workers, scheduler and the simulator. People write, agents answer, faults come and go, workers
are killed. Then everything is allowed to settle and the books are compared: every accepted message, every status,
every message of a person, every charged message. Differences are printed and fail the run.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import django
import requests

from benchmarks import common

if TYPE_CHECKING:
    from benchmarks.soak_sides import Side  # needs Django, which main sets up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

PEOPLE = 40  # of each company
A_SECOND = 3.0  # messages each way, of each company
TROUBLE_SECONDS = 10.0
KILL_SECONDS = 13.0
SETTLE_SECONDS = 180.0
QUIET = ("--without-gossip", "--without-mingle", "--loglevel", "ERROR")
WORKERS = {
    "inbound": ("-Q", "inbound", "--pool", "threads", "-c", "4"),
    "outbound": ("-Q", "outbound", "--pool", "threads", "-c", "16"),
    "default": ("-Q", "default,media,events,bulk", "--pool", "prefork", "-c", "1"),
}
# What may be wrong at any moment. Nothing here makes the platform forget: that could never come out even.
TROUBLES: list[dict[str, Any]] = [
    {"kind": "http_5xx", "where": "send", "probability": 0.2},
    {"kind": "drop_after_accept", "where": "send", "probability": 0.1},
    {"kind": "rate_limit", "where": "send", "probability": 0.2},
    {"kind": "delay", "where": "send", "ms": 800, "probability": 0.5},
    {"kind": "refuse", "where": "send", "code": 131000, "probability": 0.2},
    {"kind": "refuse", "where": "send", "code": 131026, "probability": 0.05},
    {"kind": "refuse", "where": "send", "code": 131057, "count": 2},
    {"kind": "refuse", "where": "status", "code": 131026, "probability": 0.1},
    {"kind": "double", "where": "status", "probability": 0.4, "copies": 3},
    {"kind": "reorder", "where": "status", "ms": 1500, "probability": 0.5},
    {"kind": "delay", "where": "status", "ms": 4000, "probability": 0.5},
    {"kind": "outage", "where": "status", "ms": 5000},
    {"kind": "double", "where": "webhook", "probability": 0.4, "copies": 3},
    {"kind": "reorder", "where": "webhook", "ms": 800, "probability": 0.3},
    {"kind": "drop_after_accept", "where": "webhook", "probability": 0.3},
    {"kind": "outage", "where": "webhook", "ms": 5000},
]


class Platform:
    """The simulator's control API."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._session = requests.Session()

    def get(self, path: str, **query: Any) -> Any:
        answer = self._session.get(f"{self.url}/_sim/{path}", params=query, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        answer = self._session.post(f"{self.url}/_sim/{path}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def lift_all(self) -> None:
        self._session.delete(f"{self.url}/_sim/faults", timeout=60).raise_for_status()


class Plant:
    """The processes of the product; any worker can be killed and comes back."""

    def __init__(self, stack: ExitStack) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        stack.callback(self._stop)
        for name in WORKERS:
            self._start(name)
        beat = [sys.executable, "-m", "celery", "-A", "config", "beat", "--loglevel", "ERROR", "-s", os.devnull]
        stack.enter_context(common.process(beat))

    def _start(self, name: str) -> None:
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "-n",
            f"{name}@soak",
            *WORKERS[name],
            *QUIET,
        ]
        self._running[name] = subprocess.Popen(
            command, cwd=common.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill(self, name: str) -> None:
        """End a worker as a power cut would, and start another."""
        self._running[name].send_signal(signal.SIGKILL)
        self._running[name].wait()
        self._start(name)

    def _stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def work(sides: "list[Side]", platform: Platform, plant: Plant, *, seconds: float, chance: random.Random) -> int:
    """People write and agents answer for so long, while things go wrong; gives how many processes were killed."""
    began, kills = time.monotonic(), 0
    turn = next_trouble = 0.0
    next_kill = KILL_SECONDS
    while (now := time.monotonic() - began) < seconds:
        if now >= next_trouble:
            platform.lift_all()
            for trouble in chance.sample(TROUBLES, 3):
                platform.post("faults", **trouble)
            next_trouble = now + TROUBLE_SECONDS
        if now >= next_kill:
            plant.kill(chance.choice(("inbound", "outbound")))
            kills, next_kill = kills + 1, now + KILL_SECONDS
        for side in sides:
            side.write(chance)
            side.answer(chance)
        turn += 1
        with suppress(ValueError):
            time.sleep(began + turn / A_SECOND - time.monotonic())
    return kills


def main() -> None:
    wishes = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wishes.add_argument("--seconds", type=float, default=600.0)
    wishes.add_argument("--seed", type=int, default=1)
    wish = wishes.parse_args()
    common.with_services("benchmarks.soak")
    django.setup()
    from benchmarks import soak_books
    from benchmarks.soak_sides import set_up

    port = common.free_port()
    os.environ |= {"SIMULATOR_PORT": str(port), "SIMULATOR_SEED": str(wish.seed), "SIMULATOR_HOST": "127.0.0.1"}
    with ExitStack() as stack:
        stack.enter_context(common.process([sys.executable, "-m", "simulator"]))
        common.wait_for_port(port)
        platform = Platform(port)
        web = stack.enter_context(common.server("config.wsgi:application", workers=1))
        sides = set_up(platform, webhook_url=f"http://127.0.0.1:{web}{common.PATH}", people=PEOPLE)
        plant = Plant(stack)
        for side in sides:
            side.begin(seconds=SETTLE_SECONDS)
        kills = work(sides, platform, plant, seconds=wish.seconds, chance=random.Random(wish.seed))
        platform.lift_all()
        settled = soak_books.settle(sides, platform, seconds=SETTLE_SECONDS)
        differences = soak_books.compare(sides, platform)
    written, accepted = sum(len(side.written) for side in sides), soak_books.counted["accepted"]
    print(f"{wish.seconds:.0f} s of faults, {kills} workers killed; settled in {settled:.0f} s")
    print(f"  messages of people   {written:6d}")
    print(f"  accepted from us     {accepted:6d}")
    print(f"  statuses             {soak_books.counted['statuses']:6d}")
    print(f"  delivered, charged   {soak_books.counted['charged']:6d}")
    for difference in differences[:40]:
        print(f"  DIFFERENT: {difference}")
    if differences:
        raise SystemExit(f"the books differ in {len(differences)} places")
    print("the books are equal")


if __name__ == "__main__":
    main()
