"""The secrets of an installation that nobody chose: made once, kept in a file that only its owner reads."""

import base64
import json
import os
import secrets
from pathlib import Path


def fernet_key() -> str:
    """A key as cryptography's Fernet wants it: 32 random bytes, URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def fresh_keys() -> dict[str, str]:
    """New values for every secret that a process needs to start, by the name of its variable."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ENCRYPTION_KEYS": fernet_key(),
        "LIVE_KEY": secrets.token_urlsafe(32),
    }


def fresh_sandbox() -> dict[str, str]:
    """The Meta app of the sandbox: what the simulator signs with and the demo connects to."""
    return {
        "SANDBOX_APP_ID": str(10**14 + secrets.randbelow(9 * 10**14)),
        "SANDBOX_APP_SECRET": secrets.token_hex(16),
        "SANDBOX_VERIFY_TOKEN": secrets.token_urlsafe(24),
        "SANDBOX_ACCESS_TOKEN": "EAA" + secrets.token_hex(40),
    }


def kept_keys(path: Path) -> dict[str, str]:
    """The secrets of this checkout: those in the file, and new ones for what it does not have yet."""
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    complete = fresh_keys() | fresh_sandbox() | kept
    if complete != kept:
        write_private(path, json.dumps(complete, indent=2) + "\n")
    return complete


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
