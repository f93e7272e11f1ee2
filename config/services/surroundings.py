"""The environment that the processes of one start run in."""

import json
import os
import sys
from pathlib import Path

from config.services.embedded import Embedded
from config.services.errors import CannotStart
from config.services.keys import kept_keys, write_private
from config.services.layout import Layout
from config.services.ports import Ports

SERVERS = ("DATABASE_URL", "REDIS_URL")


def own_servers() -> bool:
    """Whether the environment names real servers. Raises CannotStart when it names only one of the two."""
    named = [name for name in SERVERS if os.environ.get(name, "").strip()]
    if len(named) == 1:
        missing = next(name for name in SERVERS if name not in named)
        raise CannotStart(f"{missing} is not set, but {named[0]} is: set both, or neither for the embedded servers.")
    return bool(named)


def build(layout: Layout, *, ports: Ports, embedded: Embedded | None) -> dict[str, str]:
    """Everything the processes read. What the person set wins over what this checkout made."""
    programs = [Path(sys.executable).parent, *([embedded.postgres] if embedded else [])]
    host = os.environ.get("BASE_DOMAIN", "").strip() or "localhost"
    made = {
        "PORT_OFFSET": str(ports.offset),
        "WEB_PORT": str(ports.web),
        "LIVE_PORT": str(ports.live),
        "SIMULATOR_PORT": str(ports.simulator),
        "LIVE_URL": f"http://{host}:{ports.live}",
        "MEDIA_ROOT": str(layout.media),
        "SANDBOX_GRAPH_URL": f"http://127.0.0.1:{ports.simulator}",
        "SIMULATOR_DATA": str(layout.var / "simulator"),
        "SIMULATOR_WORLD": str(layout.world),
        "SIMULATOR_WEBHOOK_URL": f"http://127.0.0.1:{ports.web}/webhooks/whatsapp",
        "SIMULATOR_PUBLIC_URL": f"http://localhost:{ports.simulator}",
        "PYTHONUNBUFFERED": "1",
        **kept_keys(layout.keys),
    }
    if embedded is not None:
        made |= {"DATABASE_URL": embedded.database_url, "REDIS_URL": embedded.redis_url}
    _write_world(layout, made)
    chosen = {name: value for name, value in os.environ.items() if value.strip() or name not in made}
    always = {"PATH": os.pathsep.join([*map(str, programs), os.environ.get("PATH", "")])}
    return made | chosen | always


def _write_world(layout: Layout, made: dict[str, str]) -> None:
    """The simulator's first world: the sandbox's app. The demo adds its accounts, numbers and people to the file."""
    if not layout.world.exists():
        names = {"id": "SANDBOX_APP_ID", "secret": "SANDBOX_APP_SECRET", "verify_token": "SANDBOX_VERIFY_TOKEN"}
        app = {key: made[name] for key, name in names.items()}
        write_private(layout.world, json.dumps({"apps": [app]}, indent=2) + "\n")
