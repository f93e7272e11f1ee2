"""How far a connecting has come, as a page shows it: every step with its state, and the one that is somebody's turn."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from conversations.models import Connecting
from conversations.services.connecting import checks_going, path, problems, running
from conversations.services.connecting.attempt import DONE, FAILED, WAITING, Result, done
from conversations.services.connecting.path import Step
from conversations.services.connecting.problems import Problem

TODO = "todo"


@dataclass(frozen=True, slots=True)
class StepView:
    """One step in words."""

    step: Step
    state: str
    code: str = ""
    problem: Problem | None = None
    details: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None

    @property
    def is_done(self) -> bool:
        return self.state == DONE

    @property
    def blocks(self) -> bool:
        """Whether nothing goes on before somebody acts here."""
        return self.step.needed and self.state in (FAILED, WAITING)


@dataclass(frozen=True, slots=True)
class Progress:
    """The whole path at one moment."""

    connecting: Connecting
    steps: list[StepView]
    running: bool

    @property
    def current(self) -> StepView:
        """The one thing to do: what blocks, else what was not done yet, else what only warns, else the last step."""
        for wanted in (
            [one for one in self.steps if one.blocks],
            [one for one in self.steps if one.step.needed and not one.is_done],
            [one for one in self.steps if one.state == FAILED],
            [one for one in self.steps if not one.is_done],
        ):
            if wanted:
                return wanted[0]
        return self.steps[-1]

    @property
    def connected(self) -> bool:
        return all(one.is_done for one in self.steps if one.step.needed)

    @property
    def finished(self) -> bool:
        return all(one.is_done for one in self.steps)

    @property
    def count_done(self) -> int:
        return sum(one.is_done for one in self.steps)

    def named(self, name: str) -> StepView | None:
        return next((one for one in self.steps if one.step.name == name), None)


def progress_of(connecting: Connecting) -> Progress:
    """What a page shows; steps that rest on our own rows are looked at now. Asks the platform nothing."""
    return Progress(
        connecting, [_view(step, connecting) for step in path.of(connecting)], running.is_running(connecting)
    )


def _view(step: Step, connecting: Connecting) -> StepView:
    kept = connecting.steps.get(step.name)
    seen = _seen(step.name, connecting) if _reached(step, connecting) else None
    if seen is not None:
        return StepView(step, seen.state, seen.problem, problems.of(seen.problem), seen.details, _at(seen.details))
    if not kept:
        return StepView(step, TODO)
    code = str(kept.get("problem") or "")
    return StepView(step, str(kept["state"]), code, problems.of(code), kept.get("details", {}), _at(kept))


def _reached(step: Step, connecting: Connecting) -> bool:
    return connecting.number_id is not None or step.name in connecting.steps


def _seen(name: str, connecting: Connecting) -> Result | None:
    """What our own rows say of a step; None where only the platform knows."""
    kept = connecting.steps.get(name, {})
    if name == "agreement":
        return checks_going.live(connecting.number)
    if name == "handover":
        return checks_going.handed_over(connecting)
    if name == "test_message":
        return checks_going.tested(connecting)
    if name == "webhooks" and kept.get("state") != DONE:
        at = checks_going.came_in(connecting)
        return done(at=at.isoformat()) if at else None
    return None


def _at(kept: dict[str, Any]) -> datetime | None:
    return parse_datetime(str(kept.get("at") or ""))
