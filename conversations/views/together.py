"""Who else looks at a conversation and who types in it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conversations.services.handling import watching
from conversations.views.opening import conversation_or_404
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.INBOX_VIEW)
def looking(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Who else is there; a POST says that one looks, types or leaves (``state``)."""
    row = conversation_or_404(conversation_id, user=request.user)
    state = request.POST.get("state", "")
    if request.method == "POST" and state in watching.STATES:
        others = watching.note(row, by=request.user, state=state)
    else:
        others = watching.others(row, but=request.user)
    return render(request, "conversations/handling/_watching.html", {"others": others})
