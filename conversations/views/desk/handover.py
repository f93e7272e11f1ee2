"""The end of a shift at the desk: all that somebody holds at any client in a list, each with a note, one press."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conversations.desk.models import DeskEntry
from conversations.forms_people import HandOverLine
from conversations.models import Conversation
from conversations.services import desk_rows, reaching
from conversations.services.people import agency_floor, handover, presence
from conversations.services.people.handover import PERSON, Line, Outcome
from conversations.views.bulk import MOST_PEOPLE
from conversations.views.desk.bulk import NoAccess
from conversations.views.desk.inside import Door, doors_of, within
from conversations.views.handover import tell
from conversations.views.presence import stand_of
from tenants.accounts.access import StaffRequest, staff_only
from tenants.accounts.models import Presence, User
from tenants.accounts.roles import Permission
from tenants.errors import DomainError
from tenants.models import ClientCompany


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation that she holds at a client."""

    company: ClientCompany
    conversation: Conversation

    @property
    def value(self) -> str:
        """What the form sends for it."""
        return f"{self.company.pk}:{self.conversation.pk}"


@require_http_methods(["GET", "POST"])
@never_cache
@staff_only()
def hand_over(request: StaffRequest) -> HttpResponse:
    """Each client's in its own transaction; only when every client was reached she is away, at all of them at once."""
    if request.method == "POST":
        done, kept, problems = _carry_out(request)
        if not kept and not problems:
            presence.choose_as_staff(request.user.pk, presence=Presence.AWAY)
            tell(request, done)
            return redirect("desk:handover")
        said = {"kept": kept, "problems": problems}
        return render(request, "desk/handover.html", _context(request) | said, status=422 if problems else 200)
    return render(request, "desk/handover.html", _context(request))


def _context(request: StaffRequest) -> dict[str, object]:
    held, away = _held(request)
    others = [one for one in agency_floor.people(request.agency) if one.user.pk != request.user.pk and one.clients]
    others.sort(key=lambda one: (not one.available, one.full, one.load, one.user.name))
    found = {"rows": held, "away": away, "others": others[:MOST_PEOPLE], "teams": ()}
    return found | {"stand": stand_of(request.user)}


def _held(request: StaffRequest) -> tuple[list[Held], list[ClientCompany]]:
    """What she holds, who waits longest first, then what rests; and the clients that cannot answer now."""
    doors = doors_of(request)
    entries = DeskEntry.objects.filter(staff_id=request.user.pk, company__in=list(doors)).order_by()
    found, away = [], []
    for company_id in entries.values_list("company_id", flat=True).distinct():
        company = doors[company_id].company
        there = reaching.ask(company_id, partial(_mine, request.user.pk))
        if there is None:
            away.append(company)
        found += [Held(company, row) for row in there or ()]
    found.sort(key=lambda one: _longest_first(one.conversation))
    return found[: handover.MOST], away


def _mine(staff_id: UUID) -> list[Conversation]:
    user = User.objects.filter(staff_id=staff_id, is_active=True).first()
    return list(handover.of(user).select_related(*desk_rows.SHOWN)) if user else []


def _longest_first(row: Conversation) -> tuple[bool, float]:
    if row.waiting_since is None:
        return True, -row.last_message_at.timestamp()
    return False, row.waiting_since.timestamp()


def _carry_out(request: StaffRequest) -> tuple[Outcome, list[tuple[ClientCompany, str]], list[str]]:
    """What became of it, the notes for clients where nothing could be done, and why a note was refused."""
    done, kept, problems = Outcome(), list[tuple[ClientCompany, str]](), list[str]()
    doors = doors_of(request)
    for company_id, lines in _lines(request).items():
        door = doors.get(company_id)
        try:
            outcome = _at(request, door, lines) if door else None
        except handover.NoteRefused as refusal:
            problems.append(str(refusal.user_message))
            continue
        if outcome is not None:
            done.add(outcome)
        elif company := ClientCompany.objects.filter(pk=company_id, agency=request.agency).first():
            kept += [(company, line.note) for line in lines]
    return done, kept, problems


def _lines(request: StaffRequest) -> dict[UUID, list[Line]]:
    """What the form says, by client; what cannot be read is left out and goes back with the rest."""
    usually = request.POST.get("all-to", "")
    lines: dict[UUID, list[Line]] = {}
    for value in request.POST.getlist("conversation")[: handover.MOST]:
        company_id, _colon, pk = value.partition(":")
        form = HandOverLine(request.POST, prefix=pk, conversation=pk, usually=usually)
        try:
            lines.setdefault(UUID(company_id), []).extend([form.line] if form.is_valid() else [])
        except ValueError:
            continue
    return lines


def _at(request: StaffRequest, door: Door, lines: list[Line]) -> Outcome | None:
    try:
        with within(request, door) as user:
            return reaching.ask(door.company.pk, partial(_here, user, lines))
    except handover.NoteRefused:
        raise
    except (DomainError, Http404):
        return None


def _here(user: User, lines: list[Line]) -> Outcome:
    """In the entered company, where colleagues have rows of their own."""
    if not user.may(Permission.MESSAGE_SEND):
        raise NoAccess
    rows = User.objects.filter(is_active=True).exclude(staff_id=None).values_list("staff_id", "pk")
    known = {f"{PERSON}:{staff_id}": f"{PERSON}:{pk}" for staff_id, pk in rows}
    given = [Line(line.conversation_id, to=known.get(line.to, line.to), note=line.note) for line in lines]
    return handover.hand_over(user, given, leave=False)
