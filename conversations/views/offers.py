"""The small dialogs of the composer: buttons, lists, links, questions, places, contact cards and forms."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from conversations.errors import AsksFirst, ContentInvalid
from conversations.forms import confirmed_in
from conversations.forms_offers import FORMS, OfferForm
from conversations.models import Conversation, Direction, Message
from conversations.services.threads import thread
from conversations.services.writing import replying
from conversations.status import MessageStatus
from conversations.views.composer import items, refusal_words
from conversations.views.opening import conversation_or_404
from conversations.whatsapp.fields import InvalidField
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError
from tenants.ids import uuid7


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_SEND)
def offer(request: CompanyRequest, conversation_id: UUID, kind: str) -> HttpResponse:
    """The form of one kind; with ``preview`` how its bubble will look, else queue it and give back its bubble."""
    if kind not in FORMS:
        raise Http404
    row = conversation_or_404(conversation_id, user=request.user)
    if request.method == "GET":
        return _form(request, row, FORMS[kind](initial={"token": uuid7()}))
    form = FORMS[kind](request.POST)
    if "preview" in request.POST:
        return _preview(request, row, form)
    if form.is_valid():
        try:
            message = replying.compose(
                row,
                author=request.user,
                token=str(form.cleaned_data["token"]),
                composed=form.composed(),
                quoting=form.quoted_in(row.channel),
                confirmed=confirmed_in(request.POST),
            )
        except AsksFirst as question:
            form.add_error(None, str(question.user_message))
            return _form(request, row, form, status=422, asks=question)
        except ContentInvalid as refusal:
            form.add_problem(refusal.field, refusal.user_message)
        except InvalidField as unfit:
            form.add_problem(unfit.field, unfit.user_message)
        except DomainError as refusal:
            form.add_error(None, refusal_words(refusal, row))
        else:
            return items(request, row, [thread.item_of(message)])
    return _form(request, row, form, status=422)


def _form(
    request: CompanyRequest, row: Conversation, form: OfferForm, *, status: int = 200, asks: AsksFirst | None = None
) -> HttpResponse:
    context = {"conversation": row, "form": form, "kind": form.kind, "message": _sketch(row, form)}
    context |= {"asks": asks, "confirmed": confirmed_in(request.POST)}
    return render(request, "conversations/_composer_offer.html", context, status=status)


def _preview(request: CompanyRequest, row: Conversation, form: OfferForm) -> HttpResponse:
    context = {"conversation": row, "message": _sketch(row, form)}
    return render(request, "conversations/_composer_offer_preview.html", context)


def _sketch(row: Conversation, form: OfferForm) -> Message | None:
    """The message as it would be, never stored; nothing while the form is not complete."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        type_, body, content = form.composed().draft()
    except InvalidField:
        return None
    return Message(
        conversation=row,
        channel=row.channel,
        phone_number=row.phone_number,
        direction=Direction.OUTBOUND,
        status=MessageStatus.QUEUED,
        at=timezone.now(),
        type=type_,
        body=body,
        content=content,
    )
