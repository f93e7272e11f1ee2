"""What views answer that do something with a conversation: its head anew, a dialog, where to go next."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from conversations.errors import AlreadyTaken
from conversations.models import Conversation
from conversations.services.handling import next_up
from conversations.views.opening import conversation_or_404
from conversations.views.thread import head_context
from tenants.accounts.access import CompanyRequest
from tenants.errors import DomainError


def act(
    request: CompanyRequest, row: Conversation, done: Callable[[], object], *, leaves: bool = False
) -> HttpResponse:
    """Do it; the answer is the head, with the reason when it was refused.

    leaves  somebody who wants it so goes on to the next conversation
    """
    try:
        done()
    except DomainError as refusal:
        return head(request, row.pk, refusal=refusal)
    return go_on(request, head(request, row.pk), after=row) if leaves else head(request, row.pk)


def head(request: CompanyRequest, pk: UUID, *, refusal: DomainError | None = None) -> HttpResponse:
    row = conversation_or_404(pk, user=request.user)
    context = head_context(row, user=request.user)
    if refusal is not None:
        context["refusal"] = refusal.user_message
        context["quicker"] = row.assignee if isinstance(refusal, AlreadyTaken) else None
    return render(request, "conversations/_thread_head.html", context, status=422 if refusal else 200)


def dialog(
    request: CompanyRequest, name: str, row: Conversation, context: dict[str, Any], *, problem: object = ""
) -> HttpResponse:
    """One of the dialogs over a thread; with a problem it comes back and says so."""
    shown = {"conversation": row, "problem": str(problem), **context}
    return render(request, f"conversations/handling/_{name}.html", shown, status=422 if problem else 200)


def go_on(request: CompanyRequest, response: HttpResponse, *, after: Conversation) -> HttpResponse:
    """Name the next conversation when this was asked for, or when the person always wants it."""
    if request.POST.get("next"):
        response["X-Next"] = next_address(request, after=after)
    elif request.user.open_next:
        following = next_up.following(request.user, after=after)
        if following or getattr(request, "at_desk", False):  # the desk puts the next one of all clients in its place
            response["X-Next"] = _address_of(following)
    return response


def next_address(request: CompanyRequest, *, after: Conversation | None) -> str:
    """The conversation to answer next, else the inbox."""
    return _address_of(next_up.following(request.user, after=after))


def _address_of(following: Conversation | None) -> str:
    if following is None:
        return reverse("conversations:inbox")
    return reverse("conversations:conversation", args=[following.pk])
