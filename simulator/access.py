"""Who calls: bearer tokens, and the objects that each of them opens."""

import json
from typing import Any

from aiohttp import web

from simulator.errors import GraphError, bad_token, dead_token, no_such_object
from simulator.simulation import Simulation
from simulator.world import App, Number, Waba


def waba_of_token(sim: Simulation, request: web.Request) -> Waba:
    """The account whose token came with the request. Raises GraphError 190."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() not in ("bearer", "oauth"):
        token = request.query.get("access_token", "")
    waba = sim.world.waba_by_token(token.strip())
    if waba is None:
        raise bad_token()
    if waba.revoked:
        raise dead_token()
    return waba


def number_of(sim: Simulation, request: web.Request) -> Number:
    """The number in the path, if the token opens it and it can send. Raises GraphError."""
    waba = waba_of_token(sim, request)
    number = sim.world.numbers.get(request.match_info["node"])
    if number is None or number.waba_id != waba.id:
        raise no_such_object(request.match_info["node"], method=request.method.lower())
    if number.status == "DELETED":
        raise GraphError(33, "The business phone number has been deleted.")
    if number.status == "BANNED":
        raise GraphError(131031, "The business account was locked for violating the platform's policy.")
    if number.status != "CONNECTED":
        raise GraphError(133010, "The account is not registered.")
    return number


def waba_in_path(sim: Simulation, request: web.Request) -> Waba:
    """The account in the path, if the token opens it. Raises GraphError."""
    waba = waba_of_token(sim, request)
    if request.match_info["node"] != waba.id:
        raise no_such_object(request.match_info["node"], method=request.method.lower())
    return waba


def app_of_token(sim: Simulation, token: str) -> App:
    """The app whose `ID|SECRET` token this is. Raises GraphError 190."""
    app_id, _, secret = token.partition("|")
    app = sim.world.apps.get(app_id)
    if app is None or app.secret != secret:
        raise bad_token()
    return app


async def json_body(request: web.Request) -> dict[str, Any]:
    """The JSON object of a Graph request. Raises GraphError 100."""
    try:
        body = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError):
        raise GraphError(100, message="(#100) Invalid JSON in the request body.") from None
    if not isinstance(body, dict):
        raise GraphError(100, message="(#100) The request body must be a JSON object.")
    return body


def base_url(request: web.Request) -> str:
    """The address under which this client reached us."""
    return f"{request.scheme}://{request.host}"
