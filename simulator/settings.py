"""What differs between one simulator process and another, read once from the environment."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Where to listen, what to load and whom to call.

    data         folder of the record; None keeps everything in memory
    world        JSON file that is merged into the world at every start
    webhook_url  callback of apps that name none themselves
    seed         makes ids and chances repeatable; None draws them fresh
    public_url   address under which clients reach this process, for media links in webhooks
    """

    host: str
    port: int
    data: Path | None
    world: Path | None
    webhook_url: str | None
    seed: int | None
    public_url: str


def from_environment() -> Settings:
    """Settings from SIMULATOR_* variables. Raises SystemExit that names the odd variable."""
    host = os.environ.get("SIMULATOR_HOST") or "127.0.0.1"
    port = _number("SIMULATOR_PORT", 8010) or 8010
    return Settings(
        host=host,
        port=port,
        data=_path("SIMULATOR_DATA"),
        world=_path("SIMULATOR_WORLD"),
        webhook_url=os.environ.get("SIMULATOR_WEBHOOK_URL") or None,
        seed=_number("SIMULATOR_SEED", None),
        public_url=os.environ.get("SIMULATOR_PUBLIC_URL") or f"http://{host}:{port}",
    )


def _number(name: str, default: int | None) -> int | None:
    text = os.environ.get(name)
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise SystemExit(f"{name} must be a whole number, not {text!r}.") from None


def _path(name: str) -> Path | None:
    text = os.environ.get(name)
    return Path(text) if text else None
