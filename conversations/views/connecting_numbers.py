"""Numbers that are connected: reconnecting, disconnecting, the two-step PIN, and moving in words."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.models import Connecting, PhoneNumber
from conversations.services import connecting as service
from conversations.services.connecting import leaving, pins
from conversations.views.connecting_forms import DisconnectForm, NewPinForm
from conversations.views.connecting_sides import Side
from tenants.context import in_public
from tenants.errors import DomainError
from tenants.models import MetaApp


def reconnect(request: HttpRequest, side: Side, number_id: UUID) -> HttpResponse:
    """A new attempt for a number that is here; where its token is dead, the window or a person gives a new one."""
    with side.inside():
        number = get_object_or_404(PhoneNumber, pk=number_id)
        open_one = Connecting.objects.filter(
            number=number, state=Connecting.State.OPEN, method=Connecting.Method.RECONNECT
        ).first()
    with in_public():
        app = MetaApp.objects.get(pk=number.meta_app_id)
    if open_one is not None:
        return redirect(side.url("path", open_one.pk))
    with side.inside():
        begun = service.begin(
            Connecting.Method.RECONNECT,
            app=app,
            by=side.actor,
            number=number,
            phone_number_id=number.phone_number_id,
            waba_id=number.waba_id,
        )
    return redirect(side.url("path", begun.pk))


def disconnect(request: HttpRequest, side: Side, number_id: UUID) -> HttpResponse:
    """What disconnecting does, in words, with the choice about what waits; then it is done."""
    form = DisconnectForm(request.POST or None)
    with side.inside():
        number = get_object_or_404(PhoneNumber, pk=number_id)
        waiting = leaving.waiting_in(number)
    if request.method == "POST" and form.is_valid():
        with side.inside():
            left = leaving.disconnect(number, call_off=form.cleaned_data["queue"] == "call_off", by=side.actor)
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
            return redirect(side.url("index"))
    context = {"side": side, "number": number, "form": form}
    return render(request, "connecting/pin.html", context, status=422 if form.errors else 200)


def moving(request: HttpRequest, side: Side) -> HttpResponse:
    """How a number moves to another account or company, step by step."""
    return render(request, "connecting/moving.html", {"side": side})


def _said(number: PhoneNumber, left: leaving.Left) -> str:
    said = [_("%(number)s is disconnected. Its conversations stay.") % {"number": number.display_number}]
    if left.called_off:
        count = left.called_off
        said.append(
            ngettext("%(count)d waiting message was called off.", "%(count)d waiting messages were called off.", count)
            % {"count": count}
        )
    if not left.unsubscribed:
        said.append(_("WhatsApp was not told to end its events: another number uses them, or the token was dead."))
    return " ".join(said)
