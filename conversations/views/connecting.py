"""Connecting a number: how to begin, the path with its one thing to do, and looking again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from conversations.models import Connecting, NumberSync, PhoneNumber
from conversations.services import connecting as service
from conversations.services.connecting import checks_going, path, sandbox
from conversations.services.connecting.progress import Progress, StepView
from conversations.views.connecting_forms import (
    AddNumberForm,
    AskCodeForm,
    ByHandForm,
    CodeForm,
    HandoverForm,
    NewPinForm,
    PinForm,
    RegionForm,
    TestForm,
    TokenForm,
)
from conversations.views.connecting_sides import Side
from conversations.views.connecting_window import allow_window, window_of
from conversations.whatsapp.sandbox import phones
from tenants.context import in_public
from tenants.errors import DomainError
from tenants.models import MetaApp

Method = Connecting.Method
MOST_SHOWN = 20
MOST_NUMBERS = 50
FORMS: dict[str, dict[str, type[Form]]] = {
    "token": {"token": TokenForm},
    "permissions": {"token": TokenForm},
    "account": {"token": TokenForm},
    "number": {"add": AddNumberForm},
    "verification": {"ask": AskCodeForm, "code": CodeForm},
    "storage": {"region": RegionForm},
    "registration": {"pin": PinForm},
    "pin": {"new_pin": NewPinForm},
    "test_message": {"test": TestForm},
    "handover": {"handover": HandoverForm},
}


def index(request: HttpRequest, side: Side) -> HttpResponse:
    """What is connected, what was begun, and the ways to connect one more."""
    return _index(request, side)


def start(request: HttpRequest, side: Side, method: str) -> HttpResponse:
    """Begin with the sign-up window, for a new number or one that stays on the phone app."""
    chosen = Method.COEXISTENCE if method == "coexistence" else Method.SIGNUP
    apps = service.apps_of(side.company)
    app = _signup_app(apps, wanted=request.POST.get("app", ""), coexistence=chosen == Method.COEXISTENCE)
    if app is None:
        return _index(request, side, problem=_("No Meta app with a sign-up configuration is set up here yet."))
    with side.inside():
        begun = service.begin(chosen, app=app, by=side.actor)
    return redirect(side.url("path", begun.pk))


def start_sandbox(request: HttpRequest, side: Side) -> HttpResponse:
    """One click: a number on the simulator, live at once."""
    try:
        with side.inside():
            begun = sandbox.open_number(side.company, by=side.actor)
    except DomainError as refusal:
        return _index(request, side, problem=str(refusal.user_message))
    return redirect(side.url("path", begun.pk))


def by_hand(request: HttpRequest, side: Side) -> HttpResponse:
    """Ids and a token from WhatsApp Manager."""
    form = ByHandForm(request.POST or None, apps=service.apps_of(side.company))
    if request.method == "POST" and form.is_valid():
        try:
            with side.inside():
                begun = service.begin(Method.BY_HAND, by=side.actor, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal.user_message))
        else:
            return redirect(side.url("path", begun.pk))
    context = {"side": side, "form": form}
    return render(request, "connecting/by_hand.html", context, status=422 if form.errors else 200)


def show_path(request: HttpRequest, side: Side, connecting_id: UUID) -> HttpResponse:
    """The whole page: the path at the left, one thing to do at the right."""
    return page(request, side, connecting_id)


def show_progress(request: HttpRequest, side: Side, connecting_id: UUID) -> HttpResponse:
    """The part that follows the worker."""
    return page(request, side, connecting_id, template="connecting/_path.html")


def check(request: HttpRequest, side: Side, connecting_id: UUID) -> HttpResponse:
    """Look at one step again, or at all."""
    step = request.POST.get("step", "")
    with side.inside():
        connecting = get_object_or_404(Connecting, pk=connecting_id)
        known = path.step_of(connecting, step)
        try:
            service.check_again(connecting, steps=(known.name,) if known else (), by=side.actor)
        except DomainError as refusal:
            messages.error(request, str(refusal.user_message))
    return back(request, side, connecting_id, step=known.name if known else "")


def abandon(request: HttpRequest, side: Side, connecting_id: UUID) -> HttpResponse:
    with side.inside():
        connecting = get_object_or_404(Connecting, pk=connecting_id)
        service.abandon(connecting, by=side.actor)
    messages.success(request, _("Given up. What was made at Meta stays there; begin again whenever you like."))
    return redirect(side.url("index"))


def page(
    request: HttpRequest,
    side: Side,
    connecting_id: UUID,
    *,
    forms: dict[str, Form] | None = None,
    step: str = "",
    template: str = "connecting/path.html",
) -> HttpResponse:
    """The page or its moving part, perhaps with a form that was refused."""
    with side.inside():
        connecting = get_object_or_404(Connecting.objects.select_related("number"), pk=connecting_id)
        progress = service.progress_of(connecting)
        shown = progress.named(step or request.GET.get("step", "")) or progress.current
        syncs = list(NumberSync.objects.filter(phone_number=connecting.number_id)) if connecting.number_id else []
    with in_public():
        app = MetaApp.objects.get(pk=str(connecting.meta_app_id))
    context = {
        "side": side,
        "connecting": connecting,
        "progress": progress,
        "shown": shown,
        "following": shown.step.name == progress.current.step.name,
        "app": app,
        "window": window_of(side, connecting, app) if path.takes_window(connecting) else None,
        "forms": _forms(shown, connecting, forms or {}),
        "phones_url": phones(app.sdk) if app.sandbox else "",
        "syncs": syncs,
        "handover_ends": checks_going.ends_at(connecting),
        **_urls(side, connecting),
    }
    refused = bool(forms) and request.headers.get("HX-Request") != "true"
    response = render(request, template, context, status=422 if refused else 200)
    return allow_window(response, app) if path.takes_window(connecting) else response


def back(request: HttpRequest, side: Side, connecting_id: UUID, *, step: str = "") -> HttpResponse:
    """After something was asked for: the moving part, or the page where scripts are off."""
    if request.headers.get("HX-Request") == "true":
        return page(request, side, connecting_id, step=step, template="connecting/_path.html")
    query = f"?step={step}" if step else ""
    return redirect(side.url("path", connecting_id) + query)


def _forms(shown: StepView, connecting: Connecting, refused: dict[str, Form]) -> dict[str, Form]:
    """The forms of the step that is shown; a refused one instead of an empty one."""
    initial: dict[str, Any] = {"region": connecting.data.get("region", "DE")}
    empty = {name: kind(initial=initial) for name, kind in FORMS.get(shown.step.name, {}).items()}
    return {**empty, **refused}


def _urls(side: Side, connecting: Connecting) -> dict[str, str]:
    names = ("path", "progress", "check", "abandon")
    return {f"{name}_url": side.url(name, connecting.pk) for name in names}


def _index(request: HttpRequest, side: Side, *, problem: str = "") -> HttpResponse:
    apps = service.apps_of(side.company)
    with side.inside():
        open_ones = list(
            Connecting.objects.filter(state=Connecting.State.OPEN)
            .select_related("number")
            .order_by("-started_at")[:MOST_SHOWN]
        )
        unfinished: list[Progress] = [service.progress_of(one) for one in open_ones]
        listed = list(PhoneNumber.objects.order_by("display_number")[:MOST_NUMBERS])
    context = {
        "side": side,
        "problem": problem,
        "unfinished": unfinished,
        "numbers": listed,
        "signup_app": _signup_app(apps, coexistence=False),
        "coexistence_app": _signup_app(apps, coexistence=True),
        "sandbox_app": sandbox.app_for(side.company),
        "apps": apps,
    }
    return render(request, "connecting/index.html", context, status=409 if problem else 200)


def _signup_app(apps: list[MetaApp], *, coexistence: bool, wanted: str = "") -> MetaApp | None:
    """The app whose sign-up window opens: the one asked for, else the first that has a configuration."""
    usable = [app for app in apps if app.signup_config(coexistence=coexistence)]
    return next((app for app in usable if str(app.pk) == wanted), usable[0] if usable else None)
