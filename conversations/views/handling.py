"""Take over, give back, close, reopen: one button and one key each."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations.errors import AlreadyTaken
from conversations.forms import TakeForm
from conversations.models import Conversation
from conversations.services import conversations, queue
from conversations.views.opening import conversation_or_404
from conversations.views.thread import head_context
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError


@require_POST
@requires(Permission.MESSAGE_SEND)
def take(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Take over from whom the page showed; somebody quicker wins, and the answer says who."""
    row, form = conversation_or_404(conversation_id, user=request.user), TakeForm(request.POST)
    holder = form.cleaned_data["holder"] if form.is_valid() else None
    return _handle(request, row, lambda: conversations.take(row, by=request.user, from_holder=holder))


@require_POST
@requires(Permission.MESSAGE_SEND)
def release(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    row = conversation_or_404(conversation_id, user=request.user)
    return _handle(request, row, lambda: conversations.release(row, by=request.user))


@require_POST
@requires(Permission.MESSAGE_SEND)
def close(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Close; with ``next`` the answer leads to the conversation that waits longest now."""
    row = conversation_or_404(conversation_id, user=request.user)
    conversations.close(row, by=request.user)
    response = _head(request, row.pk)
    if request.POST.get("next"):
        response["X-Next"] = next_address(request, after=row)
    return response


@require_POST
@requires(Permission.MESSAGE_SEND)
def reopen(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Open again; when the pair has a newer open conversation, that one is shown."""
    row = conversation_or_404(conversation_id, user=request.user)
    opened = conversations.reopen(row, by=request.user)
    response = _head(request, row.pk)
    if opened.pk != row.pk:
        response["X-Next"] = reverse("conversations:conversation", args=[opened.pk])
    return response


def next_address(request: CompanyRequest, *, after: Conversation) -> str:
    """The conversation to answer next: the first that waits, else the inbox."""
    following = queue.next_waiting(request.user, after=after)
    if following is None:
        return reverse("conversations:inbox")
    return reverse("conversations:conversation", args=[following.pk])


def _handle(request: CompanyRequest, row: Conversation, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except DomainError as refusal:
        return _head(request, row.pk, refusal=refusal)
    return _head(request, row.pk)


def _head(request: CompanyRequest, pk: UUID, *, refusal: DomainError | None = None) -> HttpResponse:
    row = conversation_or_404(pk, user=request.user)
    context = head_context(row, user=request.user)
    if refusal is not None:
        context["refusal"] = refusal.user_message
        context["quicker"] = row.assignee if isinstance(refusal, AlreadyTaken) else None
    return render(request, "conversations/_thread_head.html", context, status=422 if refusal else 200)
