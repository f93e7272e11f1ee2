"""What the agency records of one of its people: the certificate she has shown, and where she works from."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from conversations.services import agency_access
from conversations.views.agency.forms import ClearanceForm
from tenants.accounts.access import StaffRequest, staff_only
from tenants.accounts.services import conditions

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
        if count:
            text = ngettext("%(count)d conversation went back.", "%(count)d conversations went back.", count)
            messages.info(request, text % {"count": count})
        return redirect("agency:staff-person", person.user_id)
    judged = [
        {
            "company": grant.company,
            "role": grant.role,
            "missing": [conditions.MISSING_WORDS[one] for one in unmet],
        }
        for grant, unmet in conditions.judged(person.user_id)
    ]
    context = {"person": person, "form": form, "judged": judged}
    return render(request, "agency/staff_person.html", context, status=422 if form.errors else 200)
