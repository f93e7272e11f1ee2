"""Removes one message or file for good, with a reason."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from conversations.forms import RemovalForm
from conversations.services import removal
from conversations.services.threads import thread
from conversations.views.opening import conversation_or_404, message_or_404
from conversations.views.thread import head_context
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_REMOVE)
def remove(request: CompanyRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """GET asks for the reason, POST removes; what comes back is the bubble without its content."""
    row = conversation_or_404(conversation_id, user=request.user)
    message = message_or_404(row, message_id)
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            removed = removal.remove_message(message, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            form.add_error(None, str(refusal.user_message))
        else:
            context = head_context(row, user=request.user) | {"items": [thread.item_of(removed)]}
            return render(request, "conversations/_items.html", context)
    context = {"conversation": row, "message": message, "form": form}
    return render(request, "conversations/_removal.html", context, status=422 if form.is_bound else 200)
