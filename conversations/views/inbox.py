"""The inbox page and its queue."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from conversations.models import Conversation
from conversations.services import queue
from conversations.views.opening import record_opening
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

MAX_SEARCH_CHARS = 80
MAX_PAGE = 200


@require_GET
@requires(Permission.INBOX_VIEW)
def inbox(request: CompanyRequest) -> HttpResponse:
    context = queue_context(request)
    _record_search(request, context)
    return render(request, "conversations/inbox.html", context)


@require_GET
@requires(Permission.INBOX_VIEW)
def queue_page(request: CompanyRequest) -> HttpResponse:
    """The queue of a view, or with ``after`` only the rows that follow."""
    context = queue_context(request)
    _record_search(request, context)
    template = "_queue_more.html" if request.GET.get("after") else "_queue.html"
    return render(request, f"conversations/{template}", context)


@require_GET
@requires(Permission.INBOX_VIEW)
def queue_rows(request: CompanyRequest) -> HttpResponse:
    """Those of the named conversations that belong in the view now, and the counts."""
    context = _asked(request)
    rows = queue.rows_by_id(
        _ids(request.GET.get("ids", "")), view=context["view"], user=request.user, search=context["search"]
    )
    context |= {"rows": rows, "counts": queue.counts(request.user)}
    return render(request, "conversations/_queue_news.html", context)


def queue_context(request: CompanyRequest, *, selected: Conversation | None = None) -> dict[str, Any]:
    """What the queue shows for the view, search and page that the address asks for."""
    context = _asked(request)
    after = queue.Key.read(request.GET.get("after", ""))
    page = queue.page(context["view"], user=request.user, after=after, search=context["search"], limit=_limit(request))
    return context | {"rows": page.rows, "next": page.next, "counts": queue.counts(request.user), "selected": selected}


def _record_search(request: CompanyRequest, context: dict[str, Any]) -> None:
    """That somebody looked for a person, once per spell of typing, never for whom."""
    if context["search"]:
        record_opening("search.run", user=request.user, subject=request.user, request=request)


def _asked(request: CompanyRequest) -> dict[str, Any]:
    try:
        view = queue.View(request.GET.get("view", ""))
    except ValueError:
        view = queue.View.WAITING
    search = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_SEARCH_CHARS]
    return {"view": view, "search": search, "base": reverse("conversations:inbox")}


def _limit(request: CompanyRequest) -> int:
    """How many rows: a page that refreshes all it has asks for as many."""
    asked = request.GET.get("limit", "")
    return max(queue.PAGE, min(int(asked), MAX_PAGE)) if asked.isascii() and asked.isdecimal() else queue.PAGE


def _ids(text: str) -> list[UUID]:
    found = []
    for part in text.split(",")[: queue.MAX_ROWS]:
        try:
            found.append(UUID(part))
        except ValueError:
            continue
    return found
