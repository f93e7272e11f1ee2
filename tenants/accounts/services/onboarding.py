"""Opens an agency or a company together with the first person who may sign in there."""

from dataclasses import dataclass

from django.db import transaction

from tenants.accounts.errors import PersonTaken
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.accounts.services import invitations
from tenants.context import in_public, inside
from tenants.models import Agency, ClientCompany, StaffMembership
from tenants.services.agencies import create_agency
from tenants.services.companies import create_company


@dataclass(frozen=True, slots=True)
class OpenedCompany:
    """What stands now. ``link`` is the invitation's, empty when none was sent because one is waiting or was used."""

    company: ClientCompany
    admin: User
    link: str


@dataclass(frozen=True, slots=True)
class OpenedAgency:
    """What stands now; ``link`` as for a company."""

    agency: Agency
    owner: User
    link: str


def open_company(
    agency: Agency,
    *,
    name: str,
    subdomain: str,
    language: str,
    country: str,
    admin_email: str,
    admin_name: str = "",
    sector: str = "",
) -> OpenedCompany:
    """Create the company and invite its first admin, all or nothing. The same twice changes nothing and mails nobody.

    Raises  what ``create_company`` raises; EmailOdd
    """
    email = invitations.checked_email(admin_email)
    with in_public(), transaction.atomic():
        company = create_company(
            agency, name=name, subdomain=subdomain, language=language, country=country, sector=sector
        )
        with inside(company.schema_name):
            admin = _person(email, name=admin_name, role=Role.ADMIN, language=language)
            return OpenedCompany(company, admin, _invite_once(admin, side=company, sent_by_name=agency.name))


def open_agency(name: str, *, slug: str, host: str, owner_email: str, language: str = "nl") -> OpenedAgency:
    """Create the agency and invite its owner, all or nothing; the same twice changes nothing and mails nobody.

    Raises  what ``create_agency`` raises; EmailOdd, PersonTaken
    """
    email = invitations.checked_email(owner_email)
    with in_public(), transaction.atomic():
        agency = create_agency(name, slug=slug, host=host, language=language)
        owner = _person(email, name="", role=Role.ADMIN, language=language)
        membership, _ = StaffMembership.objects.get_or_create(
            user=owner, defaults={"agency": agency, "role": StaffMembership.Role.OWNER}
        )
        if membership.agency_id != agency.pk:
            raise PersonTaken
        return OpenedAgency(agency, owner, _invite_once(owner, side=agency, sent_by_name=""))


def _person(email: str, *, name: str, role: Role, language: str) -> User:
    existing = User.objects.filter(email=email).first()
    if existing is not None:
        return existing
    name = name.strip() or email.partition("@")[0]
    return User.objects.create_user(email, name=name[:80], role=role, language=language)


def _invite_once(user: User, *, side: Agency | ClientCompany, sent_by_name: str) -> str:
    if user.has_usable_password() or invitations.is_waiting(user):
        return ""
    return invitations.invite(user, side=side, sent_by_name=sent_by_name)
