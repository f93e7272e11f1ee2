"""Lets agency staff work inside a client company, and ends it; both are recorded at the client."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.context import in_public, inside, schema_of
from tenants.errors import DomainError
from tenants.models import ClientCompany, StaffGrant, StaffMembership


class NotThisAgency(DomainError):
    code = "not_this_agency"
    http_status = 404
    user_message = _("This person does not work for the agency that serves this company.")


@transaction.atomic
def give(
    membership: StaffMembership,
    *,
    company: ClientCompany,
    role: Role,
    given_by: str,
    ends_at: datetime | None = None,
    conditions: dict[str, Any] | None = None,
) -> StaffGrant:
    """Grant a person of the agency a role in a company, and create or re-activate the user row there.

    given_by  name and e-mail of whoever decided, kept with the grant
    Raises    NotThisAgency
    A grant that is open already is changed to the new role instead of doubled.
    """
    if membership.agency_id != company.agency_id:
        raise NotThisAgency
    with in_public():
        grant, _created = StaffGrant.objects.update_or_create(
            staff=membership.user,
            company=company,
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
    with inside(schema_of(company.pk)):
        user = _user_in_company(membership, role)
        audit.record("grant.given", subject=user, reason=given_by, role=str(role), grant=grant.pk)
    return grant


@transaction.atomic
def end(grant: StaffGrant, *, ended_by: str) -> None:
    """End a grant at once: the user row there is switched off and its sessions stop working. Twice is once."""
    with in_public():
        StaffGrant.objects.in_force().filter(pk=grant.pk).update(ends_at=timezone.now())
    with inside(schema_of(grant.company_id)):
        user = User.objects.filter(staff_id=grant.staff_id).first()
        if user and user.is_active:
            user.is_active, user.left_at = False, timezone.now()
            user.save(update_fields=["is_active", "left_at"])
            audit.record("grant.ended", subject=user, reason=ended_by, grant=grant.pk)


def in_force_for(staff: User) -> list[StaffGrant]:
    """The grants a person of the public schema may use now, with their companies."""
    rows = StaffGrant.objects.in_force().filter(staff=staff).select_related("company")
    return list(rows.order_by("company__name"))


def _user_in_company(membership: StaffMembership, role: Role) -> User:
    staff = membership.user
    user = User.objects.filter(staff_id=staff.pk).first()
    if user is None:
        taken = User.objects.filter(email=staff.email).exists()
        email = f"{staff.pk}@{membership.agency.slug}.invalid" if taken else staff.email
        return User.objects.create_user(
            email,
            name=staff.name,
            role=role,
            agency_id=membership.agency_id,
            staff_id=staff.pk,
            language=staff.language,
        )
    user.is_active, user.left_at, user.role, user.name = True, None, role, staff.name
    user.save(update_fields=["is_active", "left_at", "role", "name"])
    return user
