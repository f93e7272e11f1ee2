"""The Graph API's calls: made, taken, refused, ended, and who may be called."""

from typing import Any

from aiohttp import web

from simulator import calls
from simulator.access import number_of, whatsapp_body
from simulator.calls import DAY, Call
from simulator.checks import recipient
from simulator.errors import GraphError
from simulator.simulation import Simulation, now, of
from simulator.world import Number, Person

_ACTIONS = ("connect", "pre_accept", "accept", "reject", "terminate")


async def post_calls(request: web.Request) -> web.Response:
    """POST /{PHONE}/calls with one of the actions."""
    sim = of(request)
    number = number_of(sim, request)
    body = await whatsapp_body(request)
    action = body.get("action")
    if action not in _ACTIONS:
        raise GraphError(100, message=f"(#100) Param action must be one of {{{', '.join(_ACTIONS)}}}.")
    if action in ("connect", "accept"):
        _check_session(body.get("session"))
    if action == "connect":
        call = calls.ring_person(sim, number, _person(sim, recipient(body, number)), body)
        return web.json_response({"messaging_product": "whatsapp", "calls": [{"id": call.id}], "success": True})
    _act(sim, _call(sim, number, body), action)
    return web.json_response({"messaging_product": "whatsapp", "success": True})


def _check_session(session: object) -> None:
    if not isinstance(session, dict) or not session.get("sdp") or session.get("sdp_type") not in ("offer", "answer"):
        raise GraphError(100, message="(#100) The parameter session with sdp_type and sdp is required.")


def _person(sim: Simulation, address: str) -> Person:
    person = sim.world.person_at(address)
    if person is None:
        raise GraphError(131026, "The user cannot be called.")
    return person


def _call(sim: Simulation, number: Number, body: dict[str, Any]) -> Call:
    call: Call | None = sim.calls.get(str(body.get("call_id")))
    if call is None or call.number_id != number.id:
        raise GraphError(138001, "There is no such call.")
    return call


def _act(sim: Simulation, call: Call, action: str) -> None:
    if call.state == "ended":
        raise GraphError(138001, "The call has ended.")
    if action in ("accept", "reject", "pre_accept") and (call.business or call.state != "ringing"):
        raise GraphError(138002, f"This call cannot be answered with {action}.")
    if action == "accept":
        calls.take_by_business(sim, call)
    elif action in ("reject", "terminate"):
        calls.hang_up(sim, call, by_person=False)


async def get_permissions(request: web.Request) -> web.Response:
    """GET /{PHONE}/call_permissions?user_wa_id= or recipient=."""
    sim, query = of(request), request.query
    number = number_of(sim, request)
    person = _person(sim, str(query.get("user_wa_id") or query.get("recipient") or "").lstrip("+"))
    permission = calls.permission(number, person)
    asked = calls.count_requests(sim, number, person)
    today = sum(now() - at < DAY for at in asked)
    limits = [
        {"time_period": "PT24H", "max_allowed": 1, "current_usage": today},
        {"time_period": "P7D", "max_allowed": 2, "current_usage": len(asked)},
    ]
    may_ask = not today and len(asked) < 2
    actions = [
        {
            "action_name": "send_call_permission_request",
            "can_perform_action": may_ask,
            "limits": limits,
        },
        {"action_name": "start_call", "can_perform_action": permission["status"] != "no_permission", "limits": []},
    ]
    return web.json_response({"messaging_product": "whatsapp", "permission": permission, "actions": actions})


def routes() -> list[web.RouteDef]:
    """Calls."""
    return [
        web.post("/v{version}/{node}/calls", post_calls),
        web.get("/v{version}/{node}/call_permissions", get_permissions),
    ]
