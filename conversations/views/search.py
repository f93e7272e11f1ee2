"""The search page: people, and the lines that say what was asked for."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from conversations.address_times import day_of
from conversations.models import Label, PhoneNumber
from conversations.search_words import MAX_QUERY_CHARS
from conversations.services import search
from conversations.services.contacts import contacts
from conversations.services.handling import labels
from conversations.views.opening import record_opening
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

MOST_PEOPLE = 6
MOST_NUMBERS = 100
DIRECTIONS = {"": _("Anybody"), "in": _("The customer"), "out": _("Us"), "note": _("Notes")}


@require_GET
@requires(Permission.INBOX_VIEW)
def search_page(request: CompanyRequest) -> HttpResponse:
    """What was found; with ``after`` only the lines that follow."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY_CHARS]
    filters, after = _filters(request), search.Key.read(request.GET.get("after", ""))
    if query:
        record_opening("search.run", user=request.user, subject=request.user, request=request)
    page = search.find(query, user=request.user, filters=filters, after=after)
    context: dict[str, Any] = {"query": query, "page": page, "asked": _address(request)}
    if after is not None:
        return render(request, "search/_lines.html", context)
    context |= {
        "people": list(contacts.search(query, user=request.user)[:MOST_PEOPLE]) if query else [],
        "filters": filters,
        "directions": DIRECTIONS,
        "labels": labels.offered(),
        "numbers": PhoneNumber.objects.defer("token", "pin").order_by("display_number")[:MOST_NUMBERS],
    }
    return render(request, "search/page.html", context)


def _filters(request: CompanyRequest) -> search.Filters:
    """What narrows it, as far as the address can be understood."""
    direction = request.GET.get("from", "")
    return search.Filters(
        since=day_of(request.GET.get("since", "")),
        until=day_of(request.GET.get("until", "")),
        direction=direction if direction in DIRECTIONS else "",
        number=_id(request.GET.get("number", ""), PhoneNumber),
        label=_id(request.GET.get("label", ""), Label),
        with_file=request.GET.get("file") == "1",
    )


def _id(text: str, model: Any) -> UUID | None:
    try:
        pk = UUID(text)
    except ValueError:
        return None
    return pk if model.objects.filter(pk=pk).exists() else None


def _address(request: CompanyRequest) -> str:
    """The address without the page, for the lines that follow."""
    asked = request.GET.copy()
    asked.pop("after", None)
    return asked.urlencode()
