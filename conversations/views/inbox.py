"""The inbox page and its queue."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from conversations.models import Conversation
from conversations.services import queue
from conversations.services.queue import saved_views
from conversations.views.opening import record_opening
from conversations.views.queue_choices import EMPTY, SORTS, choices_of, filter_chips, links_of, saved_links, view_name
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

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
    """The queue that the address asks for, or with ``after`` only the rows that follow."""
    context = queue_context(request)
    _record_search(request, context)
    if request.GET.get("after"):
        return render(request, "conversations/_queue_more.html", context)
    response = render(request, "conversations/_queue.html", context)
    if request.headers.get("HX-Target") == "queue-pane":
        response["HX-Push-Url"] = _address_of(request, context["asked"])
    return response


@require_GET
@requires(Permission.INBOX_VIEW)
def queue_rows(request: CompanyRequest) -> HttpResponse:
    """Those of the named conversations that belong in the queue now, and the counts."""
    asked = queue.Asked.read(request.GET)
    found = queue.rows_by_id(_ids(request.GET.get("ids", "")), asked, user=request.user)
    counts = queue.counts(request.user, saved=saved_views.counted(saved_views.of(request.user)))
    context = {"asked": asked, "rows": found.rows, "labels": found.labels, "counts": counts}
    return render(request, "conversations/_queue_news.html", context)


@require_GET
@requires(Permission.INBOX_VIEW)
def queue_filters(request: CompanyRequest) -> HttpResponse:
    """What the queue can be narrowed to: fetched when somebody opens the filters, not with every page."""
    asked = queue.Asked.read(request.GET)
    context = {"asked": asked, "choices": choices_of(user=request.user), "base": reverse("conversations:inbox")}
    return render(request, "conversations/_queue_filters.html", context)


def queue_context(request: CompanyRequest, *, selected: Conversation | None = None) -> dict[str, Any]:
    """What the queue shows for the address."""
    asked = queue.Asked.read(request.GET)
    after = queue.Key.read(request.GET.get("after", ""))
    page = queue.page(asked, user=request.user, after=after, limit=_limit(request))
    if after is not None:  # only the rows that follow
        return {"asked": asked, "rows": page.rows, "labels": page.labels, "next": page.next, "selected": selected}
    saved = saved_views.of(request.user)
    counts = queue.counts(request.user, saved=saved_views.counted(saved))
    may_assign = request.user.may(Permission.CONVERSATION_ASSIGN)
    links, resting = links_of(asked, counts=counts)
    return {
        "asked": asked,
        "rows": page.rows,
        "labels": page.labels,
        "next": page.next,
        "links": links,
        "resting": resting,
        "saved": saved_links(asked, counts=counts, saved=saved, may_share=may_assign),
        "counts": counts,
        "sorts": SORTS,
        "empty": EMPTY[asked.view],
        "chips": filter_chips(asked),
        "view_name": next((one.name for one in saved if one.query == asked.query), view_name(asked.view)),
        "selected": selected,
        "may_assign": may_assign,
        "base": reverse("conversations:inbox"),
    }


def _address_of(request: CompanyRequest, asked: queue.Asked) -> str:
    """The page's own address with the queue that it shows now: survives reload, can be shared."""
    path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    inbox_path = reverse("conversations:inbox")
    path = path if path.startswith(inbox_path) else inbox_path
    return f"{path}?{asked.query}" if asked.query else path


def _record_search(request: CompanyRequest, context: dict[str, Any]) -> None:
    """That somebody looked for a person, once per spell of typing, never for whom."""
    if context["asked"].filters.q:
        record_opening("search.run", user=request.user, subject=request.user, request=request)


def _limit(request: CompanyRequest) -> int:
    """How many rows: a page that refreshes all it has asks for as many."""
    asked = request.GET.get("limit", "")
    known = asked.isascii() and asked.isdecimal() and len(asked) < 6
    return max(queue.PAGE, min(int(asked), MAX_PAGE)) if known else queue.PAGE


def _ids(text: str) -> list[UUID]:
    found = []
    for part in text.split(",")[: queue.MAX_ROWS]:
        try:
            found.append(UUID(part))
        except ValueError:
            continue
    return found
