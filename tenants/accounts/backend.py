"""Signs people in by e-mail and password, on the side whose host they came through."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from tenants.accounts.models import User
from tenants.accounts.services import conditions
from tenants.context import company_id_of, current_schema


class PersonBackend(BaseBackend):
    """Looks in the entered schema only; staff of another agency fail like a wrong password."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        email = credentials.get("email") or credentials.get("username")
        password = credentials.get("password")
        if not email or not password:
            return None
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            User().set_password(password)  # the same time as for a person who exists
            return None
        return user if user.check_password(password) and self.may_enter(user, request) else None

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.filter(pk=user_id, is_active=True).first()
        return under_grant(user) if user and user.is_staff_of_agency else user

    def may_enter(self, user: User, request: HttpRequest | None) -> bool:
        agency = getattr(request, "agency", None)
        if agency is not None and not user_belongs(user, agency.pk):
            return False
        return user.is_active and not user.is_staff_of_agency


def under_grant(user: User) -> User | None:
    """Agency staff who work in the entered company, with the role that they have there at this moment.

    A grant that ran out, or a condition that is no longer met, ends their session, or takes away what only it gave.
    """
    company_id = company_id_of(current_schema())
    role = user.staff_id and conditions.role_of(conditions.usable(user.staff_id, company_id=company_id))
    if not role:
        return None
    user.role = role
    return user


def user_belongs(user: User, agency_id: Any) -> bool:
    """Whether a person of the public schema is staff of the agency."""
    return bool(user.membership.agency_id == agency_id) if hasattr(user, "membership") else False
