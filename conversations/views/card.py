"""What people change on a contact's card beside a conversation: name, language, fields, labels, intent, block."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from conversations.contact_fields import ContactField
from conversations.models import Conversation, Intent, Label
from conversations.services import inbox_settings
from conversations.services.contacts import blocking, cards, contacts
from conversations.services.handling import closing
from conversations.views.contact import card_context, contact_context, label_context, promise_context
from conversations.views.opening import conversation_or_404
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError


@require_POST
@never_cache
@requires(Permission.CONTACT_REVEAL)
def reveal(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """The whole number, for a reason that is recorded; shown in this answer only."""
    row = conversation_or_404(conversation_id, user=request.user)
    try:
        number = contacts.reveal(row.contact, by=request.user, reason=request.POST.get("reason", ""), request=request)
    except DomainError as refusal:
        return _pane(request, row, refusal=refusal, where="number")
    return _pane(request, row, number=number)


@require_POST
@requires(Permission.MESSAGE_SEND)
def name(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """What the company calls this person."""
    row = conversation_or_404(conversation_id, user=request.user)
    cards.name(row.contact, given=request.POST.get("name", ""), by=request.user, request=request)
    return _pane(request, row)


@require_POST
@requires(Permission.MESSAGE_SEND)
def language(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """The language this person is written to in."""
    row = conversation_or_404(conversation_id, user=request.user)
    try:
        cards.speak(row.contact, language=request.POST.get("language", ""), by=request.user, request=request)
    except DomainError as refusal:
        return _pane(request, row, refusal=refusal, where="language")
    return _pane(request, row)


@require_POST
@requires(Permission.MESSAGE_SEND)
def field(request: CompanyRequest, conversation_id: UUID, key: str) -> HttpResponse:
    """One field of the company's own; the answer is that field, with what was typed when it does not fit."""
    row = conversation_or_404(conversation_id, user=request.user)
    wanted = _field_or_404(key)
    typed, problem, status = request.POST.get("value", ""), "", 200
    try:
        typed = cards.write_field(row.contact, key=key, text=typed, by=request.user, request=request)
    except DomainError as refusal:
        problem, status = str(refusal.user_message), 422
    context = {"conversation": row, "one": wanted, "value": typed, "problem": problem, "saved": not problem}
    return render(request, "conversations/_contact_field.html", context | {"may_send": True}, status=status)


@require_POST
@requires(Permission.MESSAGE_SEND)
def label(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Label the person, or take a label off."""
    row = conversation_or_404(conversation_id, user=request.user)
    chosen, problem = _label_or_404(request.POST.get("label", "")), ""
    try:
        cards.label(row.contact, chosen, on=bool(request.POST.get("on")), by=request.user, request=request)
    except DomainError as refusal:
        problem = str(refusal.user_message)
    row = conversation_or_404(conversation_id, user=request.user)
    context = {"conversation": row, "contact": row.contact, "may_send": True, "label_problem": problem}
    context |= label_context(row.contact)
    return render(request, "conversations/_contact_labels.html", context, status=422 if problem else 200)


@require_POST
@requires(Permission.MESSAGE_SEND)
def intent(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """What the person wants; the promise follows."""
    row = conversation_or_404(conversation_id, user=request.user)
    told = request.POST.get("intent", "")
    try:
        chosen = Intent.objects.filter(retired_at=None).get(pk=UUID(told)) if told else None
    except (ValueError, Intent.DoesNotExist) as odd:
        raise Http404 from odd
    closing.set_intent(row, by=request.user, intent=chosen)
    row = conversation_or_404(conversation_id, user=request.user)
    context = {"conversation": row, "may_send": True, **promise_context(row)}
    return render(request, "conversations/_contact_promise.html", context)


@require_POST
@requires(Permission.CONTACT_BLOCK)
def block(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Block the person at WhatsApp for a reason, or lift it."""
    row = conversation_or_404(conversation_id, user=request.user)
    number, reason = row.channel.phone_number, request.POST.get("reason", "").strip()[: contacts.MAX_REASON_CHARS]
    try:
        if request.POST.get("lift"):
            blocking.unblock(row.contact, number=number, by=request.user, request=request)
        elif not reason:
            raise cards.BlockReasonMissing
        else:
            blocking.block(row.contact, number=number, by=request.user, reason=reason, request=request)
    except DomainError as refusal:
        return _pane(request, row, refusal=refusal, where="block")
    return _pane(request, row)


def _pane(
    request: CompanyRequest, row: Conversation, *, refusal: DomainError | None = None, where: str = "", number: str = ""
) -> HttpResponse:
    """The whole pane as it is now; ``where`` names the part that says why something was refused."""
    row = conversation_or_404(row.pk, user=request.user)
    settings = inbox_settings.of_request(request)
    context = contact_context(row, user=request.user, settings=settings) | card_context(request.user)
    context |= {"conversation": row, "number": number, "where": where}
    context["problem"] = str(refusal.user_message) if refusal else ""
    return render(request, "conversations/_contact.html", context, status=422 if refusal else 200)


def _field_or_404(key: str) -> ContactField:
    found = next((one for one in cards.fields() if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _label_or_404(text: str) -> Label:
    try:
        return get_object_or_404(Label, pk=UUID(text))
    except ValueError as odd:
        raise Http404 from odd
