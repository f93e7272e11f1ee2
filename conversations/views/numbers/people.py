"""People as a number sees them: who is blocked, and who waits while it cannot answer."""

import csv
from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from conversations.models import Contact, Conversation, PhoneNumber
from conversations.services.contacts import blocking
from conversations.services.numbers import call_backs
from conversations.services.numbers.call_backs import Waiting
from conversations.views.files import disposition
from conversations.views.numbers.finding import frame_of, number_of
from conversations.views.numbers.forms import BlockForm
from tenants.accounts import audit
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

MOST_BLOCKED = 500
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so


class Echo:
    """A file for ``csv`` that gives back what is written."""

    def write(self, text: str) -> str:
        return text


@require_GET
@requires(Permission.NUMBERS_MANAGE)
def blocked(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    number = number_of(number_id)
    context = frame_of(request, number, tab="blocked") | {"people": blocking.blocked_at(number)[:MOST_BLOCKED]}
    return render(request, "numbers/blocked.html", context)


@require_POST
@requires(Permission.NUMBERS_MANAGE)
def block(request: CompanyRequest, number_id: UUID, contact_id: UUID) -> HttpResponse:
    number, contact = number_of(number_id), get_object_or_404(Contact, pk=contact_id)
    form = BlockForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        blocking.block(contact, number=number, by=request.user, reason=reason, request=request)
    except DomainError as refusal:
        messages.error(request, str(refusal.user_message))
    else:
        messages.success(request, _("%(name)s is blocked.") % {"name": contact.shown_name})
    return _back(request, number)


@require_POST
@requires(Permission.NUMBERS_MANAGE)
def unblock(request: CompanyRequest, number_id: UUID, contact_id: UUID) -> HttpResponse:
    number, contact = number_of(number_id), get_object_or_404(Contact, pk=contact_id)
    try:
        blocking.unblock(contact, number=number, by=request.user, request=request)
    except DomainError as refusal:
        messages.error(request, str(refusal.user_message))
    else:
        messages.success(request, _("%(name)s can write again.") % {"name": contact.shown_name})
    return _back(request, number)


@require_GET
@never_cache
@requires(Permission.NUMBERS_MANAGE)
def waiting(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    """Everyone who waits at this number, with every other address they gave."""
    number = number_of(number_id)
    people = call_backs.waiting_at(number, user=request.user)
    audit.record("number.call_backs_opened", actor=request.user, subject=number, request=request, count=len(people))
    context = frame_of(request, number, tab="waiting") | {
        "people": people,
        "done": sum(1 for one in people if one.done_at),
    }
    return render(request, "numbers/waiting.html", context)


@require_GET
@never_cache
@requires(Permission.NUMBERS_MANAGE)
def waiting_csv(request: CompanyRequest, number_id: UUID) -> HttpResponseBase:
    """The same list for a spreadsheet."""
    number = number_of(number_id)
    people = call_backs.waiting_at(number, user=request.user)
    audit.record("number.call_backs_downloaded", actor=request.user, subject=number, request=request, count=len(people))
    response = StreamingHttpResponse(_lines(people), content_type="text/csv; charset=utf-8")
    name = f"call-back-{number.display_number.lstrip('+')}-{timezone.localdate()}.csv"
    response["Content-Disposition"] = disposition(name, inline=False)
    return response


@require_POST
@requires(Permission.NUMBERS_MANAGE)
def called_back(request: CompanyRequest, number_id: UUID, conversation_id: UUID) -> HttpResponse:
    """Somebody was reached, or that was a mistake."""
    number = number_of(number_id)
    rows = Conversation.objects.visible_to(request.user)
    conversation = get_object_or_404(rows, pk=conversation_id, phone_number=number)
    done = request.POST.get("done") == "yes"
    call_backs.mark(conversation, done=done, by=request.user)
    audit.record("number.called_back", actor=request.user, subject=conversation, request=request, whole=done)
    if request.headers.get("HX-Request"):
        people = call_backs.waiting_at(number, user=request.user)
        one = next((one for one in people if one.conversation.pk == conversation.pk), None)
        return render(request, "numbers/_waiting_row.html", {"one": one, "number": number})
    return redirect("numbers:waiting", number.pk)


def _lines(people: list[Waiting]) -> Iterator[str]:
    writer = csv.writer(Echo())
    head = [_("Waiting since"), _("Name"), _("Username"), _("Phone numbers"), _("E-mail addresses"), _("Called back")]
    yield "\ufeff" + writer.writerow(head)
    for one in people:
        since = timezone.localtime(one.since).strftime("%Y-%m-%d %H:%M")
        done = timezone.localtime(one.done_at).strftime("%Y-%m-%d %H:%M") if one.done_at else ""
        contact = one.contact
        cells = [since, contact.shown_name, contact.username, " ".join(one.phones), " ".join(one.emails), done]
        yield writer.writerow([_safe(cell) for cell in cells])


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _back(request: HttpRequest, number: PhoneNumber) -> HttpResponse:
    """To the page that asked, where it is one of ours."""
    to = request.POST.get("next", "")
    if to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None):
        return redirect(to)
    return redirect("numbers:blocked", number.pk)
