"""Switches a registered number off for a moment, so that it can be registered again with its data in another region.

The platform takes a region only while a number is not registered. The path then sets the region and registers it with
the PIN that is kept here; until that is done the number is paused and its queue kept.
"""

from conversations.services.connecting.attempt import Attempt, Result, stuck
from conversations.services.numbers import number_states, numbers
from conversations.whatsapp import management_signup
from conversations.whatsapp.management import GraphRefused

NOT_REGISTERED = 133010
State = number_states.State


def switch_off(attempt: Attempt) -> Result | None:
    """Deregister the number; a Result where that must not be: a phone uses it, or nobody here knows its PIN."""
    if attempt.phone.get("is_on_biz_app") is True:
        return stuck("phone_app_decides")
    number = attempt.number
    if number is None or not (attempt.connecting.pin or number.pin):
        return stuck("pin_unknown")
    if number.state == State.LIVE:
        number_states.change(number, State.PAUSED, reason=numbers.REGISTERING, source=numbers.PERSON)
    try:
        management_signup.deregister(attempt.graph, attempt.connecting.phone_number_id)
    except GraphRefused as refused:
        if refused.code != NOT_REGISTERED:
            raise
    attempt.keep(data={"register_anew": False})
    attempt.ask_phone_again()
    return None
