"""Where answers are written: reply, file, reaction, note, Undo, once more."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from conversations.errors import AlreadyTaken, AsksFirst, SensitiveContent
from conversations.forms import NoteForm, ReactionForm, ReplyForm, confirmed_in
from conversations.models import Conversation, Message
from conversations.services import media_files
from conversations.services.handling import holds, noting
from conversations.services.outbox import outbox
from conversations.services.threads import receipts, thread
from conversations.services.writing import replying
from conversations.views.acting import go_on
from conversations.views.opening import conversation_or_404, message_or_404
from conversations.views.thread import head_context
from conversations.views.writing import writing_context
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError


@require_GET
@requires(Permission.INBOX_VIEW)
def composer(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """The composer as it has to be now: the window may have closed, somebody may have taken over."""
    return _composer(request, conversation_or_404(conversation_id, user=request.user))


@require_POST
@requires(Permission.MESSAGE_SEND)
def send_reply(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Queue an answer; what comes back is its bubble, or the composer with the reason."""
    row, form = conversation_or_404(conversation_id, user=request.user), ReplyForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            message = replying.reply(row, author=request.user, written=_written(request, form, row))
        except AsksFirst as question:
            return asks(question)
        except DomainError as refusal:
            form.add_error(None, refusal_words(refusal, row))
        else:
            return _going_on(request, form, row, _bubble(request, row, message))
    return _composer(request, row, form=form)


def asks(question: AsksFirst) -> HttpResponse:
    """A question of the server: the page shows it and sends once more with the code, if the person says so."""
    told = {"asks": question.code, "words": str(question.user_message)}
    if isinstance(question, SensitiveContent):
        told["reason"] = "asked"  # the answer carries one behind a colon
    return JsonResponse(told, status=422)


@require_POST
@requires(Permission.INBOX_VIEW)
def add_note(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    row, form = conversation_or_404(conversation_id, user=request.user), NoteForm(request.POST)
    if form.is_valid():
        try:
            token = str(form.cleaned_data["token"] or "")
            note = noting.write(row, author=request.user, body=form.cleaned_data["body"], token=token)
        except DomainError as refusal:
            form.add_error("body", str(refusal.user_message))
        else:
            return items(request, row, [thread.item_of(note)])
    return _composer(request, row, form=form, writing="note")


@require_POST
@requires(Permission.MESSAGE_SEND)
def typing(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Somebody writes an answer: the customer sees it when she holds the conversation."""
    receipts.show_typing(conversation_or_404(conversation_id, user=request.user), by=request.user)
    return HttpResponse(status=204)


@require_POST
@requires(Permission.MESSAGE_SEND)
def undo(request: CompanyRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Take a reply back before it leaves; its text returns to the composer."""
    row = conversation_or_404(conversation_id, user=request.user)
    try:
        body = replying.take_back(message_or_404(row, message_id), by=request.user)
    except DomainError as refusal:
        return JsonResponse({"problem": str(refusal.user_message), "code": refusal.code}, status=422)
    return JsonResponse({"body": body})


@require_POST
@requires(Permission.MESSAGE_SEND)
def send_again(request: CompanyRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Send a failed or unsettled message once more, because a person decided so."""
    row = conversation_or_404(conversation_id, user=request.user)
    old = message_or_404(row, message_id)
    try:
        fresh = replying.send_again(old, by=request.user)
    except DomainError as refusal:
        return JsonResponse({"problem": refusal_words(refusal, row), "code": refusal.code}, status=422)
    return items(request, row, [thread.item_of(old), thread.item_of(fresh)])


@require_POST
@requires(Permission.MESSAGE_SEND)
def react(request: CompanyRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Put a reaction on a message, or take ours away."""
    row, form = conversation_or_404(conversation_id, user=request.user), ReactionForm(request.POST)
    target = message_or_404(row, message_id)
    if not form.is_valid():
        return JsonResponse({"problem": form.errors["emoji"][0]}, status=422)
    try:
        origin = outbox.Origin(author=request.user)
        outbox.queue_reaction(row, origin=origin, target=target, emoji=form.cleaned_data["emoji"])
    except DomainError as refusal:
        return JsonResponse({"problem": refusal_words(refusal, row), "code": refusal.code}, status=422)
    return items(request, row, [thread.item_of(target)])


def _written(request: CompanyRequest, form: ReplyForm, row: Conversation) -> replying.Reply:
    data: dict[str, Any] = form.cleaned_data
    return replying.Reply(
        token=str(data["token"]),
        body=data["body"].strip(),
        upload=_checked(data) if data["file"] else None,
        quoting=form.quoted_in(row.channel),
        close=data["close"],
        confirmed=confirmed_in(request.POST),
        pressed=timezone.now() - timedelta(milliseconds=data["age"] or 0),
        snooze=holds.preset("tomorrow", zone=request.company.time_zone) if data["snooze"] else None,
    )


def _going_on(request: CompanyRequest, form: ReplyForm, row: Conversation, response: HttpResponse) -> HttpResponse:
    """After sending and closing or snoozing: ask what the company wants to know, or name the next conversation."""
    if form.cleaned_data["close"] and Conversation.objects.open().filter(pk=row.pk).exists():
        response["X-Ask"] = "close"
    elif form.cleaned_data["close"] or form.cleaned_data["snooze"]:
        return go_on(request, response, after=row)
    return response


def _checked(data: dict[str, Any]) -> media_files.Checked:
    file = data["file"]
    return media_files.check(file, declared=file.content_type or "", voice=data["voice"], sticker=data["sticker"])


def refusal_words(refusal: DomainError, row: Conversation) -> str:
    """What to tell: of a conversation that somebody took, who has it now."""
    if isinstance(refusal, AlreadyTaken):
        holder = Conversation.objects.select_related("assignee").get(pk=row.pk).assignee
        return f"{refusal.user_message} ({holder.name})" if holder else str(refusal.user_message)
    return str(refusal.user_message)


def _bubble(request: CompanyRequest, row: Conversation, message: Message) -> HttpResponse:
    return items(request, row, [thread.item_of(message)])


def items(request: CompanyRequest, row: Conversation, shown: list[thread.Item]) -> HttpResponse:
    context = head_context(row, user=request.user) | {"items": shown}
    return render(request, "conversations/_items.html", context)


def _composer(request: CompanyRequest, row: Conversation, *, form: Any = None, writing: str = "reply") -> HttpResponse:
    fresh = conversation_or_404(row.pk, user=request.user)
    context = head_context(fresh, user=request.user) | {"form": form, "writing": writing}
    context |= writing_context(request, fresh)
    return render(request, "conversations/_composer.html", context, status=422 if form is not None else 200)
