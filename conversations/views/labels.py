"""Labels of one conversation: the picker, and putting one on or taking it off."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from conversations.models import Conversation, Label
from conversations.services.handling import labels
from conversations.views.opening import conversation_or_404
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_SEND)
def picker(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """What may be put on, with what is on already; a POST names one label and puts it on or takes it off."""
    row = conversation_or_404(conversation_id, user=request.user)
    problem = ""
    if request.method == "POST":
        label = _label_or_404(request.POST.get("label", ""))
        act = labels.put_on if request.POST.get("on") else labels.take_off
        try:
            act(row, label, by=request.user)
        except DomainError as refusal:
            problem = str(refusal.user_message)
    carried = Conversation.objects.values_list("labels", flat=True).get(pk=row.pk)
    known = labels.by_id(carried)
    offered = labels.offered()
    kept = [label for pk, label in known.items() if label.retired_at]
    context = {"conversation": row, "carried": carried, "offered": [*offered, *kept], "problem": problem}
    return render(request, "conversations/_labels.html", context, status=422 if problem else 200)


def _label_or_404(text: str) -> Label:
    try:
        return get_object_or_404(Label, pk=UUID(text))
    except ValueError as odd:
        raise Http404 from odd
