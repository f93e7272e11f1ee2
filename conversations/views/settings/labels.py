"""The words that conversations and contacts are sorted with."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from conversations.models import Contact, Conversation, Label
from conversations.services.handling import labels
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError
from tenants.models.company import HUES

COUNTED_UP_TO = 1000


class LabelForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=labels.MAX_NAME_CHARS)
    hue = forms.TypedChoiceField(
        label=gettext_lazy("Colour"), coerce=int, choices=[(hue, hue) for hue in range(1, HUES + 1)], initial=1
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.KNOWLEDGE_MANAGE)
def board(request: CompanyRequest) -> HttpResponse:
    """All labels; with POST a new one."""
    form = LabelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            labels.create(**form.cleaned_data, by=request.user)
        except DomainError as refusal:
            form.add_error("name", str(refusal.user_message))
        else:
            messages.success(request, _("The label is there; agents can put it on."))
            return redirect("settings:labels")
    rows = Label.objects.order_by(F("retired_at").asc(nulls_first=True), "name")[: labels.MOST_LABELS]
    context = {"form": form, "labels": list(rows)}
    return render(request, "settings/labels.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.KNOWLEDGE_MANAGE)
def change(request: CompanyRequest, label_id: UUID) -> HttpResponse:
    """One label, to be changed or merged into another."""
    row = get_object_or_404(Label, pk=label_id)
    form = LabelForm(request.POST or None, initial={"name": row.name, "hue": row.hue})
    if request.method == "POST" and form.is_valid():
        try:
            labels.change(row, **form.cleaned_data, by=request.user)
        except DomainError as refusal:
            form.add_error("name", str(refusal.user_message))
        else:
            messages.success(request, _("The label is saved, wherever it stands."))
            return redirect("settings:labels")
    context = {
        "label": row,
        "form": form,
        "others": [one for one in labels.offered() if one.pk != row.pk],
        "conversations": _count(Conversation, row),
        "contacts": _count(Contact, row),
    }
    return render(request, "settings/label.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.KNOWLEDGE_MANAGE)
def state(request: CompanyRequest, label_id: UUID) -> HttpResponse:
    """No longer offered, or offered again."""
    row = get_object_or_404(Label, pk=label_id)
    if request.POST.get("to") == "offered":
        labels.restore(row, by=request.user)
    else:
        labels.retire(row, by=request.user)
    return redirect("settings:labels")


@require_POST
@requires(Permission.KNOWLEDGE_MANAGE)
def merge(request: CompanyRequest, label_id: UUID) -> HttpResponse:
    """Everything that carries this label carries another one from now on."""
    row = get_object_or_404(Label, pk=label_id)
    try:
        into = Label.objects.filter(pk=UUID(request.POST.get("into", "")), retired_at=None).first()
    except ValueError:
        into = None
    if into is None or into.pk == row.pk:
        messages.error(request, _("Choose the label that takes its place."))
        return redirect("settings:change_label", row.pk)
    labels.merge(row, into=into, by=request.user)
    messages.success(request, _("Both labels are one now: %(name)s.") % {"name": into.name})
    return redirect("settings:labels")


def _count(model: type[Conversation] | type[Contact], label: Label) -> int:
    return model._default_manager.filter(labels__contains=[label.pk])[:COUNTED_UP_TO].count()
