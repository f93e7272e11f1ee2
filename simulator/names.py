"""Display names of numbers: asked for, reviewed, and taken into use when the number registers again."""

import re

from simulator.errors import GraphError
from simulator.simulation import Simulation, now
from simulator.webhooks import Event
from simulator.world import Number

DECISIONS = ("APPROVED", "REJECTED", "DEFERRED")
_LONGEST = 75


def check(name: str) -> None:
    """A name that could be a business's. Raises GraphError."""
    if not 3 <= len(name) <= _LONGEST or not re.search(r"[^\W\d_]", name):
        raise GraphError(100, message=f"(#100) The display name must have 3 to {_LONGEST} characters and a letter.")


def ask(sim: Simulation, number: Number, name: str) -> None:
    """A business wishes another name; it is reviewed after a while, or by hand. Raises GraphError."""
    check(name)
    if number.on_phone_app:
        raise GraphError(131055, "The name of a number on the WhatsApp Business app is changed on the phone.")
    number.state |= {"new_display_name": name, "new_name_status": "PENDING_REVIEW"}
    seconds = sim.options.review_ms / 1000
    if sim.options.review == "auto":
        sim.later(seconds, lambda: _review(sim, number, name))


def _review(sim: Simulation, number: Number, name: str) -> None:
    if number.state.get("new_display_name") == name and number.state.get("new_name_status") == "PENDING_REVIEW":
        refused = next((word for word in sim.options.refused_words if word.lower() in name.lower()), None)
        reason = "The name does not stand for the business." if refused else None
        decide(sim, number, "REJECTED" if refused else "APPROVED", reason=reason)


def decide(sim: Simulation, number: Number, decision: str, *, reason: str | None = None) -> None:
    """End the review of a new name, or of the first one; the app hears it."""
    wished = number.state.get("new_display_name")
    outcome = {"APPROVED": "APPROVED", "REJECTED": "DECLINED"}.get(decision, "PENDING_REVIEW")
    if wished:
        number.state["new_name_status"] = outcome
    else:
        number.state["name_status"] = outcome
    sim.keep(number)
    value = {
        "display_phone_number": number.digits,
        "decision": decision,
        "requested_verified_name": wished or number.verified_name,
        "rejection_reason": reason if decision == "REJECTED" else None,
    }
    change = {"field": "phone_number_name_update", "value": value}
    sim.webhooks.emit(Event(waba=sim.waba_of(number), change=change, entry_time=int(now())))


def take_into_use(number: Number) -> None:
    """Registering a number shows its newly approved name."""
    if number.state.get("new_name_status") == "APPROVED":
        number.verified_name = number.state.pop("new_display_name")
        number.state |= {"new_name_status": "NONE", "name_status": "APPROVED"}
