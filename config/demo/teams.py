"""Who answers what in the demo's companies: teams, languages and skills."""

from dataclasses import dataclass

from config.demo.companies import CompanyPlan, mail_of
from conversations.models import Intent
from conversations.services.people import teams
from conversations.services.people.teams import TeamFacts
from tenants.accounts.models import User


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """One team; people by the part of their address before the @, the first of them leads."""

    name: str
    people: tuple[str, ...]
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyPlan:
    """``speaks``: languages by person; ``skills``: what intents ask for."""

    teams: tuple[TeamPlan, ...]
    speaks: dict[str, tuple[str, ...]]
    skills: dict[str, str]


PLANS = {
    "fietsland": DutyPlan(
        teams=(
            TeamPlan("Winkel", ("ruben", "sanne", "emre")),
            TeamPlan("Werkplaats", ("joris", "emre"), skills=("werkplaats",)),
        ),
        speaks={"sanne": ("nl", "en"), "joris": ("nl", "de"), "emre": ("nl", "en", "tr"), "ruben": ("nl", "en", "de")},
        skills={"Reparatie": "werkplaats", "Pech onderweg": "werkplaats"},
    ),
    "zorgvast": DutyPlan(
        teams=(TeamPlan("Zorglijn", ("peter", "nadia", "tineke")),),
        speaks={"nadia": ("nl", "en", "fr", "ar"), "tineke": ("nl", "de"), "peter": ("nl", "en")},
        skills={},
    ),
    "omroepdelta": DutyPlan(
        teams=(
            TeamPlan("Redactie", ("yasmin", "kees"), skills=("redactie",)),
            TeamPlan("Publiek", ("yasmin", "anna", "thomas")),
        ),
        speaks={"kees": ("nl",), "anna": ("nl", "de"), "thomas": ("nl", "en"), "yasmin": ("nl", "en", "ar")},
        skills={"Tip voor de redactie": "redactie"},
    ),
}


def write(plan: CompanyPlan) -> None:
    """Say who answers what, in the entered company; its first admin does."""
    duty = PLANS[plan.subdomain]
    people = {one.mail: User.objects.get(email=mail_of(one, plan.subdomain)) for one in plan.people}
    by = people[plan.people[0].mail]
    for name, languages in duty.speaks.items():
        people[name].languages = list(languages)
    User.objects.bulk_update(people.values(), ["languages"])
    for name, skill in duty.skills.items():
        Intent.objects.filter(name=name).update(skill=skill)
    for team in duty.teams:
        members = [people[name].pk for name in team.people]
        facts = TeamFacts(
            name=team.name,
            skills=list(team.skills),
            languages=list(team.languages),
            auto_assign=False,
            cleared_as_a_whole=False,
            members=frozenset(members),
            leads=frozenset(members[:1]),
        )
        teams.create(facts, by=by)
