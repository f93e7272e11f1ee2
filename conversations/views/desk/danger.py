"""Danger at the clients, over every page of the agency: whose it is, since when, and the way there."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations.desk import entries
from conversations.services import desk_rows
from conversations.views.desk.queue import scope_of
from tenants.accounts.access import StaffRequest, staff_only

SHOWN = 3


@require_GET
@never_cache
@staff_only()
def bar(request: StaffRequest) -> HttpResponse:
    """The danger that this person's grants reach, the oldest first; empty while there is none."""
    companies = desk_rows.of_staff(request.user.pk)
    found = entries.in_danger(scope_of(request, companies), limit=SHOWN + 1)
    rows = [(entry, companies[entry.company_id]) for entry in found[:SHOWN]]
    return render(request, "desk/_danger_bar.html", {"rows": rows, "more": len(found) > SHOWN})
