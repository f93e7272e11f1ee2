"""The two-step PIN of a number: made or chosen, set at the platform, kept encrypted."""

import re

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conversations.models import PhoneNumber
from conversations.services import numbers
from conversations.services.connecting import problems
from conversations.services.connecting.checks_number import new_pin
from conversations.whatsapp import management_signup
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.management import GraphRefused, GraphUnreachable, graph_for
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError

PIN = re.compile(r"[0-9]{6}")


class PinRefused(DomainError):
    """``user_message`` says why, in the words of the problem."""

    code = "pin_refused"
    http_status = 422

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        words = problems.of(problem)
        if words is not None:
            self.user_message = f"{words.cause} {words.next_step}"


class PinOdd(DomainError):
    code = "pin_odd"
    http_status = 422
    user_message = _("A PIN has six digits.")


def change(number: PhoneNumber, *, pin: str = "", by: User | None) -> None:
    """Set a new two-step PIN: the one given, or one that nobody guesses. Outside any transaction; safe to repeat.

    Raises  PinOdd, PinRefused
    """
    if pin and not PIN.fullmatch(pin):
        raise PinOdd
    chosen = pin or new_pin()
    try:
        with graph_for(numbers.credentials_of(number)) as graph:
            management_signup.set_pin(graph, number.phone_number_id, pin=chosen)
    except GraphUnreachable:
        raise PinRefused("unreachable") from None
    except BadCredentials:
        raise PinRefused("token_malformed") from None
    except GraphRefused as refused:
        raise PinRefused(problems.code_of(refused.code, http_status=refused.http_status)) from None
    with transaction.atomic():
        row = PhoneNumber.objects.select_for_update().get(pk=number.pk)
        row.pin = chosen
        row.save(update_fields=["pin"])
        audit.record("number.pin_changed", actor=by, subject=row, chosen=bool(pin))
