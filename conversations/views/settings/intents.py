"""How soon people get an answer: the company's promise, and intents that promise something else."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from conversations.models import InboxSettings, Intent
from conversations.services import inbox_settings
from conversations.services.handling import intents
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

PROMISE_ID = "promise_%s"  # two forms of the page ask for minutes


class PromiseForm(forms.Form):
    response_minutes = forms.IntegerField(
        label=gettext_lazy("People are answered within (minutes)"),
        min_value=1,
        max_value=intents.MAX_MINUTES,
        help_text=gettext_lazy("Minutes of your opening hours: what comes at night counts from the morning."),
    )
    warn_percent = forms.IntegerField(
        label=gettext_lazy("Warn when so much of it is over (percent)"),
        validators=[MinValueValidator(10), MaxValueValidator(99)],
        help_text=gettext_lazy("Team leads and supervisors hear of it then, once per conversation."),
    )


class IntentForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=intents.MAX_NAME_CHARS)
    response_minutes = forms.IntegerField(
        label=gettext_lazy("Answered within (minutes)"),
        required=False,
        min_value=1,
        max_value=intents.MAX_MINUTES,
        help_text=gettext_lazy("Empty: as the company promises."),
    )
    skill = forms.CharField(
        label=gettext_lazy("Skill"),
        required=False,
        max_length=intents.MAX_SKILL_CHARS,
        help_text=gettext_lazy("Goes to people and teams who have it."),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def board(request: CompanyRequest) -> HttpResponse:
    """Everything about the promise; with POST a new intent."""
    form = IntentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            intents.create(**form.cleaned_data, by=request.user)
        except DomainError as refusal:
            form.add_error("name", str(refusal.user_message))
        else:
            messages.success(request, _("The intent is there; agents can choose it."))
            return redirect("settings:intents")
    return _page(request, form=form)


@require_POST
@requires(Permission.SETTINGS_MANAGE)
def promise(request: CompanyRequest) -> HttpResponse:
    """The company's own promise."""
    form = PromiseForm(request.POST, auto_id=PROMISE_ID)
    if not form.is_valid():
        return _page(request, promised=form)
    inbox_settings.change(by=request.user, request=request, **form.cleaned_data)
    messages.success(request, _("The promise is saved. Whoever waits now gets the new time."))
    return redirect("settings:intents")


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def change(request: CompanyRequest, intent_id: UUID) -> HttpResponse:
    """One intent, to be changed."""
    row = get_object_or_404(Intent, pk=intent_id)
    known = {"name": row.name, "response_minutes": row.response_minutes, "skill": row.skill}
    form = IntentForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            intents.change(row, **form.cleaned_data, by=request.user)
        except DomainError as refusal:
            form.add_error("name", str(refusal.user_message))
        else:
            messages.success(request, _("The intent is saved."))
            return redirect("settings:intents")
    return render(request, "settings/intent.html", {"intent": row, "form": form}, status=422 if form.errors else 200)


@require_POST
@requires(Permission.SETTINGS_MANAGE)
def state(request: CompanyRequest, intent_id: UUID) -> HttpResponse:
    """Up, down, no longer offered, offered again."""
    row = get_object_or_404(Intent, pk=intent_id)
    match request.POST.get("to"):
        case "up":
            intents.move(row, by=-1)
        case "down":
            intents.move(row, by=1)
        case "retired":
            intents.retire(row, by=request.user)
        case "offered":
            intents.restore(row, by=request.user)
    return redirect("settings:intents")


def _page(
    request: CompanyRequest, *, form: IntentForm | None = None, promised: PromiseForm | None = None
) -> HttpResponse:
    settings = InboxSettings.load()
    known = {"response_minutes": settings.response_minutes, "warn_percent": settings.warn_percent}
    context = {
        "form": form or IntentForm(),
        "promise": promised or PromiseForm(initial=known, auto_id=PROMISE_ID),
        "minutes": settings.response_minutes,
        "intents": intents.all_of_them(),
    }
    status = 422 if (form and form.errors) or (promised and promised.errors) else 200
    return render(request, "settings/intents.html", context, status=status)
