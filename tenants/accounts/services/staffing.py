"""Who works for an agency."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenants.accounts.errors import PersonTaken
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.accounts.services import invitations
from tenants.errors import DomainError
from tenants.models import Agency, StaffMembership


class PersonLeft(DomainError):
    code = "person_left"
    http_status = 422
    user_message = _("This person worked for you before. Let them in again on their own page.")


@transaction.atomic
def invite(agency: Agency, *, name: str, email: str, role: str, sent_by_name: str = "") -> User:
    """Make somebody staff of the agency and send a link to begin with; somebody invited before gets a new link.

    role    StaffMembership.Role
    Raises  EmailOdd; PersonLeft; PersonTaken when the address belongs to another agency's staff (without saying whose)
    """
    email = invitations.checked_email(email)
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, name=name.strip()[:80], role=Role.ADMIN, language=agency.language)
    membership, _created = StaffMembership.objects.get_or_create(user=user, defaults={"agency": agency, "role": role})
    if membership.agency_id != agency.pk:
        raise PersonTaken
    if not user.is_active:
        raise PersonLeft
    if not user.has_usable_password():
        invitations.invite(user, side=agency, sent_by_name=sent_by_name)
    return user
