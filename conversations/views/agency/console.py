"""All clients at a glance, with what needs a person first."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conversations.desk import services as desk
from tenants.accounts.access import StaffRequest, staff_only

PER_PAGE = 100


@require_GET
@staff_only()
def console(request: StaffRequest) -> HttpResponse:
    sort, name = request.GET.get("sort", "need"), request.GET.get("name", "")
    clients = Paginator(desk.clients_of(request.agency, sort=sort, name=name), PER_PAGE)
    page = clients.get_page(request.GET.get("page"))
    doors = {door.company_id for door in desk.doors_of(request.user.pk)}
    context = {
        "page": page,
        "sort": sort,
        "name": name,
        "doors": doors,
        "needs": _needs(request, page.number),
        "owner": request.membership.role == request.membership.Role.OWNER,
    }
    template = "agency/_clients.html" if request.headers.get("HX-Target") == "clients" else "agency/console.html"
    return render(request, template, context)


def _needs(request: StaffRequest, page_number: int) -> object:
    return desk.needing_a_person(request.agency) if page_number == 1 else []


@require_GET
@staff_only()
def doors(request: StaffRequest) -> HttpResponse:
    """The switcher's list on the agency's host; refetched while a page stays open."""
    listed = desk.doors_of(request.user.pk)
    context = {"doors": listed, "unanswered": sum(door.unanswered for door in listed)}
    return render(request, "agency/_doors.html", context)
