"""The agency's own people."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations.views.agency.forms import StaffForm
from tenants.accounts.access import StaffRequest, staff_only
from tenants.accounts.services import staffing
from tenants.errors import DomainError

MOST_PEOPLE = 500


@require_http_methods(["GET", "POST"])
@staff_only()
def staff(request: StaffRequest) -> HttpResponse:
    owner = request.membership.role == request.membership.Role.OWNER
    form = StaffForm(request.POST or None) if owner else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            person = staffing.invite(request.agency, **form.cleaned_data, sent_by_name=request.user.name)
        except DomainError as refusal:
            form.add_error("email", str(refusal.user_message))
        else:
            messages.success(request, _("%(name)s was invited.") % {"name": person})
            return redirect("agency:staff")
    people = request.agency.memberships.select_related("user").order_by("-user__is_active", "user__name")[:MOST_PEOPLE]
    context = {"form": form, "people": people, "owner": owner}
    return render(request, "agency/staff.html", context, status=422 if form is not None and form.errors else 200)
