"""People at the company without a seat, who may be asked from a conversation."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations.forms_handling import ClientPersonForm
from conversations.models import InboxSettings
from tenants.accounts import audit
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

MOST = 50


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def edit(request: CompanyRequest) -> HttpResponse:
    """Show the list; a POST adds somebody, or with ``remove`` takes somebody out by her address."""
    if request.method == "POST" and "remove" in request.POST:
        _keep(request, without=request.POST["remove"])
        messages.success(request, _("This person is no longer offered."))
        return redirect("admin:client-people")
    form = ClientPersonForm(request.POST or None, languages=list(settings.LANGUAGES))
    if request.method == "POST" and form.is_valid():
        if _keep(request, without=form.cleaned_data["email"], person=form.cleaned_data):
            messages.success(request, _("Agents can ask this person now."))
            return redirect("admin:client-people")
        form.add_error(None, _("Fifty people is the most. Take somebody out first."))
    context = {"form": form, "people": InboxSettings.load().client_people}
    return render(request, "admin/client_people.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _keep(request: CompanyRequest, *, without: str, person: dict[str, Any] | None = None) -> bool:
    """Write the list without an address, and perhaps with a person; False when there are too many."""
    InboxSettings.objects.get_or_create(pk=1)
    row = InboxSettings.objects.select_for_update().get(pk=1)
    listed = [one for one in row.client_people if one.get("email", "").lower() != without.strip().lower()]
    if person is not None:
        listed.append({name: str(person[name]) for name in ("name", "email", "about", "language")})
    if len(listed) > MOST:
        return False
    row.client_people = listed
    row.save(update_fields=["client_people", "changed_at"])
    audit.record("settings.changed", actor=request.user, request=request, fields=["client_people"])
    return True
