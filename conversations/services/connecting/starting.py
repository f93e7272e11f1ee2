"""Begins a connecting, takes in what the sign-up window tells, and gives up."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Connecting, PhoneNumber
from conversations.services.connecting import path, problems, running
from conversations.services.connecting.attempt import DONE, Attempt, Result, done, stuck
from conversations.services.numbers.numbers import AppNotYours
from conversations.whatsapp import management_signup
from conversations.whatsapp.management import GraphRefused, GraphUnreachable
from conversations.whatsapp.payloads.clean import identifier, text
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.context import in_public
from tenants.errors import DomainError
from tenants.models import ClientCompany, MetaApp
from tenants.services import companies

Method = Connecting.Method
FINISHED = {
    "FINISH",
    "FINISH_ONLY_WABA",
    "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING",
    "FINISH_OBO_MIGRATION",
    "FINISH_GRANT_ONLY_API_ACCESS",
}
ON_PHONE_APP = "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"
SECRET_REFUSED = {1, 101}
MAX_CODE_CHARS = 2000


class NotOpen(DomainError):
    code = "connecting_not_open"
    user_message = _("This attempt to connect a number is over. Begin a new one.")


def apps_of(company: ClientCompany) -> list[MetaApp]:
    """The apps that the company's numbers can be connected through: its agency's, else the operator's shared ones."""
    with in_public():
        usable = MetaApp.objects.filter(agency=company.agency_id) | MetaApp.objects.filter(agency=None)
        return sorted(usable, key=lambda app: (app.agency_id is None, app.sandbox, app.name, app.app_id))


@transaction.atomic
def begin(
    method: Method,
    *,
    app: MetaApp,
    by: User | None,
    phone_number_id: str = "",
    waba_id: str = "",
    token: str = "",
    pin: str = "",
    region: str | None = None,
    number: PhoneNumber | None = None,
) -> Connecting:
    """Begin to connect a number of the entered company; a worker goes along the path at once.

    token   kept encrypted, never shown again; empty where the sign-up window will give one
    region  where the number's data shall lie; None for the default, empty for wherever WhatsApp keeps them
    Raises  AppNotYours
    """
    if app.agency_id not in (None, companies.entered().agency_id):
        raise AppNotYours
    connecting = Connecting.objects.create(
        method=method,
        number=number,
        meta_app_id=app.pk,
        phone_number_id=phone_number_id,
        waba_id=waba_id,
        token=token,
        pin=pin,
        data={
            **({"region": region} if region is not None else {}),
            **({"on_phone_app": True} if number is not None and number.on_phone_app else {}),
        },
        started_by=by.pk if by else None,
    )
    audit.record("connecting.started", actor=by, subject=connecting, method=str(method))
    running.ask_for(connecting)
    return connecting


@transaction.atomic
def note_session(connecting: Connecting, *, event: str, data: dict[str, Any]) -> None:
    """What the window told the page. Ids are hints, looked up at the platform before anything is made of them.

    Raises  NotOpen
    """
    row = _open(connecting)
    known: dict[str, Any] = {"session_event": event[:60]}
    result: Result | None = None
    if event in FINISHED:
        known |= {
            "waba_hint": identifier(data.get("waba_id"), limit=40) or "",
            "number_hint": identifier(data.get("phone_number_id"), limit=40) or "",
        }
        if event == ON_PHONE_APP:
            row.method = Method.COEXISTENCE if row.method == Method.SIGNUP else row.method
            known["on_phone_app"] = True
    elif event == "CANCEL":
        result = stuck("signup_cancelled", left_at=text(data.get("current_step"), limit=60) or "")
    elif event == "ERROR":
        result = stuck("signup_error", said=text(data.get("error_message"), limit=300) or "")
    place = path.step_of_window(row, "signup")
    if result is not None and row.steps.get(place, {}).get("state") != DONE:
        row.steps = {**row.steps, place: _written(result)}
    row.data = {**row.data, **known}
    row.save(update_fields=["method", "steps", "data", "changed_at"])


def take_code(connecting: Connecting, *, code: str) -> Connecting:
    """Turn the window's code into a token now: it lives for half a minute and works once.

    Outside any transaction: it speaks to the platform. What goes wrong stands at the step.
    Raises  NotOpen
    """
    with transaction.atomic():
        _open(connecting)
    with Attempt(connecting.pk) as attempt:
        if path.by_signup(attempt.connecting):
            attempt.keep(step="signup", result=done(event=attempt.data.get("session_event", "")))
        token, result = _exchanged(attempt, code)
        place = path.step_of_window(attempt.connecting, "exchange_code")
        again = ["token", "permissions", "account", "number", "subscription"]
        fields = {"token": token} if token else {}
        more = {"onboarded_at": timezone.now().isoformat(), "again": again} if token else {}
        attempt.keep(step=place, result=result, data=more, **fields)
        if token or path.by_signup(attempt.connecting):
            with transaction.atomic():
                running.ask_for(attempt.connecting)
        return attempt.connecting


@transaction.atomic
def abandon(connecting: Connecting, *, by: User | None) -> None:
    """Give up: nothing more is asked for; what was made stays. Twice is once."""
    row = Connecting.objects.select_for_update(of=("self",)).get(pk=connecting.pk)
    if row.state != Connecting.State.OPEN:
        return
    row.state, row.token, row.pin = Connecting.State.ABANDONED, "", ""
    row.save(update_fields=["state", "token", "pin", "changed_at"])
    audit.record("connecting.abandoned", actor=by, subject=row, method=row.method)


def _open(connecting: Connecting) -> Connecting:
    row = Connecting.objects.select_for_update(of=("self",)).get(pk=connecting.pk)
    if row.state == Connecting.State.ABANDONED:
        raise NotOpen
    return row


def _exchanged(attempt: Attempt, code: str) -> tuple[str, Result]:
    app = attempt.app
    if not code or len(code) > MAX_CODE_CHARS:
        return "", stuck("code_expired")
    try:
        token = management_signup.exchange_code(attempt.app_access, app_id=app.app_id, secret=app.secret, code=code)
    except GraphUnreachable:
        return "", stuck("code_lost")  # it may have been used up; a new one costs one click
    except GraphRefused as refused:
        if refused.code in SECRET_REFUSED:
            return "", stuck("app_secret_wrong")
        if refused.code == 100:
            return "", stuck("code_expired")
        return "", stuck(problems.code_of(refused.code, http_status=refused.http_status), said=refused.details[:300])
    return token, done()


def _written(result: Result) -> dict[str, Any]:
    return {
        "state": result.state,
        "at": timezone.now().isoformat(),
        "problem": result.problem,
        **({"details": result.details} if result.details else {}),
    }
