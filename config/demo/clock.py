"""When things are said: pauses that people take, the hours in which a company answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from config.demo.companies import CompanyPlan
from config.demo.script import Line

ZONE = ZoneInfo("Europe/Amsterdam")
SECONDS = timedelta(seconds=1)
LATE_EVERY = 8  # one first answer in eight takes longer than promised


@dataclass(slots=True)
class Clock:
    """Gives each line of one dialogue its moment. ``strict``: agents keep its hours, and are late at times."""

    plan: CompanyPlan
    dice: Random
    now: datetime
    strict: bool = True

    def moments(self, lines: list[Line]) -> list[datetime]:
        """The moments of all lines, the first one at ``now``."""
        found: list[datetime] = []
        before: Line | None = None
        for line in lines:
            if before is not None:
                self.now += line.pause if line.pause is not None else self._pause(before, line)
                self.now += self.dice.randrange(1, 40) * SECONDS
            if self.strict and line.who in "an":
                self.now = opening(self.plan, self.now, self.dice)
            found.append(self.now)
            before = line
        return found

    def _pause(self, before: Line, line: Line) -> timedelta:
        if line.kind in ("react", "edit", "revoke"):
            return timedelta(seconds=self.dice.randrange(15, 90))
        if before.who == line.who:
            return timedelta(seconds=self.dice.randrange(12, 75))
        if line.who == "a":
            return timedelta(minutes=self._answer_minutes())
        return timedelta(minutes=self.dice.triangular(0.5, 18, 2))

    def _answer_minutes(self) -> float:
        promise = self.plan.response_minutes
        if self.strict and self.dice.randrange(LATE_EVERY) == 0:
            return self.dice.uniform(promise, promise * 2)
        return self.dice.triangular(1, promise * (0.8 if self.strict else 0.4), 3)


def opening(plan: CompanyPlan, moment: datetime, dice: Random) -> datetime:
    """The moment itself when the company is open, else some minutes after it opens next."""
    local = moment.astimezone(ZONE)
    if is_open(plan, local):
        return moment
    opens, _closes = plan.hours
    start = local.replace(hour=opens, minute=0, second=0)
    if start < local:
        start += timedelta(days=1)
    while start.weekday() not in plan.weekdays:
        start += timedelta(days=1)
    return start + timedelta(minutes=dice.randrange(2, 50), seconds=dice.randrange(60))


def is_open(plan: CompanyPlan, local: datetime) -> bool:
    opens, closes = plan.hours
    return local.weekday() in plan.weekdays and opens <= local.hour < closes


def start_on(plan: CompanyPlan, day: datetime, dice: Random) -> datetime:
    """A moment of that day at which somebody may begin to write; evenings too, most by day."""
    opens, closes = plan.hours
    hour = dice.triangular(opens - 1, closes + 2, (opens + closes) / 2 - 1)
    local = day.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return local + timedelta(hours=hour, seconds=dice.randrange(60))
