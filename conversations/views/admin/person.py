"""One person: what she answers, her teams, and whether she is cleared."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from conversations.models import Intent, TeamMember
from conversations.services.people import floor, person_facts
from conversations.views.admin.forms_people import AnswersForm, ClearanceForm
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.errors import DomainError


@require_GET
@requires(Permission.PEOPLE_MANAGE)
def show(request: CompanyRequest, user_id: UUID) -> HttpResponse:
    return _page(request, get_object_or_404(User, pk=user_id))


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def change_answers(request: CompanyRequest, user_id: UUID) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    form = AnswersForm(request.POST)
    if person.staff_id:
        form.fields["capacity"].required = False
    if not form.is_valid():
        return _page(request, person, answers=form)
    person_facts.change_answers(person, form.answers, by=request.user, request=request)
    return _saved(request, person)


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def change_clearance(request: CompanyRequest, user_id: UUID) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    form = ClearanceForm(request.POST)
    if form.is_valid():
        try:
            person_facts.change_clearance(person, form.clearance, by=request.user, request=request)
            return _saved(request, person)
        except DomainError as refusal:
            form.add_error(None, str(refusal.user_message))
    return _page(request, person, clearance=form)


def _saved(request: CompanyRequest, person: User) -> HttpResponse:
    messages.success(request, _("%(name)s: saved.") % {"name": person})
    return redirect("admin:person", person.pk)


def _page(
    request: CompanyRequest,
    person: User,
    *,
    answers: AnswersForm | None = None,
    clearance: ClearanceForm | None = None,
) -> HttpResponse:
    known = {"languages": person.languages, "skills": person.skills, "capacity": person.capacity}
    shown = {
        "seen_on": person.cleared_on,
        "until": person.cleared_until,
        "kind": person.clearance_kind,
        "nda_signed_on": person.nda_signed_on,
    }
    context = {
        "person": person,
        "now": floor.person_or_none(person.pk),
        "teams": TeamMember.objects.filter(user=person).select_related("team").order_by("team__name"),
        "answers": answers or AnswersForm(initial=known),
        "clearance": clearance or ClearanceForm(initial=shown),
        "skills": sorted(set(Intent.objects.exclude(skill="").values_list("skill", flat=True))),
    }
    refused = answers is not None or clearance is not None
    return render(request, "people/person.html", context, status=422 if refused else 200)
