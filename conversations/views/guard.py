"""What people do about sensitive data and danger: look, judge a finding, open a blurred file, end an alarm."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.models import Conversation, Message, SensitiveFinding
from conversations.services.contacts import special_consent
from conversations.services.guard import guard_reviewing, guarding
from conversations.services.threads import thread
from conversations.shown import hides_content
from conversations.views.composer import items
from conversations.views.files import media_or_404
from conversations.views.opening import conversation_or_404, message_or_404
from conversations.views.thread import head_context
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError


@require_http_methods(["GET", "POST"])
@requires(Permission.SENSITIVE_OVERRIDE)
def reveal(request: CompanyRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """GET asks why, POST gives the whole text for this view only; nothing of it stays on the page after a reload."""
    row = conversation_or_404(conversation_id, user=request.user)
    message = message_or_404(row, message_id)
    if row.channel.opens_terms:
        special_consent.open_terms(row.contact, [message])
    context = {"conversation": row, "message": message, "may_unmask": True}
    try:
        if request.method == "POST":
            reason = request.POST.get("reason", "")
            whole = guard_reviewing.reveal(message, by=request.user, reason=reason, request=request)
            return _shown(request, row, message, whole)
        guard_reviewing.check_may(request.user)
    except DomainError as refusal:
        context |= {"problem": refusal.user_message, "refused": refusal.http_status == 403}
        return render(request, "conversations/messages/_reveal.html", context, status=422)
    return render(request, "conversations/messages/_reveal.html", context)


def _shown(request: CompanyRequest, row: Conversation, message: Message, whole: str) -> HttpResponse:
    findings = message.findings.filter(
        verdict=SensitiveFinding.Verdict.OPEN, action__in=guard_reviewing.HIDES
    ).order_by("start")
    inside = guarding.texts_in(message.content) if hides_content(message.masks) else []
    context = {"conversation": row, "message": message, "whole": whole, "findings": findings, "inside": inside}
    response = render(request, "conversations/messages/_revealed.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@requires(Permission.SENSITIVE_OVERRIDE)
def judge(request: CompanyRequest, conversation_id: UUID, finding_id: UUID) -> HttpResponse:
    """Say whether a finding is one; what comes back is its message's bubble, or the notice."""
    row = conversation_or_404(conversation_id, user=request.user)
    finding = get_object_or_404(row.findings.select_related("message"), pk=finding_id)
    try:
        right = request.POST.get("verdict") == "right"
        guard_reviewing.judge(finding, by=request.user, right=right, request=request)
    except DomainError as refusal:
        return HttpResponse(str(refusal.user_message), status=422, content_type="text/plain")
    if finding.message_id is None or "notice" in request.POST:
        fresh = conversation_or_404(row.pk, user=request.user)
        return render(request, "conversations/_guard_notice.html", head_context(fresh, user=request.user))
    return items(request, row, [thread.item_of(message_or_404(row, finding.message_id))])


@require_POST
@requires(Permission.INBOX_VIEW)
def review_file(request: CompanyRequest, media_id: UUID) -> HttpResponse:
    """Show a blurred file from now on; who chose to look first is kept."""
    media = media_or_404(media_id, user=request.user)
    guard_reviewing.review(media, by=request.user, request=request)
    message = Message.objects.select_related("conversation", "channel").filter(media=media).first()
    if message is None or not request.headers.get("HX-Request"):
        return redirect("conversations:file", media.pk)
    row = conversation_or_404(message.conversation_id, user=request.user)
    return items(request, row, [thread.item_of(message_or_404(row, message.pk))])


@require_GET
@requires(Permission.INBOX_VIEW)
def notice(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """What stands above the composer about danger and sensitive data, as it is now."""
    row = conversation_or_404(conversation_id, user=request.user)
    return render(request, "conversations/_guard_notice.html", head_context(row, user=request.user))


@require_POST
@requires(Permission.MESSAGE_SEND)
def end_danger(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """The danger was dealt with; how, is a note that has to be written."""
    row = conversation_or_404(conversation_id, user=request.user)
    problem = ""
    try:
        guard_reviewing.end_danger(row, by=request.user, note=request.POST.get("note", ""), request=request)
    except DomainError as refusal:
        problem = str(refusal.user_message)
    fresh = conversation_or_404(row.pk, user=request.user)
    context = head_context(fresh, user=request.user) | {"danger_problem": problem}
    return render(request, "conversations/_guard_notice.html", context, status=422 if problem else 200)


@require_POST
@requires(Permission.SENSITIVE_OVERRIDE)
def consent(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """The person agreed in the message that is named, or no longer agrees; what comes back is the notice."""
    row = conversation_or_404(conversation_id, user=request.user)
    problem = ""
    try:
        if request.POST.get("answer") == "withdrawn":
            special_consent.withdraw(row.contact, by=request.user, request=request)
        else:
            chosen = request.POST.get("message", "")
            special_consent.record(row, message_id=chosen, by=request.user, request=request)
    except DomainError as refusal:
        problem = str(refusal.user_message)
    context = head_context(row, user=request.user) | {"consent_problem": problem}
    return render(request, "conversations/_guard_notice.html", context, status=422 if problem else 200)
