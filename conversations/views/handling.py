"""Take over, give back, close, reopen, say what it is about, go on: one button and one key each."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.errors import ClosingIncomplete, DangerOpen, HeldByColleague
from conversations.forms import TakeForm
from conversations.forms_handling import ClosingForm, IntentForm
from conversations.models import Conversation, InboxSettings
from conversations.services.handling import closing, conversations, next_up
from conversations.views.acting import act, dialog, go_on, head, next_address
from conversations.views.opening import conversation_or_404
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.accounts.services import profile


@require_POST
@requires(Permission.MESSAGE_SEND)
def take(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Take over from whom the page showed; somebody quicker wins, and the answer says who."""
    row, form = conversation_or_404(conversation_id, user=request.user), TakeForm(request.POST)
    holder = form.cleaned_data["holder"] if form.is_valid() else None
    return act(request, row, lambda: conversations.take(row, by=request.user, from_holder=holder))


@require_POST
@requires(Permission.MESSAGE_SEND)
def release(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    row = conversation_or_404(conversation_id, user=request.user)
    return act(request, row, lambda: conversations.release(row, by=request.user))


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_SEND)
def close(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Close; where the company asks for a reason or an intent and none came along, a dialog asks for them, and it names
    the colleague who answers the conversation until it is said that she is known.

    With ``next`` the answer leads to the conversation that is to be answered next.
    """
    row = conversation_or_404(conversation_id, user=request.user)
    if request.method == "GET":
        return dialog(request, "close", row, _closing_context(row, ClosingForm(), user=request.user))
    form = ClosingForm(request.POST)
    form.is_valid()
    given = {name: form.cleaned_data.get(name) for name in ("intent", "holder")}
    try:
        reason = form.cleaned_data.get("reason", "")
        closing.close(row, by=request.user, reason=reason, intent=given["intent"], from_holder=given["holder"])
    except DangerOpen as refusal:
        if "asked" in request.POST:
            context = _closing_context(row, form, user=request.user)
            return dialog(request, "close", row, context, problem=refusal.user_message)
        return head(request, row.pk, refusal=refusal)
    except (ClosingIncomplete, HeldByColleague) as refusal:
        row = conversation_or_404(conversation_id, user=request.user)
        context = _closing_context(row, form, user=request.user) | {"asked": "asked" in request.POST}
        problem = refusal.user_message if "asked" in request.POST else " "
        response = dialog(request, "close", row, context, problem=problem)
        response["X-Ask"] = "close"
        return response
    return go_on(request, head(request, row.pk), after=row)


@require_POST
@requires(Permission.MESSAGE_SEND)
def reopen(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Open again; when the pair has a newer open conversation, that one is shown."""
    row = conversation_or_404(conversation_id, user=request.user)
    opened = conversations.reopen(row, by=request.user)
    response = head(request, row.pk)
    if opened.pk != row.pk:
        response["X-Next"] = reverse("conversations:conversation", args=[opened.pk])
    return response


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_SEND)
def intent(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Say what somebody wants, or that it is not known."""
    row = conversation_or_404(conversation_id, user=request.user)
    form = IntentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["intent"]
        return act(request, row, lambda: closing.set_intent(row, by=request.user, intent=chosen))
    return dialog(request, "intent", row, {"intents": closing.intents(), "form": form})


@require_GET
@requires(Permission.INBOX_VIEW)
def next_conversation(request: CompanyRequest, conversation_id: UUID | None = None) -> HttpResponse:
    """Lead to the conversation to answer next, other than the one that is open."""
    after = conversation_or_404(conversation_id, user=request.user) if conversation_id else None
    address = next_address(request, after=after)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"X-Next": address})
    return redirect(address)


@require_GET
@requires(Permission.INBOX_VIEW)
def own(request: CompanyRequest) -> HttpResponse:
    """One's own open conversations with the numbers that open them."""
    return _own(request)


@require_POST
@requires(Permission.INBOX_VIEW)
def open_next(request: CompanyRequest) -> HttpResponse:
    """Whether the next conversation opens by itself after closing, snoozing and giving away."""
    profile.change(request.user, open_next=bool(request.POST.get("on")))
    return _own(request)


def _own(request: CompanyRequest) -> HttpResponse:
    context = {"rows": next_up.own(request.user), "me": request.user}
    return render(request, "conversations/handling/_own.html", context)


def _closing_context(row: Conversation, form: ClosingForm, *, user: User) -> dict[str, Any]:
    settings = InboxSettings.load()
    return {
        "holder": row.assignee if row.assignee_id != user.pk else None,
        "form": form,
        "reasons": closing.reasons(settings),
        "intents": closing.intents(),
        "needs_intent": settings.close_needs_intent and row.intent_id is None,
    }
