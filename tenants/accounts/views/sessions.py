"""Where one is signed in."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tenants.accounts.access import signed_in
from tenants.accounts.models import User
from tenants.accounts.services import sessions


@signed_in
@require_GET
def list_sessions(request: HttpRequest) -> HttpResponse:
    found = sessions.of_person(cast(User, request.user), this_key=request.session.session_key)
    return render(request, "account/sessions.html", {"sessions": found})


@signed_in
@require_POST
def end_session(request: HttpRequest, handle: str) -> HttpResponse:
    if sessions.end(cast(User, request.user), handle=handle):
        messages.success(request, _("You are signed out there."))
    return redirect("accounts:sessions")


@signed_in
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    sessions.end_all(cast(User, request.user), except_key=request.session.session_key)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("accounts:sessions")
