"""Who of those that are free gets a conversation: language, skill and clearance first, then the fewest in hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q

from conversations.language_codes import finds, primary
from conversations.models import Conversation, Intent, Team
from conversations.services.people.presence import Person
from tenants.accounts.models import User

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Hand:
    """Somebody who is free, while conversations are given out.

    room         how many more; None: any number
    team_skills  what is known in each team that she is in: being given its conversations is what a team is for
    """

    user: User
    load: int
    room: int | None
    languages: frozenset[str]
    skills: frozenset[str]
    team_skills: Mapping[UUID, frozenset[str]]
    cleared: bool
    given_at: datetime

    @property
    def all_skills(self) -> frozenset[str]:
        return self.skills.union(*self.team_skills.values())

    def take(self, *, at: datetime) -> None:
        self.load += 1
        self.room = None if self.room is None else self.room - 1
        self.given_at = at

    def fits(self, row: Conversation, *, language: str, skill: str) -> bool:
        """Whether she may and can answer it. Who says nothing about languages is asked for every one."""
        if self.room == 0 or (row.sensitive and not self.cleared):
            return False
        if row.team_id is not None and row.team_id not in self.team_skills:
            return False
        if language and self.languages and language not in self.languages:
            return False
        of_team = self.team_skills.get(row.team_id, frozenset()) if row.team_id else frozenset()
        return not skill or skill in self.skills or skill in of_team


def hand_of(person: Person, teams: Mapping[UUID, Team]) -> Hand:
    return Hand(
        user=person.user,
        load=person.load,
        room=person.capacity - person.load if person.capacity else None,
        languages=frozenset(map(primary, person.languages)),
        skills=_lower(person.skills),
        team_skills={pk: _lower(teams[pk].skills) for pk in person.teams if pk in teams},
        cleared=person.user.cleared,
        given_at=person.user.given_at or LONG_AGO,
    )


def best(hands: Iterable[Hand], row: Conversation, *, but: set[UUID]) -> Hand | None:
    """Who gets it: somebody who is known to speak the language before others, the fewest in hand, the longest without.

    but  who just gave it back
    """
    language, skill = primary(row.contact.language), row.intent.skill.lower() if row.intent else ""
    fitting = [hand for hand in hands if hand.user.pk not in but and hand.fits(row, language=language, skill=skill)]
    return min(
        fitting, key=lambda hand: (language not in hand.languages, hand.load, hand.given_at, hand.user.pk), default=None
    )


def spoken_in(languages: Iterable[str]) -> Q:
    """Conversations in one of these languages, or in none that is known."""
    found = Q(contact__language="")
    for language in languages:
        found |= finds("contact__language", language)
    return found


def skills_nobody_has(hands: Iterable[Hand]) -> list[str]:
    """Skills that intents of the entered company ask for and none of these has."""
    known = {skill for hand in hands for skill in hand.all_skills}
    asked = Intent.objects.exclude(skill="").values_list("skill", flat=True).distinct()
    return [skill for skill in asked if skill.lower() not in known]


def _lower(skills: Iterable[str]) -> frozenset[str]:
    return frozenset(skill.lower() for skill in skills)
