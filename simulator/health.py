"""Whether a node can send, and what stands in the way: the health_status of numbers, accounts and templates."""

from typing import Any

from simulator.simulation import Simulation
from simulator.world import Number, Template, Waba

_WORST = ("AVAILABLE", "LIMITED", "BLOCKED")
_TEMPLATE_STATES = {"APPROVED": "AVAILABLE", "PENDING": "LIMITED", "PAUSED": "LIMITED"}
Entity = dict[str, Any]


def funded(waba: Waba) -> bool:
    """The account has a way to pay."""
    return bool(waba.extra.get("primary_funding_id", "1"))


def number_health(sim: Simulation, number: Number) -> dict[str, Any]:
    """Of a number, its account, portfolio and app."""
    return _together([_number(number), *_owners(sim, sim.waba_of(number))])


def waba_health(sim: Simulation, waba: Waba) -> dict[str, Any]:
    """Of an account, its portfolio and app."""
    return _together(_owners(sim, waba))


def template_health(sim: Simulation, template: Template) -> dict[str, Any]:
    """Of a template and everything above it."""
    entity = _entity("MESSAGE_TEMPLATE", template.id, _TEMPLATE_STATES.get(template.status, "BLOCKED"))
    if entity["can_send_message"] != "AVAILABLE":
        entity["additional_info"] = [f"The template is {template.status.lower()}."]
    return _together([entity, *_owners(sim, sim.world.wabas[template.waba_id])])


def _together(entities: list[Entity]) -> dict[str, Any]:
    worst = max((entity["can_send_message"] for entity in entities), key=_WORST.index)
    return {"can_send_message": worst, "entities": entities}


def _entity(kind: str, id: str, state: str = "AVAILABLE") -> Entity:
    return {"entity_type": kind, "id": id, "can_send_message": state}


def _problem(entity: Entity, state: str, code: int, what: str, remedy: str) -> Entity:
    error = {"error_code": code, "error_description": what, "possible_solution": remedy}
    worse = max(entity["can_send_message"], state, key=_WORST.index)
    return {**entity, "can_send_message": worse, "errors": [*entity.get("errors", []), error]}


def _number(number: Number) -> Entity:
    entity = _entity("PHONE_NUMBER", number.id)
    if number.status == "BANNED":
        return _problem(
            entity, "BLOCKED", 131031, "The number is banned.", "Ask for a review in Business Support Home."
        )
    if number.status in ("FLAGGED", "RATE_LIMITED", "RESTRICTED"):
        entity = {
            **entity,
            "can_send_message": "LIMITED",
            "additional_info": [f"The number is {number.status.lower()}."],
        }
    elif number.status != "CONNECTED":
        entity = _problem(entity, "BLOCKED", 141000, "The number is not registered.", "Register the number.")
    if number.state.get("name_status", "APPROVED") == "PENDING_REVIEW":
        what = "Your display name has not been approved yet."
        entity = {**entity, "can_send_message": max(entity["can_send_message"], "LIMITED", key=_WORST.index)}
        entity["additional_info"] = [*entity.get("additional_info", []), what]
    return entity


def _owners(sim: Simulation, waba: Waba) -> list[Entity]:
    account = _entity("WABA", waba.id)
    if waba.extra.get("account_review_status") == "REJECTED":
        account = _problem(account, "BLOCKED", 131031, "The account was rejected.", "Appeal in Business Support Home.")
    if not funded(waba):
        account = _problem(account, "LIMITED", 141006, "There is no valid payment method.", "Add a payment method.")
    business = _entity("BUSINESS", waba.scope_id)
    if waba.extra.get("business_verification_status", "verified") != "verified":
        business["can_send_message"] = "LIMITED"
        business["additional_info"] = ["The business has not been verified."]
    return [account, business, _entity("APP", waba.app_id)]
