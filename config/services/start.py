"""``bin/start``: everything that one machine needs to run Balie, from nothing to healthy, and back to nothing."""

import argparse
import contextlib
import os
import resource
import time
from collections.abc import Sequence
from pathlib import Path

from config.services import assets, dotenv, procfile, report, surroundings
from config.services.embedded import Embedded
from config.services.errors import CannotStart
from config.services.guardian import Guardian
from config.services.layout import Layout
from config.services.ports import Ports
from config.services.processes import Runner, servers
from config.services.report import Report, say
from config.services.supervisor import Stopped, Supervisor

ROOT = Path(__file__).resolve().parents[2]
HEALTHY_SECONDS = 120.0
MANY_FILES = 65_536
ENOUGH_FAILURES = 3  # ends of one process before it was ever healthy
MANAGE = ["python", "manage.py"]


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/start", description="Starts Balie on this machine. Ctrl-C stops it.")
    parser.add_argument(
        "--port-offset", type=int, default=0, metavar="N", help="add N to every port (8000, 8001, 8010)"
    )
    parser.add_argument("--fresh", action="store_true", help="throw the data of this checkout away and start over")
    parser.add_argument("--no-demo", action="store_true", help="do not seed the demo")
    return parser.parse_args(given)


class Start:
    """One run of bin/start, from taking the lock to the last process gone."""

    def __init__(self, options: argparse.Namespace, *, root: Path = ROOT) -> None:
        self.options = options
        self.began = time.monotonic()
        self.layout = Layout(root)
        self.ports = Ports(options.port_offset)
        self.real = surroundings.own_servers()
        self.commands = procfile.read(root / "Procfile")
        self.report: Report | None = None

    def run(self) -> None:
        """Start, keep running, stop. Raises CannotStart."""
        if self.options.fresh and self.real:
            raise CannotStart(
                "--fresh removes embedded data only; DATABASE_URL is set, so empty that database yourself."
            )
        self.layout.make()
        with self.layout.lock() as lock:
            self.ports.check()
            if self.options.fresh:
                say("Removing the data of this checkout")
                self.layout.forget_everything()
            self.guardian = Guardian(lock=lock.fileno())
            self.supervisor = Supervisor(say=say, guardian=self.guardian, changed=self._write)
            try:
                self._start()
                self.supervisor.watch()
            except Stopped:
                pass
            finally:
                self._stop()

    # --- Up --------------------------------------------------------------------------------------------------------
    def _start(self) -> None:
        self.embedded = None if self.real else Embedded(self.layout.data, sockets=self.layout.sockets)
        if self.embedded:
            say(f"Preparing PostgreSQL and Valkey in {self.layout.data}")
            self.embedded.prepare()
        self.environment = surroundings.build(self.layout, ports=self.ports, embedded=self.embedded)
        self.runner = Runner(self.layout, self.ports, self.environment)
        if self.embedded:
            for managed in servers(self.embedded):
                self.supervisor.add(managed)
        self._step({"settings": ["python", "-c", "import config.settings"]})
        if self.embedded:
            self._wait_for_servers(self.embedded)
        self._set_up()
        self._start_processes()
        self.report = Report(self.layout, ports=self.ports, environment=self.environment, pids=self._pids())
        self._write()
        self.report.print_table(seconds=time.monotonic() - self.began)

    def _wait_for_servers(self, embedded: Embedded) -> None:
        running = {name: managed.child for name, managed in self.supervisor.managed.items() if managed.child}
        embedded.wait_ready(running)

    def _set_up(self) -> None:
        """What the code needs before it runs: schemas, assets, and the demo."""
        stamp = assets.stamp(self.layout)
        build = assets.changed(self.layout, stamp=stamp)
        first = {"setup_database": [*MANAGE, "setup_database"]}
        second = {}
        if build:
            first["build_assets"] = [*MANAGE, "build_assets"]
            second["collectstatic"] = [*MANAGE, "collectstatic", "--noinput", "--clear", "--verbosity", "0"]
        if not self.options.no_demo:
            second["seed_demo"] = [*MANAGE, "seed_demo"]
        say("Setting up the database" + (" and building fonts, translations and styles" if build else ""))
        self._step(first)
        if not self.options.no_demo:
            say("Seeding the demo, unless it is there already")
        self._step(second)
        assets.remember(self.layout, stamp=stamp)

    def _step(self, commands: dict[str, list[str]]) -> None:
        """Run commands side by side to their ends. Raises CannotStart with the words of one that failed."""
        for name in commands:
            self.runner.log(name).unlink(missing_ok=True)
        starts = {name: (lambda n=name, c=command: self.runner.start(n, c)) for name, command in commands.items()}
        for name, code in self.supervisor.finish(starts).items():
            if code:
                raise CannotStart(f"the step {name} failed.\n{self.runner.last_words(name)}")

    def _start_processes(self) -> None:
        say("Starting " + ", ".join(self.commands))
        for managed in self.runner.managed(self.commands):
            self.supervisor.add(managed)
        waiting = list(self.commands)

        def all_healthy() -> bool:
            for name in list(waiting):
                if self.supervisor.managed[name].failures >= ENOUGH_FAILURES:
                    raise CannotStart(f"{name} does not stay up.\n{self.runner.last_words(name)}")
                if self.runner.healthy(name):
                    waiting.remove(name)
            return not waiting

        if not self.supervisor.wait_until(all_healthy, seconds=HEALTHY_SECONDS, pause=0.2):
            words = "\n".join(self.runner.last_words(name) for name in waiting)
            raise CannotStart(f"not healthy after {HEALTHY_SECONDS:.0f} s: {', '.join(waiting)}.\n{words}")

    # --- Down ------------------------------------------------------------------------------------------------------
    def _stop(self) -> None:
        if self.supervisor.managed:
            say("Stopping: first what uses the databases, then the databases")
        self.supervisor.stop()
        self.guardian.dismiss()
        self.layout.started.unlink(missing_ok=True)
        say("Stopped. The data is kept; bin/start brings it back.")

    # --- Telling ---------------------------------------------------------------------------------------------------
    def _pids(self) -> dict[str, int]:
        running = {name: managed.child.pid for name, managed in self.supervisor.managed.items() if managed.child}
        return {"supervisor": os.getpid(), **running}

    def _write(self) -> None:
        if self.report is not None:
            with contextlib.suppress(OSError):
                self.report.write(self._pids())


def allow_many_files() -> None:
    """A thousand open streams are a thousand open files, and the usual limit is 1,024."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY_FILES if hard == resource.RLIM_INFINITY else min(MANY_FILES, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main(given: Sequence[str]) -> int:
    options = arguments(given)
    dotenv.load(ROOT / ".env")
    allow_many_files()
    try:
        Start(options).run()
    except CannotStart as refusal:
        report.complain(str(refusal))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
