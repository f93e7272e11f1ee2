"""Links with which people sign up for marketing messages inside the app, and what is told about single messages."""

import re
from typing import Any

from aiohttp import web

from simulator.access import MESSAGING, json_body, number_in, waba_in, waba_in_path
from simulator.errors import GraphError, no_such_object
from simulator.graph_fields import page
from simulator.simulation import Simulation, of
from simulator.world import Waba

_LONGEST = {
    "signup_message": 300,
    "confirmation_message": 300,
    "display_name": 256,
    "promo_code": 50,
    "website_url": 2000,
}
_NEEDED = ("signup_message", "confirmation_message", "privacy_policy_url")


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    for name, longest in _LONGEST.items():
        if body.get(name) is not None and not 1 <= len(str(body[name])) <= longest:
            raise GraphError(100, message=f"(#100) Param {name} must have 1 to {longest} characters.")
    if body.get("promo_code") and not re.fullmatch(r"[A-Za-z0-9]+", str(body["promo_code"])):
        raise GraphError(100, message="(#100) Param promo_code may hold letters and digits only.")
    if body.get("website_url") and not str(body["website_url"]).startswith("https://"):
        raise GraphError(100, message="(#100) Param website_url must start with https://.")
    return {name: body[name] for name in (*_LONGEST, "status") if body.get(name) is not None}


async def post_signups(request: web.Request) -> web.Response:
    """POST /{WABA}/signups."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    body = await json_body(request)
    if any(not body.get(name) for name in _NEEDED) or not re.match(r"https?://", str(body["privacy_policy_url"])):
        raise GraphError(100, message=f"(#100) The parameters {', '.join(_NEEDED)} are required.")
    id = sim.ids.digits(16, "signups")
    row = {"id": id, "waba_id": waba.id, "status": "ACTIVE", "privacy_policy_url": body["privacy_policy_url"]}
    waba.state.setdefault("signups", {})[id] = {**row, **_checked(body)}
    sim.keep(waba)
    return web.json_response({"id": id})


async def get_signups(request: web.Request) -> web.Response:
    """GET /{WABA}/signups."""
    waba = waba_in_path(of(request), request)
    return page(request, list(waba.state.get("signups", {}).values()), lambda row: row)


def _owner(sim: Simulation, request: web.Request) -> Waba:
    id = request.match_info["signup"]
    for waba in sim.world.wabas.values():
        if id in waba.state.get("signups", {}):
            return waba_in(sim, request, waba.id)
    raise no_such_object(id, method=request.method.lower())


async def one_signup(request: web.Request) -> web.Response:
    """GET and POST /signups/{ID}."""
    sim, id = of(request), request.match_info["signup"]
    waba = _owner(sim, request)
    row = waba.state["signups"][id]
    if request.method == "POST":
        row |= _checked(await json_body(request))
        sim.keep(waba)
        return web.json_response({"id": id, "success": True})
    return web.json_response(row)


async def message_history(request: web.Request) -> web.Response:
    """GET /{PHONE}/message_history?message_id=: the statuses of a message that this number sent."""
    sim = of(request)
    number = number_in(sim, request, request.match_info["node"], scope=MESSAGING)
    message = sim.chats.by_wamid.get(request.query.get("message_id", ""))
    if message is None or message.inbound or message.number_id != number.id:
        raise no_such_object(request.query.get("message_id", "")[:80])
    events = [
        {"delivery_status": status.upper(), "timestamp": int(at), "webhook_update_state": "SUCCESS"}
        for status, at in sorted(message.times.items(), key=lambda row: row[1])
    ]
    return web.json_response({"data": [{"message_id": message.wamid, "events": {"data": events}}]})


async def encryption(request: web.Request) -> web.Response:
    """POST and GET /{PHONE}/whatsapp_business_encryption: the public key of flows."""
    sim = of(request)
    number = number_in(sim, request, request.match_info["node"])
    if request.method == "GET":
        key = number.state.get("public_key")
        row = {"business_public_key": key, "business_public_key_signature_status": "VALID"} if key else {}
        return web.json_response({"data": [row] if row else []})
    key = str((await json_body(request)).get("business_public_key") or "")
    if "BEGIN PUBLIC KEY" not in key:
        raise GraphError(100, message="(#100) Param business_public_key must be a public key in PEM.")
    number.state["public_key"] = key
    sim.keep(number)
    return web.json_response({"success": True})


def routes() -> list[web.RouteDef]:
    """Signup links, and single messages."""
    at = "/v{version}"
    return [
        web.get(f"{at}/signups/{{signup}}", one_signup),
        web.post(f"{at}/signups/{{signup}}", one_signup),
        web.post(f"{at}/{{node}}/signups", post_signups),
        web.get(f"{at}/{{node}}/signups", get_signups),
        web.get(f"{at}/{{node}}/message_history", message_history),
        web.get(f"{at}/{{node}}/whatsapp_business_encryption", encryption),
        web.post(f"{at}/{{node}}/whatsapp_business_encryption", encryption),
    ]
