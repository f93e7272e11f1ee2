"""What .ci/run installs on a bare Debian, with stand-ins for the system's programs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("bash", "sh", "dirname", "tail", "sed", "cat")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with a few programs of this machine, Python among them, and no browser."""
    for name in PROGRAMS:
        found = shutil.which(name)
        assert found, name
        (tmp_path / name).symlink_to(found)
    (tmp_path / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (tmp_path / "python3").chmod(0o755)
    put(tmp_path, "id", "echo 0")
    return tmp_path


def put(machine: Path, name: str, script: str) -> None:
    (machine / name).write_text(f"#!/bin/sh\n{script}\n")
    (machine / name).chmod(0o755)


def install(machine: Path) -> str:
    done = subprocess.run(
        ["bash", ROOT / ".ci" / "run", "--install"],
        env={"PATH": str(machine), "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_a_browser_that_is_there_is_not_installed(machine: Path) -> None:
    put(machine, "chromium", "exit 1")
    put(machine, "apt-get", f"echo called >>{machine}/calls")

    assert install(machine) == ""
    assert not (machine / "calls").exists()


def test_root_on_debian_installs_the_browser_without_being_asked_anything(machine: Path) -> None:
    put(machine, "apt-get", f'echo "$@" >>{machine}/calls; ! read -r answer')

    assert install(machine) == "Installing chromium\n"
    update, installed = (machine / "calls").read_text().splitlines()
    assert update == "update -qq"
    assert installed.startswith("install -qq --yes") and installed.endswith(" chromium")


def test_lists_that_cannot_be_fetched_do_not_keep_it_from_trying(machine: Path) -> None:
    put(machine, "apt-get", '[ "$1" = install ]')

    assert "could not" not in install(machine)


def test_what_apt_get_says_when_it_fails_is_told(machine: Path) -> None:
    put(machine, "apt-get", 'echo "E: Unable to locate package chromium" >&2; exit 100')

    said = install(machine)

    assert "chromium could not be installed; tests that need it are skipped" in said
    assert "E: Unable to locate package chromium" in said


@pytest.mark.parametrize("missing", ["root", "apt-get"])
def test_where_nothing_may_be_installed_it_is_said(machine: Path, missing: str) -> None:
    put(machine, "apt-get", "exit 99")
    if missing == "root":
        put(machine, "id", "echo 1000")
    else:
        (machine / "apt-get").unlink()

    assert install(machine).startswith("Not here: chromium.")
