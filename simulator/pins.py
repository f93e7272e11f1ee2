"""The two-step PIN of a number: set over the API, changed or reset by the owner in the platform's own pages."""

import re

from simulator.errors import GraphError
from simulator.simulation import Simulation
from simulator.webhooks import Event
from simulator.world import Number

OWNER = "100000000000007"  # the portfolio's user who does it, as `requester` names people


def set_pin(sim: Simulation, number: Number, pin: str, *, requester: str | None = None) -> None:
    """From now on only this PIN registers the number. Wrong guesses are forgotten. Raises GraphError."""
    if not re.fullmatch(r"[0-9]{6}", pin):
        raise GraphError(100, message="(#100) Param pin must be 6 characters long.")
    if number.on_phone_app:
        raise GraphError(131055, "The PIN of a number on the WhatsApp Business app is set on the phone.")
    number.extra["pin"] = pin
    number.state["wrong_pins"] = []
    sim.keep(number)
    _tell(sim, number, "PIN_CHANGED", requester)


def reset(sim: Simulation, number: Number) -> None:
    """The owner who forgot it switches two-step verification off: the next registration sets a new PIN."""
    _tell(sim, number, "PIN_RESET_REQUEST", OWNER)
    number.extra.pop("pin", None)
    number.state["wrong_pins"] = []
    sim.keep(number)
    _tell(sim, number, "PIN_RESET_SUCCESS", None)


def _tell(sim: Simulation, number: Number, event: str, requester: str | None) -> None:
    value = {"display_phone_number": number.digits, "event": event, **({"requester": requester} if requester else {})}
    sim.webhooks.emit(Event(waba=sim.waba_of(number), change={"field": "security", "value": value}, number=number))
