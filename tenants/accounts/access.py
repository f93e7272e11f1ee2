"""Who may call a view. Signed out: to the sign-in page. Role does not carry the permission: 403."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.models import Agency, ClientCompany, StaffMembership

View = Callable[..., HttpResponseBase]


class CompanyRequest(HttpRequest):
    """A request on a company's host by a signed-in person (types only)."""

    user: User
    company: ClientCompany


class StaffRequest(HttpRequest):
    """A request on an agency's host by one of its staff (types only)."""

    user: User
    agency: Agency
    membership: StaffMembership


def requires(permission: Permission) -> Callable[[View], View]:
    """Let a view of a company be called by people whose role carries ``permission`` only."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not request.user.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def staff_only(*, owner: bool = False) -> Callable[[View], View]:
    """Let a view of an agency be called by its staff only (by its owners only, with ``owner``)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            membership = StaffMembership.objects.filter(user=request.user.pk, agency=request.agency).first()  # type: ignore[attr-defined]
            if membership is None or (owner and membership.role != StaffMembership.Role.OWNER):
                raise PermissionDenied
            request.membership = membership  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.permission = "agency.owner" if owner else "agency.staff"  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """Let a view be called by everybody who is signed in on this side: pages about oneself."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.user.is_authenticated else _to_sign_in(request)

    guarded.permission = "signed_in"  # type: ignore[attr-defined]
    return guarded


def open_to_all(view: View) -> View:
    """Mark a view that needs no sign-in on purpose, so that the table of routes can tell it from a forgotten one."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """A page goes to the sign-in page; a fragment asks htmx to take the whole page there."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": "/accounts/login/"})
    return redirect_to_login(request.get_full_path())
