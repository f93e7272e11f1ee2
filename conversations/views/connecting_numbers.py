"""Numbers that are connected: reconnecting, disconnecting, the two-step PIN, and moving in words."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.models import Connecting, PhoneNumber
from conversations.services import connecting as service
from conversations.services.connecting import leaving, pins
from conversations.services.numbers.numbers import LET_GO
from conversations.views.connecting_forms import DisconnectForm, MoveDataForm, NewPinForm
from conversations.views.connecting_sides import Side
from tenants.accounts.models import User
from tenants.context import in_public
from tenants.errors import DomainError
from tenants.models import MetaApp


def reconnect(request: HttpRequest, side: Side, number_id: UUID) -> HttpResponse:
    """A new attempt for a number that is here; where its token is dead, the window or a person gives a new one."""
    with side.inside():
        number = get_object_or_404(PhoneNumber, pk=number_id)
        begun = _open_one(number) or _begin(number, by=side.actor)
    return redirect(side.url("path", begun.pk))


def disconnect(request: HttpRequest, side: Side, number_id: UUID) -> HttpResponse:
    """What disconnecting does, in words, with the choice about what waits; then it is done."""
    with side.inside():
        number = get_object_or_404(PhoneNumber, pk=number_id)
        waiting = leaving.waiting_in(number)
    form = DisconnectForm(request.POST or None, on_phone_app=number.on_phone_app)
    if request.method == "POST" and form.is_valid():
        call_off, off = form.cleaned_data["queue"] == "call_off", form.cleaned_data.get("at_platform") == "off"
        try:
            with side.inside():
                left = leaving.disconnect(number, call_off=call_off, switch_off=off, by=side.actor)
        except DomainError as refusal:
            form.add_error("at_platform", _not_off(refusal))
        else:
            messages.success(request, _said(number, left))
            return redirect(side.url("index"))
    context = {"side": side, "number": number, "waiting": waiting, "form": form}
    return render(request, "connecting/disconnect.html", context, status=422 if form.errors else 200)


def change_pin(request: HttpRequest, side: Side, number_id: UUID) -> HttpResponse:
    form = NewPinForm(request.POST if request.method == "POST" else None)
    with side.inside():
        number = get_object_or_404(PhoneNumber, pk=number_id)
    if request.method == "POST" and form.is_valid():
        try:
            with side.inside():
                pins.change(number, pin=form.cleaned_data["pin"], by=side.actor)
        except DomainError as refusal:
            form.add_error("pin", str(refusal.user_message))
        else:
            messages.success(request, _("The number has a new two-step PIN. It is kept here, encrypted."))
            return redirect(side.number_url(number))
    context = {"side": side, "number": number, "form": form}
    return render(request, "connecting/pin.html", context, status=422 if form.errors else 200)


def move_data(request: HttpRequest, side: Side, number_id: UUID) -> HttpResponse:
    """Another region for a number that is registered: switched off, set, registered again, step by step on its path."""
    with side.inside():
        number = get_object_or_404(PhoneNumber, pk=number_id)
    form = MoveDataForm(request.POST or None, initial={"region": number.storage_region or "DE"})
    may = not number.on_phone_app and number.pin and number.state_reason != LET_GO
    if request.method == "POST" and may and form.is_valid():
        try:
            with side.inside():
                begun = _moved(number, region=form.cleaned_data["region"], by=side.actor)
        except DomainError as refusal:
            form.add_error("region", str(refusal.user_message))
        else:
            return redirect(side.url("path", begun.pk))
    context = {"side": side, "number": number, "form": form}
    return render(request, "connecting/region.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _moved(number: PhoneNumber, *, region: str, by: User) -> Connecting:
    begun = _open_one(number) or _begin(number, by=by)
    service.register_anew(begun, region=region, by=by)
    return begun


def _open_one(number: PhoneNumber) -> Connecting | None:
    open_ones = Connecting.objects.filter(number=number, state=Connecting.State.OPEN)
    return open_ones.filter(method=Connecting.Method.RECONNECT).first()


def _begin(number: PhoneNumber, *, by: User) -> Connecting:
    with in_public():
        app = MetaApp.objects.get(pk=number.meta_app_id)
    return service.begin(
        Connecting.Method.RECONNECT,
        app=app,
        by=by,
        number=number,
        phone_number_id=number.phone_number_id,
        waba_id=number.waba_id,
    )


def moving(request: HttpRequest, side: Side) -> HttpResponse:
    """How a number moves to another account or company, step by step."""
    return render(request, "connecting/moving.html", {"side": side})


def _not_off(refusal: DomainError) -> str:
    """Why the number could not be switched off, and that everything is as it was."""
    said = str(refusal.user_message)
    if isinstance(refusal, leaving.PhoneDecides):
        return said
    unchanged = _("Nothing was changed. You can disconnect it here and leave it switched on at WhatsApp.")
    return f"{said} {unchanged}"


def _said(number: PhoneNumber, left: leaving.Left) -> str:
    said = [_("%(number)s is disconnected. Its conversations stay.") % {"number": number.display_number}]
    if left.switched_off:
        said.append(_("It is switched off at WhatsApp. Its PIN stays here, encrypted, for registering it again."))
    if left.called_off:
        count = left.called_off
        said.append(
            ngettext("%(count)d waiting message was called off.", "%(count)d waiting messages were called off.", count)
            % {"count": count}
        )
    if not left.unsubscribed:
        said.append(_("WhatsApp was not told to end its events: another number uses them, or the token was dead."))
    return " ".join(said)
