"""Casts the dialogues of a company: who says what to whom, and when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from config.demo import contacts, script
from config.demo.clock import ZONE, Clock, is_open, start_on
from config.demo.companies import AGREED_DAYS, CompanyPlan
from config.demo.contacts import Person
from config.demo.script import Dialogue, Line

DAYS = 42
TOLD_APART = {"series", "phone", "ago"}
REST = timedelta(days=2)  # between two conversations of one person
COMES_BACK = 0.35


@dataclass(slots=True)
class Scene:
    """One conversation. ``agent`` is the place of its holder among those who answer, None for nobody (yet)."""

    person: Person
    language: str
    lines: list[Line]
    moments: list[datetime]
    live: bool
    agent: int | None
    options: dict[str, str] = field(default_factory=dict)
    members: list[Person] = field(default_factory=list)

    @property
    def group(self) -> str:
        """The name of the group that this is said in; empty between two."""
        return self.options.get("group", "").replace("_", " ")

    @property
    def from_phone(self) -> bool:
        return "phone" in self.options

    @property
    def begins(self) -> datetime:
        return self.moments[0]

    @property
    def ends(self) -> datetime:
        return max(self.moments)


def scenes(plan: CompanyPlan, *, agents: int, now: datetime) -> list[Scene]:
    """Everything that was said with one company, oldest first."""
    return _Cast(plan, agents, now).play()


class _Cast:
    def __init__(self, plan: CompanyPlan, agents: int, now: datetime) -> None:
        self.plan, self.agents, self.now = plan, agents, now
        self.dice = Random(f"stage {plan.subdomain}")
        self.specials = contacts.special(plan.subdomain)
        self.crowds = {language: contacts.crowd(plan.subdomain, language) for language in contacts.NAMES}
        self.dialogues = script.read(plan.subdomain)
        self.busy: dict[str, list[Scene]] = {}

    def play(self) -> list[Scene]:
        told = [self._live(dialogue) for dialogue in self.dialogues if dialogue.live is not None]
        told += [self._live(dialogue) for dialogue in self.dialogues if dialogue.ago is not None]
        told += [self._from_phone(dialogue) for dialogue in self.dialogues if "phone" in dialogue.options]
        told += self._series()
        told += self._archive()
        return sorted(told, key=lambda scene: scene.begins)

    # --- What is going on now ------------------------------------------------------------------------------------
    def _live(self, dialogue: Dialogue) -> Scene:
        clock = Clock(self.plan, self.dice, self.now, strict=False)
        moments = clock.moments(dialogue.lines)
        since = dialogue.live if dialogue.live is not None else dialogue.ago
        assert since is not None  # noqa: S101  the caller asks only for these
        shift = self.now - since - max(moments)
        agent = int(dialogue.options["agent"]) if "agent" in dialogue.options else None
        person = self._person_of(dialogue)
        is_live = dialogue.live is not None
        return self._scene(dialogue, person, [at + shift for at in moments], live=is_live, agent=agent)

    # --- What the company's phone brought along ----------------------------------------------------------------------
    def _from_phone(self, dialogue: Dialogue) -> Scene:
        back = timedelta(days=AGREED_DAYS + 1 + self.dice.randrange(1, 40))
        start = start_on(self.plan, self.now - back, self.dice)
        moments = Clock(self.plan, self.dice, start).moments(dialogue.lines)
        return self._scene(dialogue, self._person_of(dialogue), moments, live=False, agent=None)

    # --- One person who writes every day ---------------------------------------------------------------------------
    def _series(self) -> Iterator[Scene]:
        parts = [dialogue for dialogue in self.dialogues if "series" in dialogue.options]
        if not parts:
            return
        person = self._person_of(parts[0])
        queue: list[Dialogue] = []
        while sum(len(part.lines) for part in queue) < self.plan.series_lines:
            queue += self.dice.sample(parts, len(parts))
            parts = [part for part in parts if "once" not in part.options]
        days = list(self._working_days())
        for n, day in enumerate(days):
            today = queue[n * len(queue) // len(days) : (n + 1) * len(queue) // len(days)]
            if today:
                yield self._day(today, person, day)

    def _day(self, parts: list[Dialogue], person: Person, day: datetime) -> Scene:
        lines: list[Line] = []
        moments: list[datetime] = []
        at = day + timedelta(hours=self.plan.hours[0], minutes=self.dice.randrange(5, 50))
        for part in parts:
            moments += Clock(self.plan, self.dice, at).moments(part.lines)
            lines += part.lines
            at = moments[-1] + timedelta(minutes=self.dice.randrange(20, 90))
        return self._scene(parts[0], person, moments, live=False, agent=self._somebody(), lines=lines)

    def _working_days(self) -> Iterator[datetime]:
        today = self.now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        for back in range(DAYS, 1, -1):
            day = today - timedelta(days=back)
            if is_open(self.plan, day.replace(hour=self.plan.hours[0])):
                yield day

    # --- What was -----------------------------------------------------------------------------------------------------
    def _archive(self) -> list[Scene]:
        pool = {language: self._deck(language) for language in set(self.plan.languages)}
        told = [
            self._past(next(pool[self.plan.languages[n % len(self.plan.languages)]]), n)
            for n in range(self.plan.spells)
        ]
        told.sort(key=lambda scene: scene.begins)
        for scene in told:
            scene.person = self._somebody_free(scene)
            self.busy.setdefault(scene.person.key, []).append(scene)
        return told

    def _deck(self, language: str) -> Iterator[Dialogue]:
        """Every dialogue of a language once, shuffled, and again; what happens once is in the first round only."""
        cards = [
            d for d in self.dialogues if d.language == language and d.live is None and not TOLD_APART & d.options.keys()
        ]
        while True:
            self.dice.shuffle(cards)
            yield from cards
            cards = [card for card in cards if "once" not in card.options]

    def _past(self, dialogue: Dialogue, n: int) -> Scene:
        back = DAYS * (1 - (n + self.dice.random()) / self.plan.spells)
        start = start_on(self.plan, self.now - timedelta(days=back), self.dice)
        while True:
            moments = Clock(self.plan, Random(str(start)), start).moments(dialogue.lines)
            if max(moments) < self.now - timedelta(hours=1):
                break
            start -= timedelta(days=1)
        nobody = self.specials[0]  # until the scene is given to somebody
        return self._scene(dialogue, nobody, moments, live=False, agent=self._somebody(), known=False)

    def _somebody_free(self, scene: Scene) -> Person:
        """Somebody who has written before and has rested since, or a new face."""
        if "person" in scene.options:
            return self._named(scene.options["person"])
        if self.dice.random() < COMES_BACK:
            known = [scenes[0].person for scenes in self.busy.values() if self._fits(scenes, scene)]
            if known:
                return self.dice.choice(known)
        return next(self.crowds[scene.language])

    @staticmethod
    def _fits(others: list[Scene], scene: Scene) -> bool:
        if others[0].language != scene.language or len(others) > 3 or "series" in others[0].options:
            return False
        same = any(other.lines is scene.lines for other in others)
        return not same and all(
            other.ends + REST < scene.begins or scene.ends + REST < other.begins for other in others
        )

    # --- Who ----------------------------------------------------------------------------------------------------------
    def _person_of(self, dialogue: Dialogue) -> Person:
        if "person" in dialogue.options:
            return self._named(dialogue.options["person"])
        return next(self.crowds[dialogue.language])

    def _named(self, place: str) -> Person:
        return self.specials[int(place)]

    def _somebody(self) -> int:
        return self.dice.randrange(self.agents)

    def _scene(
        self,
        dialogue: Dialogue,
        person: Person,
        moments: list[datetime],
        *,
        live: bool,
        agent: int | None,
        lines: list[Line] | None = None,
        known: bool = True,
    ) -> Scene:
        told = dialogue.lines if lines is None else lines
        scene = Scene(person, dialogue.language, told, moments, live, agent, dialogue.options)
        if scene.group:
            count = max(line.member for line in told)
            scene.members = [person, *(next(self.crowds[dialogue.language]) for _ in range(count - 1))]
        if known and not scene.group:
            self.busy.setdefault(person.key, []).append(scene)
        return scene
