"""Teams of an agency: joining and leaving act at once on every client that the team serves."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.accounts.services import team_grants
from tenants.accounts.services.grants import Gone
from tenants.errors import DomainError
from tenants.models import Agency, StaffMembership, StaffTeam, StaffTeamMember, TeamGrant

MAX_NAME_CHARS = 80


class TeamNameTaken(DomainError):
    code = "team_name_taken"
    http_status = 422
    user_message = _("There is a team of this name already.")


class TeamServes(DomainError):
    code = "team_serves"
    user_message = _("Clients have given this team access. They, or you on their page, end that first.")


@transaction.atomic
def create(agency: Agency, *, name: str, by: User) -> StaffTeam:
    """Raises TeamNameTaken."""
    name = name.strip()[:MAX_NAME_CHARS]
    team, created = StaffTeam.objects.get_or_create(agency=agency, name=name)
    if not created:
        raise TeamNameTaken
    audit.record("staff_team.created", actor=by, subject=team)
    return team


@transaction.atomic
def join(team: StaffTeam, *, membership: StaffMembership, by: User) -> list[team_grants.Refused]:
    """Put somebody into a team; she may work at once for every client of it whose conditions she meets.

    Returns  the clients that she may not serve yet, each with what is missing
    """
    team = StaffTeam.objects.select_for_update().get(pk=team.pk)
    _row, created = StaffTeamMember.objects.get_or_create(team=team, staff=membership.user)
    if created:
        audit.record("staff_team.joined", actor=by, subject=membership.user, team=team.name)
    refused = []
    for grant in TeamGrant.objects.in_force().filter(team=team).select_related("company", "team"):
        unmet = team_grants.admit(grant, membership=membership)
        refused += [team_grants.Refused(grant.company, membership.user, unmet)] if unmet else []
    return refused


@transaction.atomic
def leave(member: StaffTeamMember, *, by: User) -> list[Gone]:
    """Take somebody out of a team; what she could do only through it ends at once.

    Returns  the companies where she lost her last grant; the caller gives back what she held there
    """
    StaffTeam.objects.select_for_update().get(pk=member.team_id)
    audit.record("staff_team.left", actor=by, subject=member.staff, team=member.team.name)
    gone = team_grants.withdraw(team=member.team, staff=member.staff, ended_by=by.name)
    member.delete()
    return gone


@transaction.atomic
def delete(team: StaffTeam, *, by: User) -> None:
    """Remove a team that serves nobody. Raises TeamServes."""
    team = StaffTeam.objects.select_for_update().get(pk=team.pk)
    if TeamGrant.objects.in_force().filter(team=team).exists():
        raise TeamServes
    audit.record("staff_team.deleted", actor=by, subject=team, name=team.name)
    team.delete()
