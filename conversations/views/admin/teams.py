"""Teams: who answers what, and how conversations are given out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conversations.models import Conversation, InboxSettings, Intent, Team, TeamMember
from conversations.services.people import duty_marks, teams
from conversations.views.admin.forms_people import GivingOutForm, TeamForm
from tenants.accounts import audit
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

MOST_PEOPLE = 1000


@require_http_methods(["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def list_teams(request: CompanyRequest) -> HttpResponse:
    """The teams, and a form for another one."""
    form = TeamForm(request.POST or None, people=_people())
    if request.method == "POST" and form.is_valid():
        try:
            team = teams.create(form.facts, by=request.user, request=request)
        except DomainError as refusal:
            form.add_error(None, str(refusal.user_message))
        else:
            messages.success(request, _("The team “%(name)s” is there.") % {"name": team})
            return redirect("admin:teams")
    return _page(request, form=form)


@require_POST
@requires(Permission.SETTINGS_MANAGE)
def giving_out(request: CompanyRequest) -> HttpResponse:
    """How conversations are given out."""
    form = GivingOutForm(request.POST, instance=InboxSettings.load())
    if not form.is_valid():
        return _page(request, form=TeamForm(people=_people()), giving=form)
    with transaction.atomic():
        form.save()
        audit.record("settings.changed", actor=request.user, request=request, fields=sorted(form.changed_data))
        duty_marks.here(duty_marks.ASSIGN, duty_marks.DUTY)
    messages.success(request, _("The settings are saved."))
    return redirect("admin:teams")


@require_http_methods(["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def edit(request: CompanyRequest, team_id: UUID) -> HttpResponse:
    team = get_object_or_404(Team, pk=team_id)
    form = TeamForm(request.POST or None, people=_people(team), team=team)
    if request.method == "POST" and form.is_valid():
        try:
            teams.change(team, form.facts, by=request.user, request=request)
        except DomainError as refusal:
            form.add_error(None, str(refusal.user_message))
        else:
            messages.success(request, _("%(name)s: saved.") % {"name": form.facts.name})
            return redirect("admin:teams")
    held = Conversation.objects.open().filter(team=team).count()
    context = {"team": team, "form": form, "skills": _skills(), "held": held}
    return render(request, "people/team.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def delete(request: CompanyRequest, team_id: UUID) -> HttpResponse:
    team = get_object_or_404(Team, pk=team_id)
    teams.delete(team, by=request.user, request=request)
    messages.success(request, _("The team “%(name)s” is gone; its conversations are in the queue.") % {"name": team})
    return redirect("admin:teams")


def _page(request: CompanyRequest, *, form: TeamForm, giving: GivingOutForm | None = None) -> HttpResponse:
    members = Prefetch("members", TeamMember.objects.select_related("user").order_by("-leads", "user__name"))
    rows = Team.objects.annotate(size=Count("members")).prefetch_related(members).order_by("name")
    refused = bool(form.errors) or giving is not None
    context: dict[str, Any] = {
        "teams": rows,
        "form": form,
        "giving": giving or GivingOutForm(instance=InboxSettings.load()),
        "skills": _skills(),
    }
    return render(request, "people/teams.html", context, status=422 if refused else 200)


def _people(team: Team | None = None) -> list[User]:
    """Whoever works here; those who left stay listed in the team they are in, so that they can be taken out."""
    rows = User.objects.filter(is_active=True)
    if team is not None:
        rows = rows | User.objects.filter(pk__in=team.members.values("user"))
    return list(rows.distinct().order_by("name")[:MOST_PEOPLE])


def _skills() -> list[str]:
    """The skills that intents ask for, to choose from."""
    return sorted(set(Intent.objects.exclude(skill="").values_list("skill", flat=True)))
