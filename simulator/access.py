"""Who calls: bearer tokens, their permissions, and the objects that each of them opens."""

import hashlib
import hmac
import json
from typing import Any

from aiohttp import web

from simulator.errors import GraphError, bad_token, dead_token, no_such_object
from simulator.simulation import Simulation, now
from simulator.world import App, Number, Waba

MESSAGING, MANAGEMENT = "whatsapp_business_messaging", "whatsapp_business_management"
_NOT_GIVEN = ("access_token", "appsecret_proof")
_SENDING = ("CONNECTED", "FLAGGED", "RATE_LIMITED", "RESTRICTED")


def token_of(request: web.Request) -> str:
    """The bearer token of a request, from its header or its query."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "oauth") else request.query.get("access_token", "")


def wabas_of_token(sim: Simulation, request: web.Request) -> list[Waba]:
    """The accounts whose token came with the request; at least one. Raises GraphError 190 or 100."""
    token = token_of(request)
    wabas = sim.world.wabas_by_token(token)
    if not wabas:
        raise bad_token()
    live = [waba for waba in wabas if not waba.revoked]
    if not live:
        raise dead_token()
    if 0 < live[0].token_expires_at < now():
        raise GraphError(190, message="Error validating access token: Session has expired.", subcode=463)
    app = sim.world.apps.get(live[0].app_id)
    if app is not None:
        check_proof(request, token, app)
    return live


def check_proof(request: web.Request, token: str, app: App) -> None:
    """The appsecret_proof, where one is given, must be the token's under the app's secret. Raises GraphError 100."""
    proof = request.query.get("appsecret_proof")
    wanted = hmac.new(app.secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    if proof is not None and not hmac.compare_digest(proof, wanted):
        raise GraphError(
            100, message="Invalid appsecret_proof provided in the API argument", kind="GraphMethodException"
        )


def waba_in(sim: Simulation, request: web.Request, waba_id: str, *, scope: str = MANAGEMENT) -> Waba:
    """An account by id, if the token opens it with this permission. Raises GraphError."""
    for waba in wabas_of_token(sim, request):
        if waba.id == waba_id:
            check_scope(waba, scope)
            return waba
    raise no_such_object(waba_id, method=request.method.lower())


def check_scope(waba: Waba, scope: str) -> None:
    """The token of this account holds the permission. Raises GraphError 200."""
    if scope not in waba.scopes:
        raise GraphError(
            200, message=f"(#200) You do not have the permission {scope} on this WhatsApp Business Account."
        )


def waba_in_path(sim: Simulation, request: web.Request) -> Waba:
    """The account in the path, if the token opens it. Raises GraphError."""
    return waba_in(sim, request, request.match_info["node"])


def number_in(sim: Simulation, request: web.Request, number_id: str, *, scope: str = MANAGEMENT) -> Number:
    """A number by id, whatever its state, if the token opens it. Raises GraphError."""
    number = sim.world.numbers.get(number_id)
    if number is None:
        wabas_of_token(sim, request)
        raise no_such_object(number_id, method=request.method.lower())
    opened = {waba.id: waba for waba in wabas_of_token(sim, request)}
    if number.waba_id not in opened:
        raise no_such_object(number_id, method=request.method.lower())
    check_scope(opened[number.waba_id], scope)
    if number.status == "DELETED":
        raise GraphError(33, "The business phone number has been deleted.")
    return number


def number_in_path(sim: Simulation, request: web.Request) -> Number:
    """The number in the path, whatever its state, if the token opens it. Raises GraphError."""
    return number_in(sim, request, request.match_info["node"])


def number_of(sim: Simulation, request: web.Request) -> Number:
    """The number in the path, if the token opens it and it can send. Raises GraphError."""
    number = number_in(sim, request, request.match_info["node"], scope=MESSAGING)
    if number.status == "BANNED":
        raise GraphError(131031, "The business account was locked for violating the platform's policy.")
    if number.status not in _SENDING:
        raise GraphError(133010, "The account is not registered.")
    return number


def app_of_token(sim: Simulation, token: str) -> App:
    """The app whose `ID|SECRET` token this is. Raises GraphError 190."""
    app_id, _, secret = token.partition("|")
    app = sim.world.apps.get(app_id)
    if app is None or app.secret != secret:
        raise bad_token()
    return app


async def json_body(request: web.Request) -> dict[str, Any]:
    """What a Graph request gives: its JSON object or form fields, over those of its query. Raises GraphError 100."""
    query = {name: value for name, value in request.query.items() if name not in _NOT_GIVEN}
    fields = request.content_type == "multipart/form-data"
    if request.content_type == "application/x-www-form-urlencoded":  # what curl says of anything, JSON too
        fields = not (await request.read()).lstrip().startswith(b"{")
    if fields:
        return query | {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    try:
        body = json.loads(await request.read() or b"{}")
        body = json.loads(body) if isinstance(body, str) else body  # some clients write the object as a text
    except (ValueError, RecursionError):
        raise GraphError(100, message="(#100) Invalid JSON in the request body.") from None
    if not isinstance(body, dict):
        raise GraphError(100, message="(#100) The request body must be a JSON object.")
    return query | body


async def whatsapp_body(request: web.Request) -> dict[str, Any]:
    """A body that must say messaging_product. Raises GraphError 100."""
    body = await json_body(request)
    if body.get("messaging_product") != "whatsapp":
        raise GraphError(100, message="(#100) The parameter messaging_product is required.")
    return body


def base_url(request: web.Request) -> str:
    """The address under which this client reached us."""
    return f"{request.scheme}://{request.host}"
