"""Who must sign in with a second factor, and whether they have one."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from tenants.accounts import audit
from tenants.accounts.errors import SecondFactorNeeded
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.context import in_public
from tenants.models import ClientCompany

HAS_ONE = "has_second_factor"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def must_have_one(user: User, *, company: ClientCompany | None) -> bool:
    """An agency's people always; in a company its admins, unless it says otherwise (high risk never can).

    Agency staff who entered a company under a grant showed theirs on the agency's host.
    """
    if company is None:
        return True
    return company.require_two_factor and user.role == Role.ADMIN and not user.is_staff_of_agency


@transaction.atomic
def require(company: ClientCompany, *, wanted: bool, by: User) -> None:
    """Ask the company's admins for a second factor, or no longer; call it in the company's schema.

    Raises  SecondFactorNeeded (a company of the high risk class cannot do without)
    """
    if not wanted and company.risk_class == ClientCompany.RiskClass.HIGH:
        raise SecondFactorNeeded
    if company.require_two_factor == wanted:
        return
    company.require_two_factor = wanted
    with in_public():  # the row is the agency's side's
        company.save(update_fields=["require_two_factor"])
    audit.record("settings.changed", actor=by, fields=["require_two_factor"], require_two_factor=wanted)


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def is_missing(request: HttpRequest) -> bool:
    """Whether the person behind the request must set up a second factor before anything else.

    A yes to "has one" is remembered in the session; the pages that remove factors forget it.
    """
    user = request.user
    if not settings.TWO_FACTOR_ENFORCED or not isinstance(user, User) or request.session.get(HAS_ONE):
        return False
    if not must_have_one(user, company=getattr(request, "company", None)):
        return False
    if has_one(user):
        request.session[HAS_ONE] = True
        return False
    return True


def forget(request: HttpRequest) -> None:
    """Look again at the next request (a factor was added or removed)."""
    request.session.pop(HAS_ONE, None)
