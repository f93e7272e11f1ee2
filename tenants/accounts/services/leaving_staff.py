"""Ends and begins again what somebody may do for an agency at all: on its own side and at every client at once."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.accounts.services import grants, listening, staff_teams
from tenants.accounts.services.grants import Gone
from tenants.errors import DomainError
from tenants.models import StaffGrant, StaffMembership, StaffTeamMember


class LastOwner(DomainError):
    code = "last_owner"
    user_message = _("This is the last owner of the agency. Invite another owner first.")


@transaction.atomic
def leave(membership: StaffMembership, *, by: User) -> list[Gone]:
    """Somebody no longer works for the agency: out of its teams, out of every client, signed out everywhere.

    Returns  the clients where she lost her last grant; the caller gives back what she held there
    Raises   LastOwner
    Twice is once. What she wrote and did stays under her name.
    """
    owners = StaffMembership.objects.filter(agency=membership.agency_id, role=StaffMembership.Role.OWNER)
    owners = owners.filter(user__is_active=True).select_for_update(of=("self",)).order_by("pk")
    if [row.pk for row in owners] == [membership.pk]:
        raise LastOwner
    person = User.objects.select_for_update().get(pk=membership.user_id)
    if not person.is_active:
        return []
    gone: list[Gone] = []
    for member in StaffTeamMember.objects.filter(staff=person).select_related("team", "staff"):
        gone += staff_teams.leave(member, by=by)
    ended_by = f"{by.name} <{by.email}>"
    for grant in StaffGrant.objects.in_force().filter(staff=person).select_related("via__team"):
        gone += [one for one in [grants.end(grant, ended_by=ended_by)] if one]
    person.is_active, person.left_at = False, timezone.now()
    person.save(update_fields=["is_active", "left_at"])
    listening.staff_changed(person.pk)
    audit.record("staff.left", actor=by, subject=person)
    return gone


@transaction.atomic
def come_back(membership: StaffMembership, *, by: User) -> None:
    """Let somebody in again who left; clients and teams take her in anew themselves. Twice is once."""
    person = User.objects.select_for_update().get(pk=membership.user_id)
    if person.is_active:
        return
    person.is_active, person.left_at = True, None
    person.save(update_fields=["is_active", "left_at"])
    audit.record("staff.returned", actor=by, subject=person)
