"""The page on which an account begins."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenants.accounts.access import open_to_all
from tenants.accounts.errors import InvitationGone, PasswordWeak
from tenants.accounts.forms import AcceptInvitationForm
from tenants.accounts.services import invitations, sessions

BACKEND = "tenants.accounts.backend.PersonBackend"


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password and be signed in. An ended or unknown link says so and what to do (410)."""
    invitation = invitations.find(token)
    if invitation is None:
        return render(request, "account/invitation_gone.html", status=InvitationGone.http_status)
    form = AcceptInvitationForm(request.POST or None, initial={"name": invitation.user.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = invitations.accept(token, **form.cleaned_data)
        except PasswordWeak as refusal:
            form.add_error("password", str(refusal.user_message))
        except InvitationGone:
            return render(request, "account/invitation_gone.html", status=InvitationGone.http_status)
        else:
            login(request, user, backend=BACKEND)
            sessions.note_sign_in(request)
            return redirect("/")
    context = {"form": form, "invitation": invitation}
    return render(request, "account/invitation.html", context, status=422 if form.errors else 200)
