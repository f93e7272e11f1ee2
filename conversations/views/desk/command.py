"""What the command bar finds at the desk: conversations and people of the clients that a person may enter."""

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations.desk.models import CompanySummary
from conversations.services import desk_rows
from conversations.views.command import MOST, Found, find, note_search, query_of
from conversations.views.desk.inside import door_or_404, within
from tenants.accounts.access import StaffRequest, staff_only
from tenants.accounts.roles import Permission
from tenants.models import ClientCompany

MOST_CLIENTS = 12  # each costs a handful of queries


@require_GET
@never_cache
@staff_only()
def command(request: StaffRequest) -> HttpResponse:
    """A few of each, at the client that is open (``client``) and at those somebody wrote to last."""
    companies = desk_rows.of_staff(request.user.pk)
    searched = _first(companies, request.GET.get("client", ""))[:MOST_CLIENTS]
    query = query_of(request)
    hits = []
    for company in searched if query else []:
        found = _at(request, company, query)
        hits += [(company, found)] if found.people else []
        if sum(len(one.people) for _company, one in hits) >= MOST:
            break
    context = {"hits": hits, "query": query, "searched": len(searched), "clients": len(companies)}
    return render(request, "desk/_command.html", context)


def _at(request: StaffRequest, company: ClientCompany, query: str) -> Found:
    try:
        with within(request, door_or_404(request, company.pk)) as user:
            found = find(query, user=user) if user.may(Permission.INBOX_VIEW) else Found([], [])
            note_search(found, user=user, request=request)
            return found
    except Http404:  # the grant ended a moment ago
        return Found([], [])


def _first(companies: dict[UUID, ClientCompany], named: str) -> list[ClientCompany]:
    """The named client, then those that people wrote to last."""
    lately: Iterable[UUID] = (
        CompanySummary.objects.filter(company__in=list(companies))
        .exclude(last_inbound_at=None)
        .order_by("-last_inbound_at")
        .values_list("company_id", flat=True)[:MOST_CLIENTS]
    )
    order = dict.fromkeys([*(pk for pk in companies if str(pk) == named), *lately, *companies])
    return [companies[pk] for pk in order]
