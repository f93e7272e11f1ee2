"""The floor: who is there, what each has in hand, which teams have somebody, and what waits for whom. Reads only.

A page of it costs a fixed number of queries, however many people and conversations there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from conversations.language_codes import primary
from conversations.models import Conversation, Intent, Team
from conversations.services.people import cover, presence
from conversations.services.people.presence import Person
from tenants.accounts.models import Presence, User

ORDER = {Presence.AVAILABLE: 0, Presence.PAUSED: 1, Presence.AWAY: 2}
MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team: who of it is available, what waits for it, and which languages are spoken there now."""

    team: Team
    people: int
    available: int
    cleared: int
    unassigned: int
    waiting: int
    oldest: datetime | None
    languages: tuple[str, ...]

    @property
    def uncovered(self) -> bool:
        return bool(self.waiting) and not self.available


@dataclass(frozen=True, slots=True)
class LanguageLine:
    """A language in which people wait, and how many speak it now. Who says nothing about languages speaks any."""

    code: str
    waiting: int
    available: int


@dataclass(frozen=True, slots=True)
class SkillLine:
    """A skill that intents ask for: how many wait for somebody who has it, and how many of those who are there do."""

    name: str
    waiting: int
    available: int


@dataclass(frozen=True, slots=True)
class Floor:
    """Everybody and everything of the entered company, as it is now."""

    people: Sequence[Person]
    teams: Sequence[TeamLine]
    languages: Sequence[LanguageLine]
    skills: Sequence[SkillLine]
    cover: cover.Cover
    unassigned: int
    oldest: datetime | None

    @property
    def available(self) -> int:
        return self.cover.available

    @property
    def paused(self) -> int:
        return sum(person.effective == Presence.PAUSED for person in self.people)

    @property
    def free_hands(self) -> int:
        """How many more conversations those who are available can take; people without a limit count for one."""
        hands = (max(one.capacity - one.load, 0) if one.capacity else 1 for one in self.people if one.available)
        return sum(hands)


def of_company(*, at: datetime | None = None) -> Floor:
    at = at or timezone.now()
    people = presence.everybody(at=at)
    waiting = Conversation.objects.waiting().filter(hold="")
    nobodys = waiting.filter(assignee=None).aggregate(count=Count("pk"), oldest=Min("waiting_since"))
    return Floor(
        people=sorted(people, key=_order),
        teams=(teams := _teams(people)),
        skills=_skills(people, teams),
        languages=_languages(people),
        cover=cover.of(people, at=at),
        unassigned=nobodys["count"],
        oldest=nobodys["oldest"],
    )


def held_by(user: User, *, reader: User) -> QuerySet[Conversation]:
    """What somebody holds, as far as the reader may see it; who waits longest first."""
    rows = Conversation.objects.visible_to(reader).open().filter(assignee=user)
    return rows.select_related("contact", "team").order_by("waiting_since", "-last_message_at")[:MOST_ROWS]


def _order(person: Person) -> tuple[int, bool, int, str]:
    seen = person.stand.seen_at is None
    return ORDER[person.effective], seen, -person.here.waiting, person.user.name.casefold()


def _teams(people: list[Person]) -> list[TeamLine]:
    waits = Q(conversations__waiting_since__isnull=False, conversations__hold="")
    waits &= ~Q(conversations__status=Conversation.Status.CLOSED)
    rows = Team.objects.annotate(
        waiting=Count("conversations", filter=waits),
        unassigned=Count("conversations", filter=waits & Q(conversations__assignee=None)),
        oldest=Min("conversations__waiting_since", filter=waits),
    ).order_by("name")
    return [_team(row, [person for person in people if row.pk in person.teams]) for row in rows]


def _team(row: Team, members: list[Person]) -> TeamLine:
    there = [person for person in members if person.available]
    return TeamLine(
        team=row,
        people=len(members),
        available=len(there),
        cleared=sum(person.user.cleared for person in there),
        unassigned=row.unassigned,  # type: ignore[attr-defined]
        waiting=row.waiting,  # type: ignore[attr-defined]
        oldest=row.oldest,  # type: ignore[attr-defined]
        languages=tuple(sorted({primary(code) for person in there for code in person.languages})),
    )


def _languages(people: list[Person]) -> list[LanguageLine]:
    rows = Conversation.objects.waiting().filter(hold="").exclude(contact__language="").order_by()
    counts: dict[str, int] = {}
    for language, count in rows.values_list("contact__language").annotate(count=Count("pk")):
        code = primary(language)
        counts[code] = counts.get(code, 0) + count
    there = [person for person in people if person.available]
    speaks = [{primary(code) for code in person.languages} for person in there]
    spoken = {code for known in speaks for code in known}
    return [
        LanguageLine(code, counts.get(code, 0), sum(code in known or not known for known in speaks))
        for code in sorted(spoken | set(counts))
    ]


def _skills(people: list[Person], teams: list[TeamLine]) -> list[SkillLine]:
    """Whoever is in a team knows what the team knows."""
    asked = Intent.objects.filter(retired_at=None).exclude(skill="").values_list("skill", flat=True)
    waiting = dict.fromkeys((skill.lower() for skill in asked.distinct()[:MOST_ROWS]), 0)
    rows = Conversation.objects.waiting().filter(hold="", intent__isnull=False).exclude(intent__skill="").order_by()
    for skill, count in rows.values_list("intent__skill").annotate(count=Count("pk")):
        waiting[skill.lower()] = waiting.get(skill.lower(), 0) + count
    of_team = {line.team.pk: {skill.lower() for skill in line.team.skills} for line in teams}
    there = [
        {skill.lower() for skill in person.skills}.union(*(of_team.get(team, set()) for team in person.teams))
        for person in people
        if person.available
    ]
    return [SkillLine(name, count, sum(name in known for known in there)) for name, count in sorted(waiting.items())]


def person_or_none(user_id: UUID) -> Person | None:
    """One person of the floor."""
    return next(iter(presence.everybody(only=[user_id])), None)
