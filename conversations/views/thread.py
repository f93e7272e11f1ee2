"""One conversation: the thread of the pair, page by page both ways, what is found in it, and what changed since."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from conversations.models import Conversation, Direction, Message, Note
from conversations.services import inbox_settings
from conversations.services.handling import conversations, mentions
from conversations.services.questions import questions
from conversations.services.threads import thread, thread_search
from conversations.services.writing import composer_modes
from conversations.views.contact import contact_context
from conversations.views.inbox import queue_context
from conversations.views.opening import ONE_SITTING, conversation_or_404, note_reading, record_opening
from conversations.views.writing import writing_context
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission

MAX_UNREAD = 500


@require_GET
@requires(Permission.INBOX_VIEW)
def conversation(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Open a conversation: the whole page, or thread and contact when htmx asks.

    at  id of a message or note: the thread opens with it in the middle; else with what nobody has read yet
    """
    row = conversation_or_404(conversation_id, user=request.user)
    context = open_context(request, row)
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return render(request, "conversations/_conversation.html", context)
    return render(request, "conversations/inbox.html", queue_context(request, selected=row) | context)


def open_context(request: CompanyRequest, row: Conversation) -> dict[str, Any]:
    """What thread and contact show when somebody opens a conversation; it counts as read, and the trail says so."""
    record_opening("conversation.opened", user=request.user, subject=row, request=request)
    opening = thread_context(row, user=request.user, at=_uuid(request.GET.get("at", "")))
    _seen_by(row, user=request.user)
    settings = inbox_settings.of_request(request)
    return opening | writing_context(request, row) | contact_context(row, user=request.user, settings=settings)


def _seen_by(row: Conversation, *, user: User) -> None:
    """It counts as read; what came since the row was read here brings a hint of its own."""
    if row.unread_count or (row.woke_at and row.assignee_id in (None, user.pk)):
        conversations.mark_seen(row, by=user)
    if row.calls_me:  # type: ignore[attr-defined]
        mentions.see(row, by=user)


@require_GET
@requires(Permission.INBOX_VIEW)
def older(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """The page of the thread before a key."""
    row = conversation_or_404(conversation_id, user=request.user)
    key = thread.Key.read(request.GET.get("before", ""))
    if key is None:
        return HttpResponseBadRequest()
    return _part(request, row, thread.page(row.channel, before=key))


@require_GET
@requires(Permission.INBOX_VIEW)
def newer(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """The page of the thread after a key."""
    row = conversation_or_404(conversation_id, user=request.user)
    key = thread.Key.read(request.GET.get("after", ""))
    if key is None:
        return HttpResponseBadRequest()
    return _part(request, row, thread.following(row.channel, after=key))


@require_GET
@requires(Permission.INBOX_VIEW)
def around(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """The part of the thread around a message or note; without one the newest page."""
    row = conversation_or_404(conversation_id, user=request.user)
    pk = _uuid(request.GET.get("at", ""))
    target = None if pk is None else _place_of(row, pk)
    if pk is not None and target is None:
        raise Http404
    return _part(request, row, thread.around(row.channel, target=target) if target else thread.page(row.channel))


@require_GET
@requires(Permission.INBOX_VIEW)
def find(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Where in the thread the words stand: ids, the newest first. That somebody looked is recorded, not for what."""
    row = conversation_or_404(conversation_id, user=request.user)
    words = request.GET.get("q", "")
    if words.strip():
        record_opening("search.run", user=request.user, subject=request.user, request=request)
    note_reading(row, user=request.user, request=request)
    found = thread_search.find(row.channel, words=words)
    return JsonResponse({"ids": [str(pk) for pk in found.ids], "more": found.more})


def _part(request: CompanyRequest, row: Conversation, page: thread.Page) -> HttpResponse:
    note_reading(row, user=request.user, request=request)
    context = head_context(row, user=request.user)
    context |= {"items": page.items, "older": page.older, "newer": page.newer}
    return render(request, "conversations/_thread_part.html", context)


@require_GET
@requires(Permission.INBOX_VIEW)
def news(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Items that the page does not have or has in an older state, ids that are gone, head and composer's mode."""
    row = conversation_or_404(conversation_id, user=request.user)
    since, now = parse_moment(request.GET.get("since", "")), timezone.now()
    if since is None or now - since > ONE_SITTING:
        return HttpResponse(status=205)  # the page starts afresh
    note_reading(row, user=request.user, request=request)
    if request.GET.get("looking"):
        _seen_by(row, user=request.user)
    changed = thread.news(row.channel, since=since, seen=_seen(request.GET.get("seen", "")))
    context = head_context(row, user=request.user) | {
        "items": changed.items,
        "gone": changed.gone,
        "more": changed.more,
        "now": now,
    }
    return render(request, "conversations/_thread_news.html", context)


def thread_context(row: Conversation, *, user: User, at: UUID | None = None) -> dict[str, Any]:
    """What the thread pane shows when it opens: around ``at``, else what is new to everybody, else the newest."""
    now = timezone.now()
    place = _place_of(row, at) if at else None
    unread = None if place else _first_unread(row)
    page = thread.around(row.channel, target=place) if place else thread.page(row.channel)
    if unread and page.older and thread.key_of(unread) < page.older:
        page = thread.around(row.channel, target=thread.key_of(unread))
    return head_context(row, user=user) | {
        "items": page.items,
        "older": page.older,
        "newer": page.newer,
        "now": now,
        "at": at if place else None,
        "unread_from": unread.pk if unread else None,
    }


def _first_unread(row: Conversation) -> Message | None:
    """The first message that came since somebody looked."""
    if not row.unread_count:
        return None
    came = Message.objects.seen_in(row.channel).in_thread().filter(direction=Direction.INBOUND)
    newest = list(came.order_by("-at", "-sequence")[: min(row.unread_count, MAX_UNREAD)])
    return newest[-1] if newest else None


def _place_of(row: Conversation, pk: UUID) -> thread.Key | None:
    """Where a message or note of this thread stands."""
    for model in (Message, Note):
        standing = model.objects.filter(pk=pk, channel_id=row.channel_id)
        found = (standing if row.channel.shows_all else standing.filter(conversation__sensitive=False)).first()
        if found is not None:
            return thread.key_of(found)
    return None


def head_context(row: Conversation, *, user: User) -> dict[str, Any]:
    """What the head and the composer need to know."""
    return {
        "conversation": row,
        "mode": composer_modes.mode_of(row, user=user),
        "me": user,
        "may_send": user.may(Permission.MESSAGE_SEND),
        "may_remove": user.may(Permission.MESSAGE_REMOVE),
        "may_unmask": user.may(Permission.SENSITIVE_OVERRIDE),
        "may_merge": user.may(Permission.CONTACT_MERGE),
        "questions": questions.unanswered(row) if row.has_questions else [],  # type: ignore[attr-defined]
    }


def parse_moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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
