"""Give a conversation to somebody else, and follow one that others answer."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from conversations.forms_handling import TransferForm
from conversations.models import Conversation, Team
from conversations.services.handling import following, transfers
from conversations.views.acting import act, dialog, go_on, head
from conversations.views.opening import conversation_or_404
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.errors import DomainError


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_SEND)
def transfer(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Offer who may get it, or give it away with a note."""
    row, form = (
        conversation_or_404(conversation_id, user=request.user),
        TransferForm(request.POST if request.method == "POST" else None),
    )
    if request.method == "GET":
        return dialog(request, "transfer", row, _choices(row, form, by=request.user))
    if not form.is_valid():
        problem = next(iter(form.errors.values()))[0]
        return dialog(request, "transfer", row, _choices(row, form, by=request.user), problem=problem)
    try:
        transfers.transfer(row, by=request.user, to=_wanted(form))
    except DomainError as refusal:
        context = _choices(row, form, by=request.user)
        return dialog(request, "transfer", row, context, problem=refusal.user_message)
    return go_on(request, head(request, row.pk), after=row)


@require_POST
@requires(Permission.INBOX_VIEW)
def follow(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    row = conversation_or_404(conversation_id, user=request.user)
    return act(request, row, lambda: following.follow(row, by=request.user))


@require_POST
@requires(Permission.INBOX_VIEW)
def unfollow(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    row = conversation_or_404(conversation_id, user=request.user)
    return act(request, row, lambda: following.unfollow(row, by=request.user))


def _wanted(form: TransferForm) -> transfers.Transfer:
    to: User | Team = form.cleaned_data["to"]
    note, follows = form.cleaned_data["note"], form.cleaned_data["follow"]
    if isinstance(to, Team):
        return transfers.Transfer(team=to, note=note, follow=follows)
    return transfers.Transfer(person=to, note=note, follow=follows)


def _choices(row: Conversation, form: TransferForm, *, by: User) -> dict[str, Any]:
    people = [one for one in transfers.people_for(row, but=by) if one.user.pk != row.assignee_id]
    return {"people": people, "teams": transfers.teams_for(row), "form": form}
