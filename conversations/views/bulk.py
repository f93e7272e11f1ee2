"""Many conversations at once: the choices, and doing it."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from conversations.models import InboxSettings, Intent, Label, Team
from conversations.services.handling import bulk_handling, closing, holds, labels
from conversations.services.handling.bulk_handling import Task
from conversations.services.people import presence
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

MOST_PEOPLE = 200
QUEUE = "queue"
PRESETS = {
    "hour": _("In an hour"),
    "tonight": _("Tonight"),
    "tomorrow": _("Tomorrow morning"),
    "monday": _("Monday morning"),
}


class BulkForm(forms.Form):
    """What to do with the chosen conversations; a field that belongs to another action is left out.

    ``to`` is ``person:`` or ``team:`` and an id, or ``queue``.
    """

    act = forms.ChoiceField(choices=[(act, act) for act in bulk_handling.CHECKS])
    ids = forms.CharField(max_length=bulk_handling.MOST * 40)
    to = forms.CharField(max_length=60, required=False)
    label = forms.ModelChoiceField(Label.objects.all(), required=False)
    until = forms.ChoiceField(choices=[("", ""), *PRESETS.items()], required=False)
    reason = forms.CharField(max_length=closing.MAX_REASON_CHARS, required=False)
    intent = forms.ModelChoiceField(Intent.objects.all(), required=False)
    over = forms.BooleanField(required=False)

    def clean_ids(self) -> list[UUID]:
        try:
            return [UUID(part) for part in self.cleaned_data["ids"].split(",")]
        except ValueError as odd:
            raise forms.ValidationError(_("These conversations cannot be read.")) from odd

    def clean_to(self) -> User | Team | None:
        kind, _colon, pk = self.cleaned_data["to"].partition(":")
        rows = {"person": User.objects.filter(is_active=True), "team": Team.objects.all()}.get(kind)
        found: User | Team | None = forms.ModelChoiceField(rows).clean(pk) if rows is not None else None
        return found

    def task(self, *, zone: str) -> Task:
        data = self.cleaned_data
        act, to = data["act"], data["to"]
        if act == "give" and self.data.get("to") == QUEUE:
            act = "release"
        return Task(
            act,
            person=to if isinstance(to, User) else None,
            team=to if isinstance(to, Team) else None,
            label=data["label"],
            until=holds.preset(data["until"], zone=zone) if data["until"] else None,
            reason=data["reason"],
            intent=data["intent"],
            over=data["over"],
        )


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_SEND)
def bulk(request: CompanyRequest) -> HttpResponse:
    """The choices of one action, or with a POST what became of it."""
    if request.method == "GET":
        return render(request, "conversations/_bulk.html", _choices(request))
    form = BulkForm(request.POST)
    if not form.is_valid():
        return _refuse(request, str(bulk_handling.NothingToDo.user_message))
    task = form.task(zone=request.company.time_zone)
    try:
        result = bulk_handling.carry_out(task, ids=form.cleaned_data["ids"], by=request.user)
    except DomainError as refusal:
        return _refuse(request, str(refusal.user_message))
    undo = {"label": "unlabel", "unlabel": "label"}.get(task.act, "")
    context = {"result": result, "undo": undo, "label": task.label, "task": task}
    return render(request, "conversations/_bulk_result.html", context)


def _choices(request: CompanyRequest) -> dict[str, Any]:
    act = request.GET.get("act", "")
    if act == "give":
        others = [person for person in presence.everybody() if person.user.pk != request.user.pk]
        others.sort(key=lambda one: (not one.available, one.full, one.load, one.user.name))
        return {"act": act, "others": others[:MOST_PEOPLE], "teams": Team.objects.order_by("name")[:MOST_PEOPLE]}
    if act in ("label", "unlabel"):
        return {"act": act, "labels": labels.offered()}
    if act == "snooze":
        offered = [
            (one.key, PRESETS[one.key], one.until)
            for one in holds.presets(zone=request.company.time_zone)
            if one.key in PRESETS
        ]
        return {"act": act, "presets": offered}
    settings = InboxSettings.load()
    return {
        "act": "close",
        "reasons": closing.reasons(settings),
        "intents": closing.intents(),
        "needs_intent": settings.close_needs_intent,
    }


def _refuse(request: CompanyRequest, problem: str) -> HttpResponse:
    return render(request, "conversations/_bulk_result.html", {"problem": problem}, status=422)
