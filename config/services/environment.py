"""Makes the Python environment of the checkout; run by bin/start and bin/test with whatever Python 3.11+ they found.

Imports nothing but the standard library, since nothing else is installed yet.
"""

import hashlib
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
MARK = ".balie-requirements"


def refuse(sentence: str) -> None:
    sys.exit(f"balie: {sentence}")


def say(line: str) -> None:
    print(f"  {line}", flush=True)


def wanted(files: list[str]) -> set[str]:
    """One mark for each file of requirements: its hash, together with the Python that it was installed for."""
    contents = [(ROOT / name).read_bytes() for name in {*files, "requirements.txt"}]
    return {hashlib.sha256(sys.version.encode() + content).hexdigest() for content in contents}


def marks() -> set[str]:
    """The marks of what is installed; none when the checkout was moved, since programs know their old place."""
    place, *hashes = (VENV / MARK).read_text().split("\n") if (VENV / MARK).exists() else [""]
    return set(hashes) if place == str(VENV) else set()


def satisfied(files: list[str]) -> bool:
    """Whether the environment was filled from these files, or is a link to one that somebody else keeps."""
    if not (VENV / "bin" / "python").exists():
        return False
    return VENV.is_symlink() or wanted(files) <= marks()


def create() -> None:
    """An empty environment with pip in it."""
    moved = (VENV / MARK).exists() and not marks()
    if not moved and (VENV / "bin" / "python").exists() and (VENV / "bin" / "pip").exists():
        return
    try:
        import ensurepip  # noqa: F401  only to see whether Debian left it out
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        refuse(
            f"this Python {version} cannot make an environment, because the module ensurepip is missing. "
            f"On Debian and Ubuntu: apt-get install python{version}-venv. Then start again."
        )
    if VENV.is_symlink():
        VENV.unlink()  # it leads nowhere, or there would be a Python in it
    say("Creating the Python environment in .venv")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if done.returncode:
        refuse(f"the environment {VENV} could not be created.\n{(done.stderr or done.stdout).strip()}")


def install(files: list[str]) -> None:
    """Installs the packages with uv, which is ten times as fast, or with pip where uv cannot be had."""
    python = str(VENV / "bin" / "python")
    requirements = [part for name in files for part in ("-r", str(ROOT / name))]
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    say("Installing packages (half a minute the first time)")
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        subprocess.run([*pip, "uv"], capture_output=True)
    if uv.exists():
        # Never a Python download: --python names ours. The system's certificates matter behind a proxy of one's own.
        for option in ([], ["--system-certs"]):
            command = [str(uv), "pip", "install", "--quiet", "--python", python, *option, *requirements]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode == 0:
                return
        say("uv could not install them; trying pip: " + "".join(done.stderr.strip().splitlines()[:1]))
    if subprocess.run([*pip, *requirements]).returncode:
        refuse("the packages could not be installed; see the lines above. Is the package index reachable?")


def check_machine() -> None:
    """Refuse where the packages have no programs to bring, before half an hour of building would show it."""
    if sys.platform == "win32":
        refuse("does not run on Windows itself; use WSL, which is a Linux.")
    if sys.platform == "linux" and platform.libc_ver()[0] != "glibc":
        refuse(
            "the packages come for Linux with glibc (Debian, Ubuntu, Fedora …), and this system has another C library. "
            "Use one of those, or a container of one."
        )


def main(files: list[str]) -> None:
    if satisfied(files):
        return
    check_machine()
    import fcntl

    lock = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)  # another command of this checkout may be at it
    if satisfied(files):
        return
    try:
        create()
        install(files)
        (VENV / MARK).write_text("\n".join([str(VENV), *sorted(wanted(files) | marks())]))
    except OSError as error:
        refuse(f"cannot write {error.filename or VENV}: {error.strerror}.")


if __name__ == "__main__":
    main(sys.argv[1:] or ["requirements.txt"])
