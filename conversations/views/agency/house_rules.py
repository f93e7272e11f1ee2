"""A client's house rules, as somebody of the agency reads and accepts them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations.models import InboxSettings
from tenants.accounts.access import StaffRequest, staff_only
from tenants.accounts.services import conditions, house_rules
from tenants.context import inside, schema_of
from tenants.models import ClientCompany, HouseRulesAcceptance


@require_http_methods(["GET", "POST"])
@staff_only()
def read(request: StaffRequest, company_id: UUID) -> HttpResponse:
    """Only for those whom the client has given access, also while something is still missing."""
    client = get_object_or_404(ClientCompany, pk=company_id, agency=request.agency)
    if not conditions.judged(request.user.pk, company_id=client.pk) or client.house_rules_at is None:
        raise Http404
    if request.method == "POST" and request.POST.get("read") != client.house_rules_at.isoformat():
        messages.warning(request, _("The house rules were changed while you read them. Read them again."))
        return redirect("agency:house-rules", client.pk)
    if request.method == "POST":
        house_rules.accept(request.user, company=client)
        messages.success(request, _("Noted: you keep to the house rules of %(client)s.") % {"client": client})
        return redirect("desk:company", client.pk)
    with inside(schema_of(client.pk)):
        text = InboxSettings.load().house_rules
    accepted = HouseRulesAcceptance.objects.filter(staff=request.user.pk, company=client, at__gte=client.house_rules_at)
    context = {"client": client, "text": text, "accepted": accepted.first()}
    return render(request, "agency/house_rules.html", context)
