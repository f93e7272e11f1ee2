"""One conversation: the thread of the pair, its older pages, and what changed since."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from conversations.models import Conversation, Message
from conversations.services import conversations, replying, thread
from conversations.views.contact import contact_context
from conversations.views.inbox import queue_context
from conversations.views.opening import conversation_or_404, message_or_404, record_opening
from conversations.views.writing import writing_context
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission

LONGEST_AWAY = timedelta(hours=12)


@require_GET
@requires(Permission.INBOX_VIEW)
def conversation(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Open a conversation: the whole page, or thread and contact when htmx asks."""
    row = conversation_or_404(conversation_id, user=request.user)
    record_opening("conversation.opened", user=request.user, subject=row, request=request)
    conversations.mark_seen(row)
    context = thread_context(row, user=request.user) | writing_context(request, row) | contact_context(row)
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return render(request, "conversations/_conversation.html", context)
    return render(request, "conversations/inbox.html", queue_context(request, selected=row) | context)


@require_GET
@requires(Permission.INBOX_VIEW)
def older(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """The page of the thread before a key, or everything back to a quoted message."""
    row = conversation_or_404(conversation_id, user=request.user)
    key = thread.Key.read(request.GET.get("before", ""))
    if key is None:
        return HttpResponseBadRequest()
    page = thread.page(row.channel, before=key)
    context = head_context(row, user=request.user) | {"items": page.items, "older": page.older}
    return render(request, "conversations/_thread_older.html", context)


@require_GET
@requires(Permission.INBOX_VIEW)
def news(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Items that the page does not have or has in an older state, ids that are gone, head and composer's mode."""
    row = conversation_or_404(conversation_id, user=request.user)
    since, now = parse_moment(request.GET.get("since", "")), timezone.now()
    if since is None or now - since > LONGEST_AWAY:
        return HttpResponse(status=205)  # the page starts afresh
    if request.GET.get("looking"):
        conversations.mark_seen(row)
    changed = thread.news(row.channel, since=since, seen=_seen(request.GET.get("seen", "")))
    context = head_context(row, user=request.user) | {
        "items": changed.items,
        "gone": changed.gone,
        "more": changed.more,
        "now": now,
    }
    return render(request, "conversations/_thread_news.html", context)


@require_GET
@requires(Permission.INBOX_VIEW)
def original(request: CompanyRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """The pages between the top of what is shown and an older message that somebody jumps to."""
    row = conversation_or_404(conversation_id, user=request.user)
    target: Message = message_or_404(row, message_id)
    before = thread.Key.read(request.GET.get("before", ""))
    if before is None:
        return HttpResponseBadRequest()
    page = thread.back_to(row.channel, before=before, target=thread.key_of(target))
    context = head_context(row, user=request.user) | {"items": page.items, "older": page.older}
    return render(request, "conversations/_thread_older.html", context)


def thread_context(row: Conversation, *, user: User) -> dict[str, Any]:
    """What the thread pane shows when it opens."""
    now = timezone.now()
    page = thread.page(row.channel)
    return head_context(row, user=user) | {"items": page.items, "older": page.older, "now": now}


def head_context(row: Conversation, *, user: User) -> dict[str, Any]:
    """What the head and the composer need to know."""
    return {
        "conversation": row,
        "mode": replying.mode_of(row, user=user),
        "me": user,
        "may_send": user.may(Permission.MESSAGE_SEND),
        "may_remove": user.may(Permission.MESSAGE_REMOVE),
    }


def parse_moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _seen(text: str) -> dict[UUID, str]:
    """``id.version`` pairs, comma-separated."""
    found: dict[UUID, str] = {}
    for part in text.split(",")[: thread.MAX_SEEN]:
        pk, _dot, version = part.partition(".")
        try:
            found[UUID(pk)] = version
        except ValueError:
            continue
    return found
