"""Scripted scenes: lists of timed steps that are played against a running simulation."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

log = logging.getLogger("simulator.scenes")
_READY = Path(__file__).with_name("scenes.json")
_MOST_STEPS = 2_000
_LONGEST_SECONDS = 24 * 3600.0


class SceneError(ValueError):
    """A scene that cannot be played; the text names what is wrong."""


@dataclass(frozen=True)
class Step:
    """One thing to do ``at`` so many seconds after the beginning; ``given`` is what the action takes."""

    at: float
    do: str
    given: dict[str, Any]


@dataclass
class Run:
    """A scene being played, or that was. ``told`` says what each step did."""

    id: str
    name: str
    number: str
    steps: list[Step]
    speed: float = 1.0
    state: str = "playing"  # playing, over, stopped
    told: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For the control API."""
        return {
            "id": self.id,
            "name": self.name,
            "number": self.number,
            "state": self.state,
            "steps": len(self.steps),
            "done": len(self.told),
            "told": self.told,
        }


Perform = Callable[[Run, Step], Awaitable[str]]


@cache
def ready() -> dict[str, dict[str, Any]]:
    """The scenes that come with the simulator, by name: title, what to expect, steps."""
    scenes: dict[str, dict[str, Any]] = json.loads(_READY.read_text("utf-8"))
    return scenes


def steps_of(given: object) -> list[Step]:
    """A JSON list of steps, checked and in order of time. Raises SceneError."""
    if not isinstance(given, list) or not 0 < len(given) <= _MOST_STEPS:
        raise SceneError(f"steps must be a list of 1 to {_MOST_STEPS} steps")
    return sorted((_step(place, one) for place, one in enumerate(given, 1)), key=lambda step: step.at)


def _step(place: int, one: object) -> Step:
    if not isinstance(one, dict) or not isinstance(one.get("do"), str):
        raise SceneError(f'step {place} must be an object with "do"')
    at = one.get("at", 0)
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 <= at <= _LONGEST_SECONDS:
        raise SceneError(f"step {place}: at must be seconds between 0 and {_LONGEST_SECONDS:.0f}")
    return Step(float(at), one["do"], {name: value for name, value in one.items() if name not in ("at", "do")})


class Stage:
    """Where scenes are played: any number at once, the last hundred remembered."""

    KEPT = 100

    def __init__(self) -> None:
        self.runs: dict[str, Run] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._made = 0

    def play(self, *, name: str, number: str, steps: list[Step], perform: Perform, speed: float = 1.0) -> Run:
        """Begin a scene whose steps ``perform`` does; speed 2 is twice as fast. Raises SceneError."""
        if not 0 < speed <= 10_000:
            raise SceneError("speed must lie between 0 and 10000")
        self._made += 1
        run = Run(str(self._made), name, number, steps, speed)
        self.runs[run.id] = run
        while len(self.runs) > self.KEPT:
            self.runs.pop(next(iter(self.runs)))
        self._tasks[run.id] = asyncio.create_task(self._play(run, perform))
        return run

    def stop(self, run_id: str | None = None) -> None:
        """End one scene, or all. What it did stays; its troubles that are still in force stay too."""
        for key in [run_id] if run_id is not None else list(self._tasks):
            task = self._tasks.pop(key, None)
            if task is not None:
                task.cancel()
                self.runs[key].state = "stopped"

    def clear(self) -> None:
        """Forget all."""
        self.stop()
        self.runs.clear()

    async def _play(self, run: Run, perform: Perform) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for step in run.steps:
            await asyncio.sleep(max(0.0, began + step.at / run.speed - loop.time()))
            try:
                said = await perform(run, step)
            except Exception as error:  # one step that cannot be done does not end the scene
                said = f"could not: {error or type(error).__name__}"
            run.told.append({"at": step.at, "do": step.do, "said": said})
            log.info("scene=%s do=%s %s", run.name, step.do, said)
        run.state = "over"
        self._tasks.pop(run.id, None)
