"""Lets a whole team of the agency work for a client: each member who meets the conditions gets a grant of her own."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.accounts.services import conditions as asked
from tenants.accounts.services import grants
from tenants.accounts.services.grants import Gone, NotThisAgency
from tenants.context import in_public, inside, schema_of
from tenants.models import ClientCompany, StaffGrant, StaffMembership, StaffTeam, TeamGrant


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody of a team who may not serve one of its clients yet."""

    company: ClientCompany
    staff: User
    missing: list[str]


@transaction.atomic
def give(
    team: StaffTeam,
    *,
    company: ClientCompany,
    role: Role,
    given_by: str,
    by: User | None = None,
    conditions: dict[str, Any] | None = None,
) -> tuple[TeamGrant, list[Gone]]:
    """Let a team work for a company, or change the role and conditions under which it does.

    Returns  the grant, and who lost access because of stricter conditions
    Raises   NotThisAgency
    """
    if team.agency_id != company.agency_id:
        raise NotThisAgency
    with in_public():
        team = StaffTeam.objects.select_for_update().get(pk=team.pk)
        grant, created = TeamGrant.objects.update_or_create(
            team=team,
            company=company,
            ends_at=None,
            defaults={
                "agency_id": team.agency_id,
                "role": role,
                "conditions": conditions or {},
                "given_by": given_by,
            },
        )
        members = list(_memberships(team))
    with inside(schema_of(company.pk)):
        told = sorted(name for name, value in grant.conditions.items() if value)
        action = "team_grant.given" if created else "team_grant.changed"
        audit.record(action, actor=by, subject=grant, reason=given_by, team=team.name, role=str(role), conditions=told)
    gone: list[Gone] = []
    for membership in members:
        if admit(grant, membership=membership, by=by):
            gone += _end_rows(grant, staff=membership.user, ended_by=given_by, by=by)
    return grant, gone


@transaction.atomic
def end(grant: TeamGrant, *, ended_by: str, by: User | None = None) -> list[Gone]:
    """End what a team may do for a company, and with it the grant of each member. Twice is once."""
    with in_public():
        StaffTeam.objects.select_for_update().get(pk=grant.team_id)
        if not TeamGrant.objects.in_force().filter(pk=grant.pk).update(ends_at=timezone.now()):
            return []
        rows = list(StaffGrant.objects.in_force().filter(via=grant).select_related("via__team"))
    with inside(schema_of(grant.company_id)):
        audit.record("team_grant.ended", actor=by, subject=grant, reason=ended_by, team=grant.team.name)
    return [gone for row in rows if (gone := grants.end(row, ended_by=ended_by, by=by))]


def admit(grant: TeamGrant, *, membership: StaffMembership, by: User | None = None) -> list[str]:
    """Give one member what the team was given; returns what is missing instead, when she does not meet it."""
    try:
        grants.give(
            membership,
            company=grant.company,
            role=Role(grant.role),
            given_by=grant.given_by,
            by=by,
            conditions=grant.conditions,
            via=grant,
        )
    except asked.ConditionsUnmet as refusal:
        return refusal.missing
    return []


@transaction.atomic
def withdraw(*, team: StaffTeam, staff: User, ended_by: str) -> list[Gone]:
    """End everything a person may do through a team."""
    with in_public():
        rows = list(StaffGrant.objects.in_force().filter(via__team=team, staff=staff).select_related("via__team"))
    return [gone for row in rows if (gone := grants.end(row, ended_by=ended_by))]


@transaction.atomic
def settle(membership: StaffMembership, *, because: str) -> list[Gone]:
    """After facts about somebody changed: every team's grants follow, and so do her rows at the clients.

    because  who changed them, as the clients' trails show it
    Returns  the companies where she lost her last grant
    """
    gone: list[Gone] = []
    with in_public():
        through = TeamGrant.objects.in_force().filter(team__members__staff=membership.user_id)
        served = list(through.select_related("company", "team"))
        held = {row.via_id for row in StaffGrant.objects.in_force().filter(staff=membership.user_id, via__in=served)}
        direct = StaffGrant.objects.in_force().filter(staff=membership.user_id, via=None)
        companies = list(direct.values_list("company_id", flat=True))
    facts = asked.facts_of(membership.user_id)
    for grant in served:
        unmet = asked.missing(grant.conditions, facts=facts, company_id=grant.company_id, rules_at=None, entering=False)
        if unmet and grant.pk in held:
            gone += _end_rows(grant, staff=membership.user, ended_by=because)
        elif not unmet and grant.pk not in held:
            admit(grant, membership=membership)
        else:
            companies.append(grant.company_id)
    for company_id in dict.fromkeys(companies):
        grants.settle_row(membership, company_id=company_id)
    return gone


def _end_rows(grant: TeamGrant, *, staff: User, ended_by: str, by: User | None = None) -> list[Gone]:
    with in_public():
        rows = list(StaffGrant.objects.in_force().filter(via=grant, staff=staff).select_related("via__team"))
    return [gone for row in rows if (gone := grants.end(row, ended_by=ended_by, by=by))]


def _memberships(team: StaffTeam) -> Any:
    people = StaffMembership.objects.select_related("user", "agency")
    return people.filter(user__team_memberships__team=team, agency=team.agency_id)
