"""What one of the agency's people answers over all clients: languages, skills, and how much at once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations.desk.models import StaffPresence
from conversations.services.people import staff_facts
from conversations.views.admin.forms_people import AnswersForm
from tenants.accounts.access import StaffRequest, staff_only


@require_http_methods(["GET", "POST"])
@staff_only(owner=True)
def change(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    person = get_object_or_404(request.agency.memberships.select_related("user"), user=staff_id)
    known = StaffPresence.objects.filter(staff=staff_id).first() or StaffPresence()
    initial = {name: getattr(known, name) for name in ("languages", "skills", "capacity")}
    form = AnswersForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        staff_facts.change_answers(person.user, form.answers, by=request.user, request=request)
        messages.success(request, _("%(name)s: saved.") % {"name": person.user})
        return redirect("agency:staff-person", staff_id)
    context = {"person": person, "form": form}
    return render(request, "people/staff_answers.html", context, status=422 if form.errors else 200)
