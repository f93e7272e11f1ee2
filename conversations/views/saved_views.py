"""Views of the queue kept under a name."""

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations.models import SavedView
from conversations.services import queue
from conversations.services.queue import saved_views
from conversations.views.queue_choices import saved_links
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

MAX_CHARS = 4000


@require_POST
@requires(Permission.INBOX_VIEW)
def save(request: CompanyRequest) -> HttpResponse:
    """Keep the queue of an address under a name; shared ones are a supervisor's to make."""
    asked = queue.Asked.read(QueryDict(request.POST.get("query", "")[:MAX_CHARS]))
    shared = bool(request.POST.get("shared")) and request.user.may(Permission.CONVERSATION_ASSIGN)
    try:
        saved_views.save(asked, name=request.POST.get("name", ""), by=request.user, shared=shared)
    except DomainError as refusal:
        return _form(request, asked, problem=str(refusal.user_message))
    return _go(asked.without("q").query)


@require_POST
@requires(Permission.INBOX_VIEW)
def rename(request: CompanyRequest, view_id: UUID) -> HttpResponse:
    """The answer is the dialog, which says what is wrong; else the inbox with that view."""
    view = _own_or_404(request, view_id)
    try:
        saved_views.rename(view, name=request.POST.get("name", ""), by=request.user)
    except DomainError as refusal:
        asked = queue.Asked.read(QueryDict(request.POST.get("query", "")[:MAX_CHARS]))
        return _form(request, asked, problem=str(refusal.user_message), renamed=view)
    return _go(view.query)


@require_POST
@requires(Permission.INBOX_VIEW)
def delete(request: CompanyRequest, view_id: UUID) -> HttpResponse:
    saved_views.delete(_own_or_404(request, view_id), by=request.user)
    return _go("")


def _own_or_404(request: CompanyRequest, pk: UUID) -> SavedView:
    """One's own, or a shared one for people who may make those."""
    mine = SavedView.objects.filter(owner=request.user)
    if request.user.may(Permission.CONVERSATION_ASSIGN):
        mine |= SavedView.objects.filter(owner=None)
    return get_object_or_404(mine, pk=pk)


def _form(
    request: CompanyRequest, asked: queue.Asked, *, problem: str, renamed: SavedView | None = None
) -> HttpResponse:
    """The dialog as it was, with what is wrong at the view it is wrong with."""
    may_share = request.user.may(Permission.CONVERSATION_ASSIGN)
    context = {
        "asked": asked,
        "problem": problem,
        "renamed": renamed,
        "name": "" if renamed else request.POST.get("name", "")[:80],
        "may_assign": may_share,
        "saved": saved_links(asked, counts=queue.Counts(), saved=saved_views.of(request.user), may_share=may_share),
    }
    return render(request, "conversations/_view_form.html", context, status=422)


def _go(query: str) -> HttpResponse:
    """Back to the inbox, showing that queue."""
    address = reverse("conversations:inbox")
    return HttpResponse(status=204, headers={"HX-Redirect": f"{address}?{query}" if query else address})
