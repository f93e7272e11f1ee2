"""What only a person knows or may decide: which account, which number, its PIN, a new token, the code that was sent."""

import re
from datetime import timedelta
from typing import Any

import phonenumbers
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Connecting, NumberNews, PhoneNumber
from conversations.services.connecting import path, problems, running
from conversations.services.connecting.attempt import Attempt, Result, stuck
from conversations.services.connecting.starting import NotOpen
from conversations.services.numbers import number_states, numbers
from conversations.whatsapp import management_signup
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.management import GraphManagement, GraphRefused, GraphUnreachable
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError

ACTIONS = {"number": "connecting.number_asked", "verification": "connecting.verification_asked"}
CODE = re.compile(r"[0-9]{6}")
OFTEN, OFTEN_WITHIN = 3, timedelta(days=3)  # the platform counts each time twice: off and on again
FROM_TOKEN = ("token", "permissions", "account", "number", "subscription")


class CodeMissing(DomainError):
    code = "code_missing"
    http_status = 422
    user_message = _("A code has six digits.")


class PhoneOdd(DomainError):
    code = "phone_odd"
    http_status = 422
    user_message = _("Write the number as people dial it from abroad: with + and the country code.")


class RegisteredOften(DomainError):
    code = "registered_often"
    user_message = _(
        "This number was registered again often these days. WhatsApp allows ten times in three days, and a number that "
        "is off then would stay off: try it again in three days."
    )


class NotAtThisStep(DomainError):
    code = "not_at_this_step"
    user_message = _("The steps before have to be done first.")


@transaction.atomic
def check_again(connecting: Connecting, *, steps: tuple[str, ...] = (), by: User | None) -> None:
    """Look at these steps again (all, when none is named), and go on from there.

    Raises  NotOpen
    """
    row = _locked(connecting)
    names = steps or tuple(step.name for step in path.of(row) if step.name not in ("signup", "exchange_code"))
    _go_on(row, data={"again": sorted({*row.data.get("again", ()), *names})})
    audit.record("connecting.checked", actor=by, subject=row, steps=list(steps))


@transaction.atomic
def choose_account(connecting: Connecting, *, waba_id: str, by: User | None) -> None:
    """Which of the shared accounts is meant; the next run looks whether the token opens it."""
    _go_on(_locked(connecting), waba_id=waba_id, phone_number_id="", again=("account", "number", "subscription"))


@transaction.atomic
def choose_number(connecting: Connecting, *, phone_number_id: str, by: User | None) -> None:
    """Which number of the account is connected; the next run looks whether it is in there."""
    _go_on(_locked(connecting), phone_number_id=phone_number_id, again=("number",))


@transaction.atomic
def give_token(connecting: Connecting, *, token: str, by: User | None) -> None:
    """Another token; everything that rests on it is looked at again."""
    row = _locked(connecting)
    _go_on(row, token=token.strip(), state=Connecting.State.OPEN, again=FROM_TOKEN)
    audit.record("connecting.token_given", actor=by, subject=row)


@transaction.atomic
def give_pin(connecting: Connecting, *, pin: str, by: User | None) -> None:
    """The number's own two-step PIN, for registering it. Raises CodeMissing, NotOpen."""
    if not CODE.fullmatch(pin):
        raise CodeMissing
    row = _locked(connecting)
    _go_on(row, pin=pin, again=("registration",))
    audit.record("connecting.pin_given", actor=by, subject=row)


@transaction.atomic
def choose_region(connecting: Connecting, *, region: str, by: User | None) -> None:
    """Where the number's data shall lie at rest; empty for wherever WhatsApp keeps them."""
    row = _locked(connecting)
    _go_on(row, data={"region": region}, again=("storage",))
    audit.record("connecting.region_chosen", actor=by, subject=row, region=region)


@transaction.atomic
def register_anew(connecting: Connecting, *, region: str, by: User | None) -> None:
    """Switch the number off, keep its data in this region from now on, and switch it on again with the PIN kept here.

    Raises  NotOpen, RegisteredOften
    """
    row = _locked(connecting)
    off = number_states.word_of(PhoneNumber.State.PAUSED, numbers.REGISTERING)
    before = NumberNews.objects.filter(phone_number=row.number_id, after=off, at__gt=timezone.now() - OFTEN_WITHIN)
    if before.count() >= OFTEN:
        raise RegisteredOften
    data = {"region": region, "register_anew": True}
    _go_on(row, data=data, state=Connecting.State.OPEN, again=("storage", "registration"))
    audit.record("connecting.region_chosen", actor=by, subject=row, region=region)


def add_number(connecting: Connecting, *, phone: str, name: str, by: User | None) -> Result:
    """Add a number to the account, which then has to be verified. Outside any transaction.

    phone   as people dial it from abroad
    Raises  PhoneOdd, NotOpen
    """
    try:
        parsed = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        raise PhoneOdd from None
    if not phonenumbers.is_possible_number(parsed):
        raise PhoneOdd
    digits = phonenumbers.national_significant_number(parsed)

    def ask(graph: GraphManagement, row: Connecting) -> dict[str, Any]:
        added = management_signup.add_number(
            graph, row.waba_id, country_code=str(parsed.country_code), digits=digits, name=name
        )
        return {"phone_number_id": added}

    return _asked(connecting, ask, step="number", again=("number", "verification"), needs="account", by=by)


def request_code(connecting: Connecting, *, by_call: bool, language: str, by: User | None) -> Result:
    """Have a code sent to the number, as a text or by a call. Outside any transaction. Raises NotOpen."""

    def ask(graph: GraphManagement, row: Connecting) -> dict[str, Any]:
        management_signup.request_code(graph, row.phone_number_id, by_call=by_call, language=language)
        return {"data": {"code_asked": timezone.now().isoformat()}}

    return _asked(connecting, ask, step="verification", again=("verification",), needs="number", by=by)


def verify_code(connecting: Connecting, *, code: str, by: User | None) -> Result:
    """Hand in the code that was sent. Outside any transaction. Raises CodeMissing, NotOpen."""
    digits = re.sub(r"\D", "", code)
    if not CODE.fullmatch(digits):
        raise CodeMissing

    def ask(graph: GraphManagement, row: Connecting) -> dict[str, Any]:
        management_signup.verify_code(graph, row.phone_number_id, code=digits)
        return {"data": {"code_asked": ""}}

    return _asked(connecting, ask, step="verification", again=("verification",), needs="number", by=by)


def _asked(
    connecting: Connecting, ask: Any, *, step: str, again: tuple[str, ...], needs: str, by: User | None
) -> Result:
    """Ask the platform for something a person wants now; a refusal is kept at the step and given back."""
    with transaction.atomic():
        row = _locked(connecting)
        if row.steps.get(needs, {}).get("state") != "done":
            raise NotAtThisStep
    with Attempt(row.pk) as attempt:
        try:
            changes = ask(attempt.graph, attempt.connecting)
        except GraphUnreachable:
            return stuck("unreachable")
        except BadCredentials:
            return stuck("token_malformed")
        except GraphRefused as refused:
            problem = problems.code_of(refused.code, http_status=refused.http_status)
            result = stuck(problem, said=refused.details[:300], asked=attempt.data.get("code_asked", ""))
            attempt.keep(step=step, result=result)
            return result
    with transaction.atomic():
        _go_on(_locked(connecting), again=again, **changes)
        audit.record(ACTIONS[step], actor=by, subject=connecting)
    return Result("done")


def _go_on(row: Connecting, *, again: tuple[str, ...] = (), data: dict[str, Any] | None = None, **fields: Any) -> None:
    known = {**row.data, **(data or {})}
    known["again"] = sorted({*known.get("again", ()), *again})
    row.data = known
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["data", "changed_at", *fields])
    running.ask_for(row)


def _locked(connecting: Connecting) -> Connecting:
    row = Connecting.objects.select_for_update(of=("self",)).get(pk=connecting.pk)
    if row.state == Connecting.State.ABANDONED:
        raise NotOpen
    return row
