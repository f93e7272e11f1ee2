"""The unprivileged account that the embedded servers run under when we are root (PostgreSQL refuses root)."""

import contextlib
import os
import pwd
import stat
from pathlib import Path

from config.services.errors import CannotStart


def account() -> pwd.struct_passwd | None:
    """The account to use, or None when we are not root and the servers may run as ourselves.

    An existing account, never a new one; initdb needs its entry in the password file.
    """
    if os.geteuid() != 0:
        return None
    wanted = os.environ.get("EMBEDDED_USER", "").strip()
    for name in [wanted] if wanted else ["nobody", "postgres"]:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            if entry.pw_uid == 0:
                raise CannotStart("EMBEDDED_USER names root; PostgreSQL does not run as root.")
            return entry
    if wanted:
        raise CannotStart(f"EMBEDDED_USER is {wanted!r}, and there is no such account on this machine.")
    raise CannotStart("found no unprivileged account (nobody, postgres) to run PostgreSQL under; set EMBEDDED_USER.")


def reachable(path: Path) -> bool:
    """Whether every folder above the path lets others pass through."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)


def popen_user() -> dict[str, object]:
    """The arguments of Popen that give up root; empty when there is nothing to give up."""
    entry = account()
    if entry is None:
        return {}
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
