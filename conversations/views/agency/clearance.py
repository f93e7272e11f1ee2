"""What the agency records of one of its people: the certificate shown, where she works from, that she left."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from conversations.services.people import agency_access
from conversations.views.agency.forms import ClearanceForm
from tenants.accounts.access import StaffRequest, staff_only
from tenants.accounts.services import conditions, leaving_staff
from tenants.errors import DomainError

NAMES = ("cleared_on", "cleared_until", "clearance_kind", "nda_signed_on")


@require_http_methods(["GET", "POST"])
@staff_only(owner=True)
def record(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """Recording it acts at once on every client: access through teams begins or ends with the conditions."""
    person = get_object_or_404(request.agency.memberships.select_related("user", "agency"), user=staff_id)
    initial = {name: getattr(person.user, name) for name in NAMES} | {"works_from": person.works_from}
    form = ClearanceForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        count = agency_access.record_facts(person, facts=form.cleaned_data, by=request.user)
        messages.success(request, _("Recorded."))
        _tell(request, count)
        return redirect("agency:staff-person", person.user_id)
    judged = [
        {
            "company": grant.company,
            "role": grant.role,
            "team": grant.via.team.name if grant.via else "",
            "missing": [conditions.MISSING_WORDS[one] for one in unmet],
        }
        for grant, unmet in conditions.judged(person.user_id)
    ]
    context = {"person": person, "form": form, "judged": judged, "oneself": person.user_id == request.user.pk}
    return render(request, "agency/staff_person.html", context, status=422 if form.errors else 200)


@require_POST
@staff_only(owner=True)
def leave(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """Somebody no longer works for the agency; acts at once on every client. Nobody does it to herself."""
    person = get_object_or_404(request.agency.memberships.exclude(user=request.user.pk), user=staff_id)
    try:
        count = agency_access.leave_agency(person, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal.user_message))
        return redirect("agency:staff-person", staff_id)
    messages.success(request, _("%(name)s no longer works for you.") % {"name": person.user})
    _tell(request, count)
    return redirect("agency:staff")


@require_POST
@staff_only(owner=True)
def come_back(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    person = get_object_or_404(request.agency.memberships.select_related("user"), user=staff_id)
    leaving_staff.come_back(person, by=request.user)
    messages.success(
        request, _("%(name)s may sign in again. Teams and clients let people in anew.") % {"name": person.user}
    )
    return redirect("agency:staff-person", staff_id)


def _tell(request: StaffRequest, count: int) -> None:
    if count:
        text = ngettext("%(count)d conversation went back.", "%(count)d conversations went back.", count)
        messages.info(request, text % {"count": count})
