"""One's own profile and language."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tenants.accounts.access import open_to_all, signed_in
from tenants.accounts.forms import ProfileForm
from tenants.accounts.models import User
from tenants.accounts.services import profile

YEAR_SECONDS = 365 * 24 * 3600


@signed_in
@require_http_methods(["GET", "POST"])
def edit_profile(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    company = getattr(request, "company", None)
    side = company or getattr(request, "agency", None)
    form = ProfileForm(
        request.POST or None,
        user=User.objects.get(pk=user.pk),
        in_company=company is not None,
        side_language=getattr(side, "language", settings.LANGUAGE_CODE),
    )
    if request.method == "POST" and form.is_valid():
        profile.change(user, **form.cleaned_data)
        with translation.override(user.language or getattr(side, "language", "")):
            messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return render(request, "account/profile.html", {"form": form}, status=422 if form.errors else 200)


@open_to_all
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak another language: kept at the person when signed in, in this browser otherwise."""
    chosen = request.POST.get("language", "")
    response = redirect(_safe_next(request))
    if chosen not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, User):
        profile.change(request.user, language=chosen)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=YEAR_SECONDS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def _safe_next(request: HttpRequest) -> str:
    after = request.POST.get("next", "")
    return after if url_has_allowed_host_and_scheme(after, allowed_hosts=None) else "/"
