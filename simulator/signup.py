"""Embedded Signup as a client of an app goes through it: what each ending makes in the world and tells the page."""

import re
from dataclasses import dataclass
from typing import Any

from simulator.accounts import tell_partner
from simulator.graph_numbers import add_number
from simulator.simulation import Simulation, now
from simulator.world import App, Number, Waba, WorldError

VERSION = 4
COEXISTENCE = "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"
FINISHES = ("FINISH", "FINISH_ONLY_WABA", COEXISTENCE, "FINISH_OBO_MIGRATION", "FINISH_GRANT_ONLY_API_ACCESS")
EVENTS = (*FINISHES, "CANCEL", "ERROR")
STEPS = (
    "BUSINESS_ACCOUNT_SELECTION",
    "WABA_PHONE_PROFILE_PICKER",
    "WHATSAPP_BUSINESS_PROFILE_SETUP",
    "PHONE_NUMBER_SETUP",
    "PHONE_NUMBER_VERIFICATION",
    "PERMISSIONS_CONFIRMATION",
)
_APP_THROUGHPUT = 20


@dataclass
class Ending:
    """The session event for the page that opened the signup, and the code for its server; None without consent."""

    session: dict[str, Any]
    code: str | None


def end(sim: Simulation, app: App, *, event: str, given: dict[str, Any]) -> Ending:
    """Play one ending of the signup.

    given    name, phone, display_name for a new account; waba for an existing one; current_step; error_message
    Raises   WorldError
    """
    if event not in EVENTS:
        raise WorldError(f"event must be one of {', '.join(EVENTS)}")
    if event == "CANCEL":
        return Ending(_session(event, {"current_step": str(given.get("current_step") or STEPS[3])}), None)
    if event == "ERROR":
        return Ending(_session(event, _failure(sim, given)), None)
    waba, number = _made(sim, app, event, given)
    code = issue(sim, app, [waba.id])
    tell_partner(sim, waba, "PARTNER_ADDED")
    tell_partner(sim, waba, "PARTNER_APP_INSTALLED", partner_app_id=app.id)
    data = {"waba_id": waba.id}
    if number is not None and event != COEXISTENCE:
        data["phone_number_id"] = number.id
    if event != COEXISTENCE:
        data["business_id"] = waba.scope_id
    return Ending(_session(event, data), code)


def issue(sim: Simulation, app: App, waba_ids: list[str]) -> str:
    """A code for these accounts, for as long as codes live."""
    return sim.codes.issue(app.id, waba_ids=waba_ids, until=now() + sim.options.code_seconds).code


def _session(event: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"type": "WA_EMBEDDED_SIGNUP", "event": event, "version": VERSION, "data": data}


def _failure(sim: Simulation, given: dict[str, Any]) -> dict[str, Any]:
    text = str(given.get("error_message") or "The phone number is already in use on another account.")
    numbers = {"error_id": sim.ids.digits(6, "signup errors"), "session_id": sim.ids.letters(20, "signup errors")}
    return {"error_message": text, **numbers, "timestamp": str(int(now()))}


def _made(sim: Simulation, app: App, event: str, given: dict[str, Any]) -> tuple[Waba, Number | None]:
    existing = str(given.get("waba") or "")
    if existing:
        waba = sim.world.wabas.get(existing)
        if waba is None:
            raise WorldError(f"there is no account {existing}")
    elif event == "FINISH_GRANT_ONLY_API_ACCESS":
        raise WorldError("access can only be given to an account that exists: name one as waba")
    else:
        waba = _new_account(sim, app, str(given.get("name") or "").strip())
    numbers = sim.world.numbers_of(waba.id)
    if event in ("FINISH_ONLY_WABA", "FINISH_GRANT_ONLY_API_ACCESS"):
        return waba, None
    if existing and numbers and not given.get("phone"):
        return waba, numbers[0]
    return waba, _new_number(sim, waba, event, given)


def _new_account(sim: Simulation, app: App, name: str) -> Waba:
    """An account whose events flow once the app subscribes to it."""
    if not name:
        raise WorldError("a new account needs a name")
    document = {
        "id": sim.ids.digits(15, "accounts"),
        "name": name,
        "app_id": app.id,
        "token": "EAA" + sim.ids.letters(60, "tokens"),
        "portfolio_id": sim.ids.digits(15, "portfolios"),
        "subscribed": False,
    }
    sim.take_in({"wabas": [document]})
    return sim.world.wabas[document["id"]]  # type: ignore[index]


def _new_number(sim: Simulation, waba: Waba, event: str, given: dict[str, Any]) -> Number:
    digits = re.sub(r"\D", "", str(given.get("phone") or "")) or "3197" + sim.ids.digits(9, "signup phones")
    name = str(given.get("display_name") or given.get("name") or waba.name).strip()
    known = {"code_verification_status": "VERIFIED", "name_status": "AVAILABLE_WITHOUT_REVIEW"}
    on_phone = event == COEXISTENCE
    if not on_phone and event != "FINISH_OBO_MIGRATION":
        return add_number(sim, waba.id, digits=digits, name=name, state=known)
    more: dict[str, Any] = {"status": "CONNECTED", "quality_rating": "GREEN"}
    known["name_status"] = "APPROVED"
    if on_phone:
        more |= {"throughput": _APP_THROUGHPUT, "is_on_biz_app": True}
    return add_number(sim, waba.id, digits=digits, name=name, state={**known, "onboarded_at": now()}, **more)
