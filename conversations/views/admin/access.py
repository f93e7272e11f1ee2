"""Who of the agency may work in the company: its own admins give, change and end it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from conversations.services.people import agency_access
from conversations.views.admin.access_forms import AccessForm, PersonAccessForm, TeamAccessForm
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission, Role
from tenants.accounts.services import agency_people
from tenants.context import in_public
from tenants.errors import DomainError
from tenants.models import ClientCompany, StaffGrant, StaffTeam, TeamGrant


@require_GET
@requires(Permission.PEOPLE_MANAGE)
def show(request: CompanyRequest) -> HttpResponse:
    return _page(request)


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def give_person(request: CompanyRequest) -> HttpResponse:
    """Give somebody access, or change what she has."""
    people, _teams = agency_people.choices(request.company)
    form = PersonAccessForm(request.POST, choices=people, rules=_has_rules(request))
    if not form.is_valid():
        return _page(request, person_form=form)
    membership = agency_people.membership_of(request.company, UUID(form.cleaned_data["person"]))
    if membership is None:
        return _page(request, person_form=form)
    try:
        agency_access.give_person(
            membership, company=request.company, given_by=_named(request), by=request.user, **_decided(form)
        )
    except DomainError as refusal:
        form.add_error("person", str(refusal.user_message))
        return _page(request, person_form=form)
    messages.success(request, _("%(name)s may work here.") % {"name": membership.user.name})
    return redirect("admin:access")


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def give_team(request: CompanyRequest) -> HttpResponse:
    """Give a team access, or change what it has: members who no longer meet the conditions lose it at once."""
    _people, teams = agency_people.choices(request.company)
    form = TeamAccessForm(request.POST, choices=teams, rules=_has_rules(request))
    if not form.is_valid():
        return _page(request, team_form=form)
    with in_public():
        team = get_object_or_404(StaffTeam, pk=form.cleaned_data["team"], agency=request.company.agency_id)
    grant, back = agency_access.give_team(
        team, company=request.company, given_by=_named(request), by=request.user, **_decided(form)
    )
    messages.success(request, _("The team %(name)s may work here.") % {"name": grant.team.name})
    _tell(request, back)
    return redirect("admin:access")


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def end_person(request: CompanyRequest, grant_id: UUID) -> HttpResponse:
    with in_public():
        rows = StaffGrant.objects.in_force().filter(company=request.company.pk, via=None)
        grant = get_object_or_404(rows, pk=grant_id)
    _tell(request, agency_access.end_grant(grant, ended_by=_named(request), by=request.user))
    messages.success(request, _("Access ended."))
    return redirect("admin:access")


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def end_team(request: CompanyRequest, grant_id: UUID) -> HttpResponse:
    with in_public():
        rows = TeamGrant.objects.in_force().filter(company=request.company.pk).select_related("team")
        grant = get_object_or_404(rows, pk=grant_id)
    _tell(request, agency_access.end_team_grant(grant, ended_by=_named(request), by=request.user))
    messages.success(request, _("Access ended."))
    return redirect("admin:access")


def _page(
    request: CompanyRequest, *, person_form: AccessForm | None = None, team_form: AccessForm | None = None
) -> HttpResponse:
    people, teams = agency_people.choices(request.company)
    rules = _has_rules(request)
    context = {
        "access": agency_people.access_to(request.company),
        "person_form": person_form or PersonAccessForm(choices=people, rules=rules),
        "team_form": team_form or TeamAccessForm(choices=teams, rules=rules),
        "has_rules": rules,
        "agency_name": request.company.agency.name,
    }
    refused = bool((person_form and person_form.errors) or (team_form and team_form.errors))
    return render(request, "admin/access.html", context, status=422 if refused else 200)


def _decided(form: AccessForm) -> dict[str, Any]:
    return {"role": Role(form.cleaned_data["role"]), "conditions": form.conditions()}


def _has_rules(request: CompanyRequest) -> bool:
    """Read afresh: the company of the request may be remembered from before they were written."""
    return ClientCompany.objects.filter(pk=request.company.pk, house_rules_at__isnull=False).exists()


def _tell(request: CompanyRequest, count: int) -> None:
    if count:
        text = ngettext("%(count)d conversation went back.", "%(count)d conversations went back.", count)
        messages.info(request, text % {"count": count})


def _named(request: CompanyRequest) -> str:
    return f"{request.user.name} <{request.user.email}>"
