"""Notices: writing them, ending them, and saying that one has read them."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.forms_briefing import NoticeForm
from conversations.models import Notice
from conversations.services.knowledge import briefing, notices
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

PER_PAGE = 30


@require_GET
@requires(Permission.INBOX_VIEW)
def list_notices(request: CompanyRequest) -> HttpResponse:
    """Everybody reads them; who may write them sees how many have."""
    page = Paginator(notices.listed(), PER_PAGE).get_page(request.GET.get("page"))
    known = {notice.pk for notice in briefing.current_notices(request.user, at=timezone.now()) if notice.was_read}  # type: ignore[attr-defined]
    context = {"page": page, "known": known, "now": timezone.now(), "may_write": _may_write(request)}
    return render(request, "briefing/notices.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.KNOWLEDGE_MANAGE)
def write(request: CompanyRequest, notice_id: UUID | None = None) -> HttpResponse:
    notice = get_object_or_404(Notice, pk=notice_id) if notice_id else None
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=_given(notice))
    if request.method == "POST" and form.is_valid():
        try:
            notices.write(notice, **form.cleaned_data, by=request.user)
        except DomainError as refusal:
            form.add_error("ends_at", str(refusal.user_message))
        else:
            messages.success(request, _("The notice is kept."))
            return redirect("briefing:notices")
    context = {"form": form, "notice": notice, "readers": notices.readers(notice) if notice else []}
    return render(request, "briefing/notice.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.KNOWLEDGE_MANAGE)
def end(request: CompanyRequest, notice_id: UUID) -> HttpResponse:
    notices.end(get_object_or_404(Notice, pk=notice_id))
    messages.success(request, _("The notice no longer holds."))
    return redirect("briefing:notices")


@require_POST
@requires(Permission.INBOX_VIEW)
def mark_read(request: CompanyRequest, notice_id: UUID) -> HttpResponse:
    """Read; what comes back in the composer's place for notices are those that are left."""
    notices.mark_read(get_object_or_404(Notice, pk=notice_id), by=request.user)
    if not request.headers.get("HX-Request"):
        return redirect("briefing:notices")
    unread = briefing.of(request.user).unread
    return render(request, "briefing/_unread.html", {"unread": unread, "opened": True})


def _given(notice: Notice | None) -> dict[str, object]:
    if notice is None:
        return {}
    return {name: getattr(notice, name) for name in ("title", "body", "starts_at", "ends_at", "urgent")}


def _may_write(request: CompanyRequest) -> bool:
    return request.user.may(Permission.KNOWLEDGE_MANAGE)
