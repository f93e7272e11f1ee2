"""Ask somebody at the client: the dialog, and what can be done with a question that is open."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conversations.errors import AsksFirst, ContentInvalid, SensitiveContent
from conversations.forms_handling import QuestionForm
from conversations.models import ClientQuestion, Conversation, InboxSettings
from conversations.services.questions import questions
from conversations.services.questions.questions import Addressee
from conversations.views.acting import act, dialog, go_on, head
from conversations.views.opening import conversation_or_404
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

MOST_ANSWERS = 5


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_SEND)
def ask(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Offer the people at the client, or send one of them a question."""
    row = conversation_or_404(conversation_id, user=request.user)
    people = InboxSettings.load().client_people
    form = QuestionForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"people": people, "form": form}
    if request.method == "GET":
        return dialog(request, "ask", row, context)
    if not form.is_valid():
        return dialog(request, "ask", row, context, problem=next(iter(form.errors.values()))[0])
    confirmed = _confirmed(request, form)
    context["confirmed"] = [code for code in confirmed if ":" not in code]
    try:
        to = _addressee(form, people)
        questions.ask(row, by=request.user, to=to, body=form.cleaned_data["body"], confirmed=confirmed)
    except AsksFirst as question:
        return dialog(request, "ask", row, context | {"asks": question}, problem=question.user_message)
    except ContentInvalid as refusal:
        return dialog(request, "ask", row, context | {"wrong": refusal.field}, problem=refusal.user_message)
    except DomainError as refusal:
        return dialog(request, "ask", row, context, problem=refusal.user_message)
    return go_on(request, head(request, row.pk), after=row)


@require_POST
@requires(Permission.MESSAGE_SEND)
def remind(request: CompanyRequest, conversation_id: UUID, question_id: UUID) -> HttpResponse:
    row = conversation_or_404(conversation_id, user=request.user)
    question = _question_or_404(row, question_id)
    return act(request, row, lambda: questions.remind(question, by=request.user))


@require_POST
@requires(Permission.MESSAGE_SEND)
def withdraw(request: CompanyRequest, conversation_id: UUID, question_id: UUID) -> HttpResponse:
    row = conversation_or_404(conversation_id, user=request.user)
    question = _question_or_404(row, question_id)
    return act(request, row, lambda: questions.withdraw(question, by=request.user))


def _addressee(form: QuestionForm, people: list[dict[str, str]]) -> Addressee:
    """Somebody of the list by her address, else whoever was typed. Raises ContentInvalid"""
    chosen = form.cleaned_data["person"]
    if not chosen:
        return Addressee(form.cleaned_data["name"], form.cleaned_data["email"])
    found = next((one for one in people if one["email"] == chosen), None)
    if found is None:
        raise ContentInvalid("person", user_message=_("This person is no longer in the list. Choose somebody else."))
    return Addressee(found["name"], found["email"])


def _confirmed(request: CompanyRequest, form: QuestionForm) -> list[str]:
    """The questions that were answered, and the reason for sending what was stopped."""
    codes = request.POST.getlist("confirmed")[:MOST_ANSWERS]
    reason = form.cleaned_data["override_reason"].strip()
    return codes + ([f"{SensitiveContent.code}:{reason}"] if reason else [])


def _question_or_404(row: Conversation, pk: UUID) -> ClientQuestion:
    return get_object_or_404(ClientQuestion, pk=pk, conversation=row)
