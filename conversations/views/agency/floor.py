"""The agency's floor: its people over all clients, and where somebody is missing."""

from django.core.paginator import Paginator
from django.db.models import Case, F, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations.services import desk_rows
from conversations.services.people import agency_floor
from conversations.services.people.cover import KINDS
from tenants.accounts.access import StaffRequest, staff_only
from tenants.models import ClientCompany


@require_GET
@never_cache
@staff_only()
def floor(request: StaffRequest) -> HttpResponse:
    """Owners see every client, others those that they serve; where cover is missing or somebody waits comes first."""
    missing = Case(When(summary__worst_alarm__in=KINDS, then=0), default=1)
    waiting = F("summary__oldest_waiting_at").asc(nulls_last=True)
    companies = ClientCompany.objects.filter(agency=request.agency).order_by(missing, waiting, "name")
    owner = request.membership.role == request.membership.Role.OWNER
    if not owner:
        companies = companies.filter(pk__in=list(desk_rows.of_staff(request.user.pk)))
    page = Paginator(companies, agency_floor.CLIENTS_A_PAGE).get_page(request.GET.get("page"))
    lines = agency_floor.people(request.agency)
    covered = agency_floor.clients(list(page.object_list), lines)
    context = {
        "owner": owner,
        "people": lines,
        "clients": covered,
        "page": page,
        "available": sum(line.available for line in lines),
        "paused": sum(line.effective == "paused" for line in lines),
        "cleared": sum(line.available and line.user.cleared for line in lines),
        "alarms": [line for line in covered if line.uncovered or line.uncleared],
        "now": timezone.now(),
    }
    part = request.headers.get("HX-Request")
    return render(request, "agency/_floor.html" if part else "agency/floor.html", context)
