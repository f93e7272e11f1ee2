"""Quick replies: offered while one answers, kept on two pages (the company's and one's own)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.forms_replies import QuickReplyForm
from conversations.models import InboxSettings, QuickReply
from conversations.services.writing import quick_replies
from conversations.views.opening import conversation_or_404
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

LISTED = 1000


@require_GET
@requires(Permission.MESSAGE_SEND)
def offer(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """What fits the letters after the slash, in the person's language."""
    row = conversation_or_404(conversation_id, user=request.user)
    search = request.GET.get("q", "")
    found = quick_replies.offered(row, user=request.user, company=request.company, search=search)
    return render(request, "conversations/_suggest_replies.html", {"found": found, "search": search})


@require_POST
@requires(Permission.MESSAGE_SEND)
def use(request: CompanyRequest, conversation_id: UUID, reply_id: UUID) -> JsonResponse:
    """The text for this person, ready to be put into the field."""
    row = conversation_or_404(conversation_id, user=request.user)
    text = quick_replies.use(reply_id, conversation=row, user=request.user, company=request.company)
    if text is None:
        raise Http404
    return JsonResponse({"text": text})


@require_GET
@requires(Permission.KNOWLEDGE_MANAGE)
def shared(request: CompanyRequest) -> HttpResponse:
    return _list(request, owner=None)


@require_http_methods(["GET", "POST"])
@requires(Permission.KNOWLEDGE_MANAGE)
def write_shared(request: CompanyRequest, reply_id: UUID | None = None) -> HttpResponse:
    return _write(request, reply_id, owner=None)


@require_POST
@requires(Permission.KNOWLEDGE_MANAGE)
def remove_shared(request: CompanyRequest, reply_id: UUID) -> HttpResponse:
    return _remove(request, reply_id, owner=None)


@require_GET
@requires(Permission.MESSAGE_SEND)
def own(request: CompanyRequest) -> HttpResponse:
    return _list(request, owner=request.user)


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_SEND)
def write_own(request: CompanyRequest, reply_id: UUID | None = None) -> HttpResponse:
    return _write(request, reply_id, owner=request.user)


@require_POST
@requires(Permission.MESSAGE_SEND)
def remove_own(request: CompanyRequest, reply_id: UUID) -> HttpResponse:
    return _remove(request, reply_id, owner=request.user)


def _list(request: CompanyRequest, *, owner: User | None) -> HttpResponse:
    rows = QuickReply.objects.filter(owner=owner).order_by("shortcut")[:LISTED]
    return render(request, f"replies/{_side(owner)}.html", {"rows": rows})


def _write(request: CompanyRequest, reply_id: UUID | None, *, owner: User | None) -> HttpResponse:
    reply = get_object_or_404(QuickReply, pk=reply_id, owner=owner) if reply_id else None
    posted = request.POST if request.method == "POST" else None
    fields = [f"field.{one['key']}" for one in InboxSettings.load().contact_fields if one.get("key")]
    blanks = [*quick_replies.KNOWN_BLANKS, *fields]
    form = QuickReplyForm(posted, reply=reply, first=request.company.language, blanks=blanks)
    if posted is not None and form.is_valid():
        given: dict[str, Any] = {name: form.cleaned_data[name] for name in ("shortcut", "title", "texts")}
        try:
            quick_replies.save(reply, owner=owner, by=request.user, **given)
        except DomainError as refusal:
            form.add_error("shortcut", str(refusal.user_message))
        else:
            messages.success(request, _("The quick reply is kept."))
            return redirect(f"conversations:{_side(owner)}_replies")
    context = {"form": form, "reply": reply, "blanks": blanks}
    return render(request, f"replies/{_side(owner)}_edit.html", context, status=422 if form.errors else 200)


def _remove(request: CompanyRequest, reply_id: UUID, *, owner: User | None) -> HttpResponse:
    quick_replies.remove(get_object_or_404(QuickReply, pk=reply_id, owner=owner), by=request.user)
    messages.success(request, _("The quick reply is removed."))
    return redirect(f"conversations:{_side(owner)}_replies")


def _side(owner: User | None) -> str:
    return "own" if owner else "shared"
