"""Settings of the guard: sensitive data, danger, greeting; each with what people will see of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations import guard_words
from conversations.detectors.danger import DangerWords
from conversations.models import InboxSettings
from conversations.own_identifiers import ends_of
from conversations.services import automation
from conversations.services.guard import guard_notices, guard_own, guarding
from conversations.services.promise.promise import Promise
from conversations.views.admin.forms_guard import LANGUAGES, DangerForm, GreetingForm, SensitiveForm
from tenants.accounts import audit
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

MAX_TRIED = 1000


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def sensitive(request: CompanyRequest) -> HttpResponse:
    """What is the company's own, whether words are looked for, what is blurred, and what follows from it.

    Where sensitive data should go instead is decided with the other ways to reach the company, on its contact page.
    """
    settings = InboxSettings.load()
    before = list(settings.own_accounts)
    form = SensitiveForm(request.POST or None, instance=settings)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            came, went = _not_in(before, settings.own_accounts), _not_in(settings.own_accounts, before)
            _record(request, form.changed_data, came=came, went=went)
            if came or went:
                guard_own.changed()
        return _saved(request, "admin:sensitive")
    settings.refresh_from_db() if form.errors and settings.pk and InboxSettings.objects.exists() else None
    ways = {"form": settings.other_form_url, "phone": settings.other_phone, "mail": settings.other_mail}
    texts = [(name, guard_words.other_channel(language=code, **ways)) for code, name in LANGUAGES]
    way = guard_notices.has_way(settings)
    context = {"texts": texts if way else [], "policy": guarding.policy(settings), "settings": settings, "way": way}
    return _page(request, "sensitive", form, context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def danger(request: CompanyRequest) -> HttpResponse:
    """Danger words, the protocol and its numbers; a text can be tried on them."""
    settings = InboxSettings.load()
    form = DangerForm(request.POST or None, settings=settings)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            _record(request, form.save())
        return _saved(request, "admin:danger")
    tried = request.GET.get("try", "")[:MAX_TRIED]
    found = DangerWords.of(settings.danger_words or {}).find(tried) if tried else []
    return _page(request, "danger", form, {"tried": tried, "found": found, "settings": settings})


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def greeting(request: CompanyRequest) -> HttpResponse:
    """Greeting and away texts, with how they read now."""
    settings = InboxSettings.load()
    form = GreetingForm(request.POST or None, settings=settings)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            _record(request, form.save())
        return _saved(request, "admin:greeting")
    hours = Promise.of(settings).hours
    opens = hours.next_opening(timezone.now())
    texts = [
        (
            _("Greeting") if kept is settings.greeting else _("Away"),
            name,
            automation.compose(settings, away=away, language=code, opens=opens),
        )
        for kept, away in ((settings.greeting, False), (settings.away, True))
        for code, name in LANGUAGES
        if isinstance(kept, dict) and kept.get(code)
    ]
    return _page(request, "greeting", form, {"texts": texts, "settings": settings})


def _not_in(some: list[str], others: list[str]) -> list[str]:
    """Account numbers among ``others`` that are not among ``some``, by their ends."""
    return [ends_of(one) for one in others if one not in some]


def _record(
    request: CompanyRequest, fields: list[str], *, came: list[str] | None = None, went: list[str] | None = None
) -> None:
    """Account numbers that came and went are named: whoever adds one lets people pay to it."""
    audit.record(
        "settings.changed",
        actor=request.user,
        request=request,
        fields=sorted(fields),
        accounts_added=came or None,
        accounts_removed=went or None,
    )


def _saved(request: CompanyRequest, name: str) -> HttpResponse:
    messages.success(request, _("The settings are saved."))
    return redirect(name)


def _page(request: CompanyRequest, name: str, form: forms.BaseForm, more: dict[str, Any]) -> HttpResponse:
    return render(request, f"admin/{name}.html", {"form": form, **more}, status=422 if form.errors else 200)
