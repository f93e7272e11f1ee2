"""Who works in a company: inviting, changing roles, leaving."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.accounts import audit
from tenants.accounts.errors import PersonTaken
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.accounts.services import invitations, listening
from tenants.context import current_schema
from tenants.errors import DomainError
from tenants.models import ClientCompany


class LastAdmin(DomainError):
    code = "last_admin"
    user_message = _("This is the last admin. Make somebody else admin first.")


class AgencyPerson(DomainError):
    code = "agency_person"
    user_message = _("This person works for the agency. The agency ends their access on the client's page.")


@transaction.atomic
def invite(company: ClientCompany, *, name: str, email: str, role: Role, by: User) -> User:
    """Make somebody an agent, supervisor or admin and send a link to begin with.

    Raises  EmailOdd; PersonTaken when somebody here has the address already
    """
    email = invitations.checked_email(email)
    if User.objects.filter(email=email).exists():
        raise PersonTaken
    user = User.objects.create_user(email, name=name.strip()[:80], role=role)
    invitations.invite(user, side=company, sent_by_name=by.name)
    return user


@transaction.atomic
def invite_again(user: User, *, company: ClientCompany, by: User) -> None:
    """A new link for somebody who has not begun yet; the earlier one ends. Raises PersonTaken when they have begun."""
    if user.has_usable_password() or not user.is_active:
        raise PersonTaken
    invitations.invite(user, side=company, sent_by_name=by.name)


@transaction.atomic
def change_role(user: User, *, role: Role, by: User) -> None:
    """Raises LastAdmin, AgencyPerson."""
    user = _changeable(user)
    if user.role == Role.ADMIN and role != Role.ADMIN:
        _another_admin_than(user)
    before, user.role = user.role, role
    user.save(update_fields=["role"])
    audit.record("person.role_changed", actor=by, subject=user, before=before, after=str(role))


@transaction.atomic
def switch_off(user: User, *, by: User) -> None:
    """End somebody's access at once: every request asks whether the account is active. Raises LastAdmin, AgencyPerson.

    Whoever answers conversations gives them back: the caller does that in the same transaction.
    """
    user = _changeable(user)
    if user.role == Role.ADMIN:
        _another_admin_than(user)
    user.is_active, user.left_at = False, timezone.now()
    user.save(update_fields=["is_active", "left_at"])
    listening.switched_off(current_schema(), user.pk)
    audit.record("person.switched_off", actor=by, subject=user)


@transaction.atomic
def switch_on(user: User, *, by: User) -> None:
    """Let somebody in again with the role they had. Raises AgencyPerson."""
    user = _changeable(user)
    user.is_active, user.left_at = True, None
    user.save(update_fields=["is_active", "left_at"])
    audit.record("person.switched_on", actor=by, subject=user)


def _changeable(user: User) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_staff_of_agency:
        raise AgencyPerson
    return user


def _another_admin_than(user: User) -> None:
    """All admins are locked, so that two who switch each other off at once do not both succeed."""
    admins = User.objects.select_for_update().filter(role=Role.ADMIN, is_active=True, staff_id=None)
    if not [admin for admin in admins if admin.pk != user.pk]:
        raise LastAdmin
