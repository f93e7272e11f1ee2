"""What a person answers at a step: one address, one form at a time, and the step comes back with what is wrong."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conversations.models import Connecting, NumberSync, PhoneNumber
from conversations.services import connecting as service
from conversations.services.connecting import handing_over, pins, problems, testing
from conversations.services.connecting.attempt import FAILED, Result
from conversations.views import connecting as pages
from conversations.views.connecting_forms import (
    AddNumberForm,
    AskCodeForm,
    CodeForm,
    HandoverForm,
    NewPinForm,
    PinForm,
    RegionForm,
    TestForm,
    TokenForm,
)
from conversations.views.connecting_sides import Side
from tenants.accounts.models import User
from tenants.errors import DomainError

Answer = Callable[[Connecting, dict[str, Any], User], Result | None]


def answer(request: HttpRequest, side: Side, connecting_id: UUID, kind: str) -> HttpResponse:
    """Take one answer; the worker goes on with it."""
    known = ANSWERS.get(kind)
    if known is None:
        raise Http404
    step, form_class, act = known
    form = form_class(request.POST)
    with side.inside():
        connecting = get_object_or_404(Connecting.objects.select_related("number"), pk=connecting_id)
    if form.is_valid():
        try:
            with side.inside():
                result = act(connecting, form.cleaned_data, side.actor)
        except DomainError as refusal:
            form.add_error(_field_of(form, kind), str(refusal.user_message))
        else:
            if result is None or result.state != FAILED:
                return pages.back(request, side, connecting_id)
            words = problems.of(result.problem)
            form.add_error(_field_of(form, kind), f"{words.cause} {words.next_step}" if words else result.problem)
    return pages.page(request, side, connecting_id, forms={kind: form}, step=step, template=_template(request))


def choose(request: HttpRequest, side: Side, connecting_id: UUID, kind: str) -> HttpResponse:
    """One of the accounts or numbers that the platform listed."""
    chosen = request.POST.get("chosen", "")
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) <= 40):
        messages.error(request, _("Choose one of the list."))
        return pages.back(request, side, connecting_id)
    with side.inside():
        connecting = get_object_or_404(Connecting, pk=connecting_id)
        try:
            if kind == "account":
                service.choose_account(connecting, waba_id=chosen, by=side.actor)
            else:
                service.choose_number(connecting, phone_number_id=chosen, by=side.actor)
        except DomainError as refusal:
            messages.error(request, str(refusal.user_message))
    return pages.back(request, side, connecting_id)


def _token(connecting: Connecting, given: dict[str, Any], by: User) -> None:
    service.give_token(connecting, token=given["token"], by=by)


def _pin(connecting: Connecting, given: dict[str, Any], by: User) -> None:
    service.give_pin(connecting, pin=given["pin"], by=by)


def _new_pin(connecting: Connecting, given: dict[str, Any], by: User) -> None:
    number = connecting.number
    if number is None:
        raise Http404
    pins.change(PhoneNumber.objects.get(pk=number.pk), pin=given["pin"], by=by)
    service.check_again(connecting, steps=("pin",), by=by)


def _region(connecting: Connecting, given: dict[str, Any], by: User) -> None:
    service.choose_region(connecting, region=given["region"], by=by)


def _add(connecting: Connecting, given: dict[str, Any], by: User) -> Result:
    return service.add_number(connecting, phone=given["phone"], name=given["name"], by=by)


def _ask(connecting: Connecting, given: dict[str, Any], by: User) -> Result:
    language = {"nl": "nl", "de": "de"}.get(get_language() or "", "en_US")
    return service.request_code(connecting, by_call=given["by_call"] == "yes", language=language, by=by)


def _code(connecting: Connecting, given: dict[str, Any], by: User) -> Result:
    return service.verify_code(connecting, code=given["code"], by=by)


def _test(connecting: Connecting, given: dict[str, Any], by: User) -> None:
    testing.send_test(connecting, phone=given["phone"], by=by)


def _handover(connecting: Connecting, given: dict[str, Any], by: User) -> None:
    kinds = [kind for kind in NumberSync.Kind.values if given[kind]]
    handing_over.decide(connecting, kinds=kinds, ground=given["ground"], note=given["note"], by=by)


ANSWERS: dict[str, tuple[str, type[Form], Answer]] = {
    "token": ("token", TokenForm, _token),
    "pin": ("registration", PinForm, _pin),
    "new_pin": ("pin", NewPinForm, _new_pin),
    "region": ("storage", RegionForm, _region),
    "add": ("number", AddNumberForm, _add),
    "ask": ("verification", AskCodeForm, _ask),
    "code": ("verification", CodeForm, _code),
    "test": ("test_message", TestForm, _test),
    "handover": ("handover", HandoverForm, _handover),
}


def _field_of(form: Form, kind: str) -> str | None:
    """Where a refusal is shown: at the form's own field when it has one."""
    names = list(form.fields)
    return names[0] if len(names) == 1 and kind != "ask" else None


def _template(request: HttpRequest) -> str:
    return "connecting/_path.html" if request.headers.get("HX-Request") == "true" else "connecting/path.html"
