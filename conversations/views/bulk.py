"""Many conversations at once: the choices, and doing it."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from conversations.models import InboxSettings, Label, Team
from conversations.services import bulk_handling, closing, holds, labels
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

MOST_PEOPLE = 200
PRESETS = {
    "hour": _("In an hour"),
    "tonight": _("Tonight"),
    "tomorrow": _("Tomorrow morning"),
    "monday": _("Monday morning"),
}


class BulkForm(forms.Form):
    """What to do with the chosen conversations; a field that belongs to another action is left out."""

    act = forms.ChoiceField(choices=[(act, act) for act in bulk_handling.ACTS])
    ids = forms.CharField(max_length=bulk_handling.MOST * 40)
    person = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False)
    team = forms.ModelChoiceField(Team.objects.all(), required=False)
    label = forms.ModelChoiceField(Label.objects.all(), required=False)
    until = forms.ChoiceField(choices=[("", ""), *PRESETS.items()], required=False)
    reason = forms.CharField(max_length=closing.MAX_REASON_CHARS, required=False)

    def clean_ids(self) -> list[UUID]:
        try:
            return [UUID(part) for part in self.cleaned_data["ids"].split(",")]
        except ValueError as odd:
            raise forms.ValidationError(_("These conversations cannot be read.")) from odd


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_SEND)
def bulk(request: CompanyRequest) -> HttpResponse:
    """The choices of one action, or with a POST what became of it."""
    if request.method == "GET":
        return render(request, "conversations/_bulk.html", _choices(request))
    form = BulkForm(request.POST)
    if not form.is_valid():
        return _refuse(request, str(bulk_handling.NothingToDo.user_message))
    data: dict[str, Any] = form.cleaned_data
    until = holds.preset(data["until"], zone=request.company.time_zone) if data["until"] else None
    task = bulk_handling.Task(data["act"], data["person"], data["team"], data["label"], until, data["reason"])
    try:
        result = bulk_handling.carry_out(task, ids=data["ids"], by=request.user)
    except DomainError as refusal:
        return _refuse(request, str(refusal.user_message))
    undo = {"label": "unlabel", "unlabel": "label"}.get(data["act"], "")
    context = {"result": result, "undo": undo, "label": data["label"]}
    return render(request, "conversations/_bulk_result.html", context)


def _choices(request: CompanyRequest) -> dict[str, Any]:
    act = request.GET.get("act", "")
    if act == "give":
        people = User.objects.filter(is_active=True).exclude(pk=request.user.pk).order_by("name")[:MOST_PEOPLE]
        return {"act": act, "people": people, "teams": Team.objects.order_by("name")[:MOST_PEOPLE]}
    if act in ("label", "unlabel"):
        return {"act": act, "labels": labels.offered()}
    if act == "snooze":
        offered = [
            (one.key, PRESETS[one.key], one.until)
            for one in holds.presets(zone=request.company.time_zone)
            if one.key in PRESETS
        ]
        return {"act": act, "presets": offered}
    return {"act": "close", "reasons": closing.reasons(InboxSettings.load())}


def _refuse(request: CompanyRequest, problem: str) -> HttpResponse:
    return render(request, "conversations/_bulk_result.html", {"problem": problem}, status=422)
