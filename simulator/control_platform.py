"""The part of the control API around messages: accounts, numbers, the phone app, calls, groups."""

from typing import Any

from aiohttp import web

from simulator import accounts, calls, coexistence, groups, names, people, pins
from simulator.calls import Call
from simulator.control import bad, number_named, read_json
from simulator.control_people import person_named
from simulator.errors import GraphError
from simulator.simulation import Simulation, of
from simulator.world import Group, Number, Waba, as_dict


def _number(request: web.Request) -> Number:
    return number_named(of(request), request.match_info["number"])


def waba_named(sim: Simulation, waba_id: str) -> Waba:
    """An account by its id. Raises HTTPNotFound."""
    waba = sim.world.wabas.get(waba_id)
    if waba is None:
        raise bad("there is no such account", web.HTTPNotFound)
    return waba


async def post_account(request: web.Request) -> web.Response:
    """Something happens to an account: an account_update, its limit, an alert, or the review of it."""
    sim, body = of(request), await read_json(request)
    waba, what = waba_named(sim, request.match_info["waba"]), request.match_info["what"]
    if what == "event":
        accounts.account_event(sim, waba, body)
    elif what == "limit":
        accounts.set_limit(sim, waba, str(body.get("limit", "TIER_2K")))
    elif what == "alert":
        accounts.alert(sim, waba, body)
    else:
        decision = str(body.get("decision", "APPROVED"))
        waba.extra["account_review_status"] = decision
        sim.keep(waba)
        accounts.emit(sim, waba, "account_review_update", {"decision": decision})
    return web.json_response(as_dict(waba))


async def get_number(request: web.Request) -> web.Response:
    """A number with all that the platform keeps about it."""
    return web.json_response(as_dict(_number(request)))


async def post_name(request: web.Request) -> web.Response:
    """Ends the review of a display name: {"decision", "reason"}."""
    sim, body = of(request), await read_json(request)
    decision = str(body.get("decision", "APPROVED"))
    if decision not in names.DECISIONS:
        raise bad(f"decision must be one of {', '.join(names.DECISIONS)}")
    names.decide(sim, _number(request), decision, reason=body.get("reason"))
    return web.json_response(as_dict(_number(request)))


async def post_pin(request: web.Request) -> web.Response:
    """The owner changes the two-step PIN in the platform's own pages, {"pin"}, or resets it, {"reset": true}."""
    sim, body, number = of(request), await read_json(request), _number(request)
    if body.get("reset") is True:
        pins.reset(sim, number)
        return web.json_response(as_dict(number))
    try:
        pins.set_pin(sim, number, str(body.get("pin", "")), requester=pins.OWNER)
    except GraphError as refused:
        raise bad(str(refused)) from refused
    return web.json_response(as_dict(number))


async def post_quality(request: web.Request) -> web.Response:
    """A number's quality: {"rating": "GREEN", "YELLOW" or "RED"}."""
    rating = str((await read_json(request)).get("rating", "GREEN"))
    if rating not in ("GREEN", "YELLOW", "RED", "UNKNOWN"):
        raise bad("rating must be GREEN, YELLOW, RED or UNKNOWN")
    accounts.set_quality(of(request), _number(request), rating)
    return web.json_response(as_dict(_number(request)))


async def post_app(request: web.Request) -> web.Response:
    """Somebody of the business writes on the phone app: {"person", "text"} or a type with its object."""
    sim, body = of(request), await read_json(request)
    person = person_named(sim, str(body.get("person")))
    message = coexistence.write_on_app(sim, _number(request), person, body)
    return web.json_response({"wamid": message.wamid})


async def post_book(request: web.Request) -> web.Response:
    """Somebody enters or leaves the phone app's address book: {"person", "action": "add" or "remove"}."""
    sim, body = of(request), await read_json(request)
    person = person_named(sim, str(body.get("person")))
    coexistence.change_book(sim, _number(request), person, action=str(body.get("action", "add")))
    return web.json_response({"changed": True})


async def post_call(request: web.Request) -> web.Response:
    """Somebody calls a number; `"answer": false` hangs up at once, which is a missed call."""
    sim, body = of(request), await read_json(request)
    person = person_named(sim, request.match_info["key"])
    call = calls.ring_business(sim, person, number_named(sim, body.get("number")))
    if body.get("answer") is False:
        calls.hang_up(sim, call, by_person=True)
    return web.json_response(vars(call))


def _call(request: web.Request) -> Call:
    call: Call | None = of(request).calls.get(request.match_info["call"])
    if call is None:
        raise bad("there is no such call", web.HTTPNotFound)
    return call


async def post_call_end(request: web.Request) -> web.Response:
    """The person takes a call (accept) or ends it (hang_up); `staff` takes it for the business, as a tester would."""
    sim, call = of(request), _call(request)
    verb = request.match_info["verb"]
    if verb == "hang_up":
        calls.hang_up(sim, call, by_person=True)
    elif verb == "staff":
        calls.take_by_business(sim, call)
    else:
        calls.take_by_person(sim, call)
    return web.json_response(vars(call))


async def get_calls(request: web.Request) -> web.Response:
    """All calls."""
    return web.json_response({"items": [vars(call) for call in of(request).calls.values()]})


async def post_call_permission(request: web.Request) -> web.Response:
    """Somebody answers a call permission request: {"number", "response": "accept" or "reject", "reply_to"}."""
    sim, body = of(request), await read_json(request)
    person, number = person_named(sim, request.match_info["key"]), number_named(sim, body.get("number"))
    response = str(body.get("response", "accept"))
    if response not in ("accept", "reject"):
        raise bad("response must be accept or reject")
    reply = calls.answer_request(sim, number, person, response=response)
    given = {"type": "interactive", "interactive": {"type": "call_permission_reply", "call_permission_reply": reply}}
    message = people.write(sim, person, number=number, given={**given, "reply_to": body.get("reply_to")})
    return web.json_response({"wamid": message.wamid})


def group_named(sim: Simulation, group_id: str) -> Group:
    """A group by its id. Raises HTTPNotFound."""
    group = sim.world.groups.get(group_id)
    if group is None:
        raise bad("there is no such group", web.HTTPNotFound)
    return group


async def post_group(request: web.Request) -> web.Response:
    """Somebody joins, leaves or reads a group, or the platform suspends it: {"person"} or {"suspended"}."""
    sim, body = of(request), await read_json(request)
    group, verb = group_named(sim, request.match_info["group"]), request.match_info["verb"]
    if verb == "suspend":
        groups.suspend(sim, group, body.get("suspended") is not False)
        return web.json_response(as_dict(group))
    person = person_named(sim, str(body.get("person")))
    if verb == "join":
        groups.join(sim, group, person)
    elif verb == "leave":
        groups.remove(sim, group, [person], by_business=False)
    else:
        groups.read_all(sim, group, person)
    return web.json_response(as_dict(group))


def routes() -> list[web.RouteDef]:
    """What happens around messages."""
    parts: list[Any] = [
        web.post("/_sim/accounts/{waba}/{what:event|limit|alert|review}", post_account),
        web.get("/_sim/numbers/{number}", get_number),
        web.post("/_sim/numbers/{number}/name", post_name),
        web.post("/_sim/numbers/{number}/quality", post_quality),
        web.post("/_sim/numbers/{number}/pin", post_pin),
        web.post("/_sim/numbers/{number}/app", post_app),
        web.post("/_sim/numbers/{number}/address_book", post_book),
        web.post("/_sim/people/{key}/call", post_call),
        web.post("/_sim/people/{key}/call_permission", post_call_permission),
        web.get("/_sim/calls", get_calls),
        web.post("/_sim/calls/{call}/{verb:accept|hang_up|staff}", post_call_end),
        web.post("/_sim/groups/{group}/{verb:join|leave|read|suspend}", post_group),
    ]
    return parts
