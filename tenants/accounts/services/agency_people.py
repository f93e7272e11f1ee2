"""Who of the agency may work inside the entered company, as its admins see and decide it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise

from tenants.accounts.services import conditions
from tenants.context import in_public
from tenants.models import ClientCompany, StaffGrant, StaffMembership, StaffTeam, TeamGrant

MOST = 500


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of the agency under one grant. ``missing``: why the door stays shut for her now."""

    grant: StaffGrant
    name: str
    missing: Sequence[Promise]


@dataclass(frozen=True, slots=True)
class Group:
    """A team under its grant: who works here through it, and who does not yet, with what is missing."""

    grant: TeamGrant
    workers: list[Worker] = field(default_factory=list)
    outside: list[tuple[str, list[Promise]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Access:
    """Everything at once."""

    people: list[Worker]
    groups: list[Group]


def access_to(company: ClientCompany) -> Access:
    """All grants in force at a company; the facts of each person are asked once."""
    with in_public():
        direct = StaffGrant.objects.in_force().filter(company=company, via=None).select_related("staff", "company")
        people = [_worker(grant) for grant in direct.order_by("staff__name")[:MOST]]
        teams = TeamGrant.objects.in_force().filter(company=company).select_related("team").order_by("team__name")
        return Access(people, [_group(grant, company) for grant in teams[:MOST]])


def choices(company: ClientCompany) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The agency's people and teams by id and name, for choosing; names only."""
    with in_public():
        staff = StaffMembership.objects.filter(agency=company.agency_id, user__is_active=True).order_by("user__name")
        people = [(str(pk), name) for pk, name in staff.values_list("user_id", "user__name")[:MOST]]
        teams = StaffTeam.objects.filter(agency=company.agency_id).order_by("name")
        return people, [(str(pk), name) for pk, name in teams.values_list("pk", "name")[:MOST]]


def membership_of(company: ClientCompany, staff_id: UUID) -> StaffMembership | None:
    with in_public():
        rows = StaffMembership.objects.select_related("user", "agency")
        return rows.filter(agency=company.agency_id, user=staff_id).first()


def _worker(grant: StaffGrant) -> Worker:
    unmet: list[str] = []
    if grant.conditions:
        unmet = conditions.missing(
            grant.conditions,
            facts=conditions.facts_of(grant.staff_id),
            company_id=grant.company_id,
            rules_at=grant.company.house_rules_at,
            entering=True,
        )
    return Worker(grant, grant.staff.name, [conditions.MISSING_WORDS[one] for one in unmet])


def _group(grant: TeamGrant, company: ClientCompany) -> Group:
    rows = StaffGrant.objects.in_force().filter(via=grant).select_related("staff", "company").order_by("staff__name")
    group = Group(grant, [_worker(row) for row in rows[:MOST]])
    inside = {worker.grant.staff_id for worker in group.workers}
    members = grant.team.members.select_related("staff").order_by("staff__name")[:MOST]
    for member in members:
        if member.staff_id not in inside:
            facts = conditions.facts_of(member.staff_id)
            unmet = conditions.missing(
                grant.conditions, facts=facts, company_id=company.pk, rules_at=None, entering=False
            )
            group.outside.append((member.staff.name, [conditions.MISSING_WORDS[one] for one in unmet]))
    return group
