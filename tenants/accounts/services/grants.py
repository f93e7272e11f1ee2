"""Lets agency staff work inside a client company, and ends it; both are recorded at the client."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.accounts.services import conditions as asked
from tenants.accounts.services import listening
from tenants.context import current_schema, in_public, inside, schema_of
from tenants.errors import DomainError
from tenants.models import ClientCompany, StaffGrant, StaffMembership, TeamGrant

CLEARANCE = ("cleared_on", "cleared_until", "cleared_by", "clearance_kind", "nda_signed_on")


class NotThisAgency(DomainError):
    code = "not_this_agency"
    http_status = 404
    user_message = _("This person does not work for the agency that serves this company.")


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody whose last grant in a company ended: what she held there has to go back."""

    company_id: UUID
    user_id: UUID


@transaction.atomic
def give(
    membership: StaffMembership,
    *,
    company: ClientCompany,
    role: Role,
    given_by: str,
    by: User | None = None,
    ends_at: datetime | None = None,
    conditions: dict[str, Any] | None = None,
    via: TeamGrant | None = None,
) -> StaffGrant:
    """Grant a person of the agency a role in a company, and create or re-activate the user row there.

    given_by  name and e-mail of whoever decided, kept with the grant
    by        the same as a person of the company, for its trail
    via       the team's grant that this one follows from
    Raises    NotThisAgency, ConditionsUnmet
    A grant of the same source that is open already is changed instead of doubled.
    """
    if membership.agency_id != company.agency_id:
        raise NotThisAgency
    asked.require(conditions or {}, staff=membership.user, company_id=company.pk)
    with in_public():
        grant, created = StaffGrant.objects.update_or_create(
            staff=membership.user,
            company=company,
            via=via,
            ends_at=None,
            defaults={
                "agency_id": membership.agency_id,
                "role": role,
                "given_by": given_by,
                "conditions": conditions or {},
            },
        )
        if ends_at:
            StaffGrant.objects.filter(pk=grant.pk).update(ends_at=ends_at)
    settle_row(membership, company_id=company.pk)
    with inside(schema_of(company.pk)):
        user = User.objects.get(staff_id=membership.user_id)
        action = "grant.given" if created else "grant.changed"
        audit.record(
            action,
            actor=by,
            subject=user,
            reason=given_by,
            role=str(role),
            grant=grant.pk,
            team=_team_of(grant),
            conditions=_asked_by(grant),
        )
    return grant


@transaction.atomic
def end(grant: StaffGrant, *, ended_by: str, by: User | None = None) -> Gone | None:
    """End a grant at once; twice is once.

    Returns  who lost the last grant in the company: the row there is switched off and its sessions stop working.
             The caller gives back what that person held, in the same transaction.
    """
    with in_public():
        ended = StaffGrant.objects.in_force().filter(pk=grant.pk).update(ends_at=timezone.now())
        membership = StaffMembership.objects.select_related("user").filter(user=grant.staff_id).first()
    if not ended:
        return None
    left = _switch_off(grant) if membership is None else settle_row(membership, company_id=grant.company_id)
    with inside(schema_of(grant.company_id)):
        user = User.objects.filter(staff_id=grant.staff_id).first()
        audit.record(
            "grant.ended",
            actor=by,
            subject=user,
            reason=ended_by,
            grant=grant.pk,
            team=_team_of(grant),
            conditions=_asked_by(grant),
        )
    return Gone(grant.company_id, left.pk) if left else None


def settle_row(membership: StaffMembership, *, company_id: UUID) -> User | None:
    """Make a person's row in a company say what her grants there give: the strongest role of those whose conditions
    she meets (of all, while she meets none), clearance, or nothing.

    Returns  the row when it lost its last grant just now
    """
    with in_public():
        judged = asked.judged(membership.user_id, company_id=company_id)
        met = [grant for grant, unmet in judged if not unmet]
        role = asked.role_of(met or (grant for grant, _unmet in judged))
        person = User.objects.get(pk=membership.user_id)
    listening.staff_changed(person.pk)
    with inside(schema_of(company_id)):
        user = User.objects.filter(staff_id=person.pk).first()
        if role is not None:
            _row_of(person, membership, user=user, role=role)
            return None
        return user if user and _off(user) else None


def in_force_for(staff: User) -> list[StaffGrant]:
    """The grants a person of the public schema may use now, with their companies."""
    return asked.usable(staff.pk)


def _switch_off(grant: StaffGrant) -> User | None:
    with inside(schema_of(grant.company_id)):
        user = User.objects.filter(staff_id=grant.staff_id).first()
        return user if user and _off(user) else None


def _off(user: User) -> bool:
    if not user.is_active:
        return False
    user.is_active, user.left_at = False, timezone.now()
    user.save(update_fields=["is_active", "left_at"])
    listening.switched_off(current_schema(), user.pk)
    return True


def _row_of(person: User, membership: StaffMembership, *, user: User | None, role: Role) -> User:
    """The person's row in the entered company, active, in this role, and as cleared as the agency has recorded."""
    shown = {name: getattr(person, name) for name in CLEARANCE}
    if user is None:
        taken = User.objects.filter(email=person.email).exists()
        email = f"{person.pk}@{membership.agency.slug}.invalid" if taken else person.email
        return User.objects.create_user(
            email,
            name=person.name,
            role=role,
            agency_id=membership.agency_id,
            staff_id=person.pk,
            language=person.language,
            **shown,
        )
    user.is_active, user.left_at, user.role, user.name = True, None, role, person.name
    for name, value in shown.items():
        setattr(user, name, value)
    user.save(update_fields=["is_active", "left_at", "role", "name", *CLEARANCE])
    return user


def _team_of(grant: StaffGrant) -> str | None:
    """The team whose grant this one follows from, as the client's trail names it."""
    return grant.via.team.name if grant.via else None


def _asked_by(grant: StaffGrant) -> list[str] | None:
    """The conditions that the client's trail names beside a grant."""
    return sorted(name for name, value in grant.conditions.items() if value) if grant.conditions else None
