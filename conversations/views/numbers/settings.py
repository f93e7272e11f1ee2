"""What an admin sets about a number: calls, display name, username."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from conversations.models import PhoneNumber
from conversations.services.numbers import number_settings
from conversations.views.numbers.finding import frame_of, number_of
from conversations.views.numbers.forms import CallingForm, NameForm, UsernameForm
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

FORMS: dict[str, type[forms.Form]] = {"name_form": NameForm, "username_form": UsernameForm}


@require_GET
@requires(Permission.NUMBERS_MANAGE)
def settings(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    return _page(request, number_of(number_id))


@require_POST
@requires(Permission.NUMBERS_MANAGE)
def calling(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    number, form = number_of(number_id), CallingForm(request.POST)
    on = form.is_valid() and form.cleaned_data["on"]
    try:
        number_settings.set_calling(number, on=on, by=request.user, request=request)
    except DomainError as refusal:
        messages.error(request, str(refusal.user_message))
    else:
        messages.success(request, _("People can call this number.") if on else _("Calls are switched off."))
    return redirect("numbers:settings", number.pk)


@require_POST
@requires(Permission.NUMBERS_MANAGE)
def marketing(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    """Which way marketing templates take."""
    number, form = number_of(number_id), CallingForm(request.POST)
    on = form.is_valid() and form.cleaned_data["on"]
    number_settings.set_marketing_apart(number, on=on, by=request.user, request=request)
    messages.success(
        request,
        _("Marketing templates leave through the marketing service.")
        if on
        else _("Marketing leaves as all else does."),
    )
    return redirect("numbers:settings", number.pk)


@require_POST
@requires(Permission.NUMBERS_MANAGE)
def name(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    return _saved(
        request,
        number_of(number_id),
        "name_form",
        NameForm(request.POST),
        lambda number, data: number_settings.ask_name(number, data["name"], by=request.user, request=request),
        _("WhatsApp reviews the name. People see the present one until then."),
    )


@require_POST
@requires(Permission.NUMBERS_MANAGE)
def username(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    def keep(number: PhoneNumber, data: dict[str, str]) -> None:
        number_settings.set_username(number, data["username"].strip().lower(), by=request.user, request=request)

    form = UsernameForm(request.POST)
    return _saved(request, number_of(number_id), "username_form", form, keep, _("The username is asked for."))


@require_POST
@requires(Permission.NUMBERS_MANAGE)
def give_up_username(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    number = number_of(number_id)
    try:
        number_settings.give_up_username(number, by=request.user, request=request)
    except DomainError as refusal:
        messages.error(request, str(refusal.user_message))
    else:
        messages.success(request, _("The username is given up."))
    return redirect("numbers:settings", number.pk)


def _saved(
    request: CompanyRequest,
    number: PhoneNumber,
    which: str,
    form: forms.Form,
    keep: Callable[[PhoneNumber, dict[str, str]], object],
    said: str | Promise,
) -> HttpResponse:
    """Back to the page with what was done, or the page with what is wrong in its form."""
    if form.is_valid():
        try:
            keep(number, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(next(iter(form.fields)), str(refusal.user_message))
        else:
            messages.success(request, str(said))
            return redirect("numbers:settings", number.pk)
    return _page(request, number, **{which: form})


def _page(request: CompanyRequest, number: PhoneNumber, **given: forms.Form) -> HttpResponse:
    context = frame_of(request, number, tab="settings")
    try:
        context["told"] = number_settings.read(number)
    except DomainError as refusal:
        context["away"] = str(refusal.user_message)
    number.refresh_from_db()
    context |= {which: given.get(which) or make() for which, make in FORMS.items()}
    return render(request, "numbers/settings.html", context, status=422 if given else 200)
