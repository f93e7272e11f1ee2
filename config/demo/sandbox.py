"""The Meta app of the sandbox, as the environment gives it: the demo's numbers stand on the simulator."""

from dataclasses import dataclass
from pathlib import Path

from config import env


@dataclass(frozen=True, slots=True)
class Sandbox:
    """``world`` is the file that the simulator merges at its start, None where no simulator of ours will run."""

    app_id: str
    secret: str
    verify_token: str
    access_token: str
    graph_url: str
    world: Path | None

    def token(self, order: int) -> str:
        """Every account has an access token of its own."""
        return f"{self.access_token}{order:02d}"


def read() -> Sandbox:
    """What bin/start made or the person set. Raises env.BadSetting with the variable's name."""
    world = env.text("SIMULATOR_WORLD", "")
    return Sandbox(
        app_id=env.text("SANDBOX_APP_ID"),
        secret=env.text("SANDBOX_APP_SECRET"),
        verify_token=env.text("SANDBOX_VERIFY_TOKEN"),
        access_token=env.text("SANDBOX_ACCESS_TOKEN"),
        graph_url=env.url("SANDBOX_GRAPH_URL", "http://127.0.0.1:8010", schemes=("http", "https")),
        world=Path(world) if world else None,
    )
