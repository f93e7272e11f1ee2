"""Many conversations of several clients at once: each client's in its own transaction, what did not work is told."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conversations.desk import entries
from conversations.models import Conversation
from conversations.services import reaching
from conversations.services.handling import bulk_handling, holds
from conversations.services.handling.bulk_handling import Task
from conversations.services.people import agency_floor, presence
from conversations.views.bulk import MOST_PEOPLE, PRESETS, QUEUE
from conversations.views.desk.inside import Door, doors_of, within
from conversations.views.desk.queue import scope_of
from tenants.accounts.access import StaffRequest, staff_only
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.errors import DomainError
from tenants.models import ClientCompany

ACTS = ("take", "give", "snooze", "close", "read")  # labels, teams and reasons belong to one client


class NoAccess(DomainError):
    code = "no_access"
    http_status = 403
    user_message = gettext_lazy("This person may not answer for this client now.")


class DeskBulkForm(forms.Form):
    """What to do with the chosen conversations. ``to`` is a colleague's id at the agency, or ``queue``."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    ids = forms.CharField(max_length=bulk_handling.MOST * 40)
    to = forms.CharField(max_length=60, required=False)
    until = forms.ChoiceField(choices=[("", ""), *PRESETS.items()], required=False)
    over = forms.BooleanField(required=False)

    def clean_ids(self) -> list[UUID]:
        try:
            return [UUID(part) for part in self.cleaned_data["ids"].split(",")][: bulk_handling.MOST]
        except ValueError as odd:
            raise forms.ValidationError(_("These conversations cannot be read.")) from odd

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        to = str(data.get("to", ""))
        if data.get("act") == "give" and to != QUEUE:
            try:
                data["person"] = UUID(to)
            except ValueError:
                self.add_error("to", _("Choose a person."))
        return data


@dataclass(slots=True)
class Told:
    """What became of all of them: refused and held ones with their client."""

    done: int = 0
    refused: list[tuple[ClientCompany, Conversation, str]] = field(default_factory=list)
    held: list[tuple[ClientCompany, Conversation]] = field(default_factory=list)
    away: list[tuple[ClientCompany, str]] = field(default_factory=list)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_only()
def bulk(request: StaffRequest) -> HttpResponse:
    """The choices of one action, or with a POST what became of it."""
    if request.method == "GET":
        return render(request, "desk/_bulk.html", _choices(request))
    form = DeskBulkForm(request.POST)
    if not form.is_valid():
        problem = bulk_handling.NothingToDo.user_message
        return render(request, "desk/_bulk_result.html", {"problem": problem}, status=422)
    told, doors = Told(), doors_of(request)
    scope = scope_of(request, {pk: door.company for pk, door in doors.items()})
    chosen: dict[UUID, list[UUID]] = {}
    for entry in entries.by_id(scope, entries.Asked(entries.View.ALL), ids=form.cleaned_data["ids"]):
        chosen.setdefault(entry.company_id, []).append(entry.pk)
    for company_id, ids in chosen.items():
        _carry_out(request, doors[company_id], form.cleaned_data, ids, told)
    return render(request, "desk/_bulk_result.html", {"told": told, "act": form.cleaned_data["act"]})


def _carry_out(request: StaffRequest, door: Door, data: dict[str, Any], ids: list[UUID], told: Told) -> None:
    company = door.company
    try:
        with within(request, door) as user:
            result = reaching.ask(company.pk, partial(_here, data, ids, by=user, zone=company.time_zone))
    except (DomainError, Http404) as refusal:
        said = str(refusal.user_message) if isinstance(refusal, DomainError) else _("You have no access any more.")
        told.away.append((company, said))
        return
    if result is None:
        told.away.append((company, _("It cannot be reached at this moment; nothing was done there.")))
        return
    told.done += len(result.done)
    told.refused += [(company, row, why) for row, why in result.refused]
    told.held += [(company, row) for row in result.held]


def _here(data: dict[str, Any], ids: list[UUID], *, by: User, zone: str) -> bulk_handling.Result:
    """In the entered company; refusals as a whole are raised."""
    if not by.may(Permission.MESSAGE_SEND):
        raise NoAccess
    until: datetime | None = holds.preset(data["until"], zone=zone) if data["until"] else None
    task = Task(data["act"], until=until, over=data["over"])
    if task.act == "give":
        task = Task("give", person=_colleague(data["person"])) if "person" in data else Task("release")
    return bulk_handling.carry_out(task, ids=ids, by=by)


def _colleague(staff_id: UUID) -> User:
    """Somebody of the agency as the entered company knows her, if her door there is open. Raises NoAccess."""
    known = User.objects.filter(staff_id=staff_id, is_active=True).values_list("pk", flat=True)
    found = presence.everybody(only=list(known))
    if not found:
        raise NoAccess
    return found[0].user


def _choices(request: StaffRequest) -> dict[str, Any]:
    act = request.GET.get("act", "")
    if act == "give":
        others = [
            line for line in agency_floor.people(request.agency) if line.user.pk != request.user.pk and line.clients
        ]
        others.sort(key=lambda one: (not one.available, one.full, one.load, one.user.name))
        return {"act": act, "others": others[:MOST_PEOPLE]}
    if act == "snooze":
        offered = holds.presets(zone=request.agency.time_zone)
        return {
            "act": act,
            "presets": [(one.key, PRESETS[one.key], one.until) for one in offered if one.key in PRESETS],
        }
    return {"act": "close"}
