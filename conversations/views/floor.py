"""The floor of a company for supervisors: people, teams, cover, and moving a conversation from there."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from conversations.forms_people import MoveForm
from conversations.models import Alarm, Conversation, Team
from conversations.services.handling import conversations, transfers
from conversations.services.people import cover, floor, presence
from conversations.views.opening import conversation_or_404
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

QUEUE = "queue"


@require_GET
@requires(Permission.FLOOR_VIEW)
def company_floor(request: CompanyRequest) -> HttpResponse:
    """The page, or with htmx what of it changes."""
    alarms = Alarm.objects.filter(kind__in=cover.KINDS, closed_at=None).order_by("severity", "opened_at")
    context = {"floor": floor.of_company(), "alarms": alarms, "now": timezone.now()}
    return render(request, "people/_floor.html" if request.htmx else "people/floor.html", context)  # type: ignore[attr-defined]


@require_GET
@requires(Permission.FLOOR_VIEW)
def held(request: CompanyRequest, user_id: UUID) -> HttpResponse:
    """What one person holds, with where each conversation may go."""
    return _held(request, user_id)


@require_POST
@requires(Permission.CONVERSATION_ASSIGN)
def move(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Give somebody's conversation to another person, a team or the queue."""
    row = conversation_or_404(conversation_id, user=request.user)
    before, form = row.assignee_id, MoveForm(request.POST)
    refusal = ""
    try:
        if not form.is_valid():
            raise Http404
        _move(row, to=form.cleaned_data["to"], by=request.user)
    except DomainError as problem:
        refusal = str(problem.user_message)
    if request.headers.get("HX-Request") and before:
        return _held(request, before, refusal=refusal)
    if refusal:
        messages.error(request, refusal)
    return redirect("floor:company")


def _move(row: Conversation, *, to: str, by: User) -> None:
    kind, _colon, pk = to.partition(":")
    if kind == QUEUE:
        conversations.release(row, by=by)
        return
    person = User.objects.filter(pk=pk, is_active=True).first() if kind == "person" else None
    team = Team.objects.filter(pk=pk).first() if kind == "team" else None
    transfers.transfer(row, by=by, to=transfers.Transfer(person=person, team=team))


def _held(request: CompanyRequest, user_id: UUID, *, refusal: str = "") -> HttpResponse:
    person = floor.person_or_none(user_id)
    if person is None:
        raise Http404
    others = [one for one in presence.everybody() if one.user.pk != user_id]
    context = {
        "person": person,
        "rows": floor.held_by(person.user, reader=request.user),
        "others": others,
        "teams": Team.objects.order_by("name"),
        "may_move": request.user.may(Permission.CONVERSATION_ASSIGN),
        "refusal": refusal or "",
    }
    return render(request, "people/_held.html", context, status=422 if refusal else 200)
