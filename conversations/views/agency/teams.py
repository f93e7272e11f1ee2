"""The agency's teams: who is in them, and which clients they serve. Joining and leaving act at once everywhere."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.services.people import agency_access
from conversations.views.agency.forms import MemberForm, TeamForm
from tenants.accounts.access import StaffRequest, staff_only
from tenants.accounts.services import conditions, staff_teams
from tenants.errors import DomainError
from tenants.models import StaffTeam, StaffTeamMember, TeamGrant

MOST = 500


@require_http_methods(["GET", "POST"])
@staff_only()
def list_teams(request: StaffRequest) -> HttpResponse:
    owner = _is_owner(request)
    form = TeamForm(request.POST or None) if owner else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            team = staff_teams.create(request.agency, name=form.cleaned_data["name"], by=request.user)
        except DomainError as refusal:
            form.add_error("name", str(refusal.user_message))
        else:
            return redirect("agency:team", team.pk)
    now = timezone.now()
    running = Q(grants__starts_at__lte=now) & (Q(grants__ends_at=None) | Q(grants__ends_at__gt=now))
    teams = StaffTeam.objects.filter(agency=request.agency).annotate(
        people=Count("members", distinct=True), clients=Count("grants", filter=running, distinct=True)
    )
    context = {"teams": teams.order_by("name")[:MOST], "form": form, "owner": owner}
    return render(request, "agency/teams.html", context, status=422 if form is not None and form.errors else 200)


@require_GET
@staff_only()
def team(request: StaffRequest, team_id: UUID) -> HttpResponse:
    return _page(request, _team(request, team_id))


@require_POST
@staff_only(owner=True)
def join(request: StaffRequest, team_id: UUID) -> HttpResponse:
    row = _team(request, team_id)
    form = MemberForm(request.POST, agency=request.agency)
    if not form.is_valid():
        return _page(request, row, form=form)
    membership = form.cleaned_data["membership"]
    refused = staff_teams.join(row, membership=membership, by=request.user)
    messages.success(request, _("%(name)s is in the team now.") % {"name": membership.user.name})
    for one in refused:
        words = ", ".join(str(conditions.MISSING_WORDS[code]) for code in one.missing)
        text = _("%(client)s cannot be served yet; it asks for: %(missing)s.")
        messages.warning(request, text % {"client": one.company.name, "missing": words})
    return redirect("agency:team", row.pk)


@require_POST
@staff_only(owner=True)
def leave(request: StaffRequest, team_id: UUID, member_id: int) -> HttpResponse:
    row = _team(request, team_id)
    member = get_object_or_404(StaffTeamMember.objects.select_related("team", "staff"), pk=member_id, team=row)
    count = agency_access.leave_team(member, by=request.user)
    messages.success(request, _("%(name)s is no longer in the team.") % {"name": member.staff.name})
    if count:
        text = ngettext("%(count)d conversation went back.", "%(count)d conversations went back.", count)
        messages.info(request, text % {"count": count})
    return redirect("agency:team", row.pk)


@require_POST
@staff_only(owner=True)
def delete(request: StaffRequest, team_id: UUID) -> HttpResponse:
    row = _team(request, team_id)
    try:
        staff_teams.delete(row, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal.user_message))
        return redirect("agency:team", row.pk)
    return redirect("agency:teams")


def _page(request: StaffRequest, row: StaffTeam, *, form: MemberForm | None = None) -> HttpResponse:
    members = row.members.select_related("staff").order_by("staff__name")[:MOST]
    served = TeamGrant.objects.in_force().filter(team=row).select_related("company")
    context = {
        "team": row,
        "members": members,
        "served": served.annotate(workers=Count("staff_grants", filter=Q(staff_grants__ends_at=None))),
        "form": form or MemberForm(agency=request.agency),
        "owner": _is_owner(request),
    }
    return render(request, "agency/team.html", context, status=422 if form is not None else 200)


def _team(request: StaffRequest, team_id: UUID) -> StaffTeam:
    return get_object_or_404(StaffTeam, pk=team_id, agency=request.agency)


def _is_owner(request: StaffRequest) -> bool:
    return request.membership.role == request.membership.Role.OWNER
