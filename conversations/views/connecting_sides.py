"""Who connects a number and for whom: an admin on the company's host, or the agency's people on theirs."""

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext

from conversations.models import PhoneNumber
from tenants.accounts.access import CompanyRequest, StaffRequest, requires, staff_only
from tenants.accounts.models import User
from tenants.accounts.roles import Permission, Role
from tenants.addresses import address_of
from tenants.context import inside, schema_of
from tenants.models import ClientCompany, StaffGrant

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Side:
    """The company that a number is connected for, who does it, and where the pages of this side stand."""

    company: ClientCompany
    actor: User
    at_agency: bool

    @property
    def shell(self) -> str:
        return "_shell_agency.html" if self.at_agency else "_shell_company.html"

    @property
    def privacy_url(self) -> str:
        """Where a signed agreement is recorded: always at the company itself."""
        return f"{address_of(self.company)}/privacy/" if self.at_agency else "/privacy/"

    @property
    def home_url(self) -> str:
        """Where one comes from and goes back to."""
        return reverse("agency:company", args=[self.company.pk]) if self.at_agency else "/numbers/"

    @property
    def home_name(self) -> str:
        return self.company.name if self.at_agency else gettext("Numbers")

    def number_url(self, number: PhoneNumber) -> str:
        """The settings of a number; the agency has its connections instead."""
        return self.url("index") if self.at_agency else reverse("numbers:settings", args=[number.pk])

    def inside(self) -> AbstractContextManager[None]:
        return inside(schema_of(self.company.pk))

    def url(self, name: str, *args: Any) -> str:
        """An address of these pages on this side's host."""
        first = [self.company.pk] if self.at_agency else []
        return reverse(f"connecting:{name}", args=[*first, *args])


def at_company(view: View) -> View:
    """For the company's admins, on its own host."""

    @requires(Permission.NUMBERS_MANAGE)
    @wraps(view)
    def guarded(request: CompanyRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        side = Side(request.company, request.user, at_agency=False)
        return view(request, side, *args, **kwargs)

    return guarded


def at_agency(view: View) -> View:
    """For owners of the agency, and staff whom the client granted the role of an admin; on the agency's host."""

    @staff_only()
    @wraps(view)
    def guarded(request: StaffRequest, company_id: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        company = get_object_or_404(
            ClientCompany.objects.select_related("agency"), pk=company_id, agency=request.agency
        )
        if not may_connect(request, company):
            raise PermissionDenied
        return view(request, Side(company, _actor(request, company), at_agency=True), *args, **kwargs)

    return guarded


def may_connect(request: StaffRequest, company: ClientCompany) -> bool:
    """Whether a member of staff may connect this client's numbers."""
    if request.membership.role == request.membership.Role.OWNER:
        return True
    grants = StaffGrant.objects.in_force().filter(staff=request.user.pk, company=company)
    return grants.filter(role=Role.ADMIN).exists()


def _actor(request: StaffRequest, company: ClientCompany) -> User:
    """The person as the company's own trail names them: their row there, else themselves on behalf of the agency."""
    with inside(schema_of(company.pk)):
        row = User.objects.filter(staff_id=request.user.pk).first()
    if row is not None:
        return row
    person = copy.copy(User.objects.get(pk=request.user.pk))
    person.agency_id = company.agency_id
    return person
