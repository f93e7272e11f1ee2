"""Ends what the agency's people may do for clients, and gives back to the queues what they held there."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from conversations.desk.models import StaffPresence
from conversations.presence_rules import LEFT
from conversations.services.people import duty_marks, outside, returns
from tenants.accounts import audit
from tenants.accounts.models import Presence, User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants, leaving_staff, staff_teams, team_grants
from tenants.accounts.services.grants import Gone
from tenants.context import inside, schema_of
from tenants.models import ClientCompany, StaffGrant, StaffMembership, StaffTeam, StaffTeamMember, TeamGrant


@transaction.atomic
def end_grant(grant: StaffGrant, *, ended_by: str, by: User | None = None) -> int:
    """End one person's grant; how many conversations went back."""
    gone = grants.end(grant, ended_by=ended_by, by=by)
    return give_back([gone] if gone else [])


@transaction.atomic
def end_team_grant(grant: TeamGrant, *, ended_by: str, by: User | None = None) -> int:
    """End a team's grant and those of its members; how many conversations went back."""
    return give_back(team_grants.end(grant, ended_by=ended_by, by=by))


@transaction.atomic
def leave_team(member: StaffTeamMember, *, by: User) -> int:
    """Take somebody out of an agency's team, on every client at once; how many conversations went back."""
    return give_back(staff_teams.leave(member, by=by))


@transaction.atomic
def give_person(
    membership: StaffMembership,
    *,
    company: ClientCompany,
    role: Role,
    given_by: str,
    by: User,
    conditions: dict[str, Any],
) -> StaffGrant:
    """Let somebody of the agency work for the entered company, or change how; what she may not answer now goes back.

    Raises  NotThisAgency, ConditionsUnmet
    """
    grant = grants.give(membership, company=company, role=role, given_by=given_by, by=by, conditions=conditions)
    outside.give_back()
    return grant


@transaction.atomic
def leave_agency(membership: StaffMembership, *, by: User) -> int:
    """End everything that somebody may do for the agency and its clients; how many conversations went back.

    Raises  LastOwner
    """
    gone = leaving_staff.leave(membership, by=by)
    StaffPresence.objects.filter(staff=membership.user_id).update(presence=Presence.AWAY, pause_reason="")
    return give_back(gone)


@transaction.atomic
def give_team(
    team: StaffTeam,
    *,
    company: ClientCompany,
    role: Role,
    given_by: str,
    by: User | None = None,
    conditions: dict[str, Any] | None = None,
) -> tuple[TeamGrant, int]:
    """Let a team work for a company, or change how; the grant, and how many conversations went back."""
    grant, gone = team_grants.give(team, company=company, role=role, given_by=given_by, by=by, conditions=conditions)
    return grant, give_back(gone)


@transaction.atomic
def record_facts(membership: StaffMembership, *, facts: Mapping[str, Any], by: User) -> int:
    """Record clearance and country of somebody of the agency; how many conversations went back.

    facts  ``cleared_on``, ``cleared_until``, ``clearance_kind``, ``nda_signed_on``, ``works_from``
    """
    person = User.objects.select_for_update().get(pk=membership.user_id)
    for name in ("cleared_on", "cleared_until", "clearance_kind", "nda_signed_on"):
        setattr(person, name, facts[name])
    person.cleared_by = by.name[:120] if person.cleared_on else ""
    person.save(update_fields=["cleared_on", "cleared_until", "clearance_kind", "nda_signed_on", "cleared_by"])
    membership.works_from = facts["works_from"]
    membership.save(update_fields=["works_from"])
    audit.record("staff.recorded", actor=by, subject=person)
    return settle(membership, because=f"{by.name} <{by.email}>")


@transaction.atomic
def settle(membership: StaffMembership, *, because: str) -> int:
    """Let grants through teams follow what is recorded of somebody now; how many conversations went back.

    Where she was let in alone, each client looks by itself whether she still meets what it asks for.
    """
    duty_marks.of_staff([membership.user_id], duty_marks.DUTY)
    return give_back(team_grants.settle(membership, because=because))


def give_back(gone: Iterable[Gone]) -> int:
    """Return every open conversation of those who lost access; in the caller's transaction."""
    count = 0
    for one in gone:
        with inside(schema_of(one.company_id)):
            user = User.objects.get(pk=one.user_id)
            count += returns.of_person(user, why=LEFT)
    return count
