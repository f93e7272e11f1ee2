"""Who works here."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from conversations.services.people import leaving
from conversations.views.admin.forms import PersonForm, RoleForm
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission, Role
from tenants.accounts.services import people
from tenants.errors import DomainError
from tenants.models import Agency

MOST_PEOPLE = 1000


@require_http_methods(["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def list_people(request: CompanyRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            person = people.invite(
                request.company, name=data["name"], email=data["email"], role=Role(data["role"]), by=request.user
            )
        except DomainError as refusal:
            form.add_error("email", str(refusal.user_message))
        else:
            messages.success(request, _("%(name)s was invited.") % {"name": person})
            return redirect("admin:people")
    rows = User.objects.order_by("-is_active", "name")[:MOST_PEOPLE]
    agencies = {agency.pk: agency.name for agency in Agency.objects.filter(pk=request.company.agency_id)}
    context = {"people": rows, "form": form, "roles": Role.choices, "agencies": agencies}
    return render(request, "admin/people.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def change_role(request: CompanyRequest, user_id: UUID) -> HttpResponse:
    form = RoleForm(request.POST)
    if not form.is_valid():
        return redirect("admin:people")
    role = Role(form.cleaned_data["role"])
    return _changed(request, user_id, lambda person: people.change_role(person, role=role, by=request.user))


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def invite_again(request: CompanyRequest, user_id: UUID) -> HttpResponse:
    return _changed(request, user_id, lambda p: people.invite_again(p, company=request.company, by=request.user))


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def switch_off(request: CompanyRequest, user_id: UUID) -> HttpResponse:
    def leave(person: User) -> None:
        count = leaving.switch_off(person, by=request.user)
        if count:
            text = ngettext("%(count)d conversation went back.", "%(count)d conversations went back.", count)
            messages.info(request, text % {"count": count})

    return _changed(request, user_id, leave)


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def switch_on(request: CompanyRequest, user_id: UUID) -> HttpResponse:
    return _changed(request, user_id, lambda person: people.switch_on(person, by=request.user))


def _changed(request: HttpRequest, user_id: UUID, change: Callable[[User], None]) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    try:
        change(person)
    except DomainError as refusal:
        messages.error(request, str(refusal.user_message))
    else:
        messages.success(request, _("%(name)s: saved.") % {"name": person})
    return redirect("admin:people")
