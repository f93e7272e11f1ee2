"""The Graph API's reads of accounts and numbers, subscriptions and tokens."""

import re
from typing import Any

from aiohttp import web

from simulator.access import app_of_token, json_body, waba_in_path, waba_of_token
from simulator.errors import GraphError, bad_token, no_such_object
from simulator.graph_fields import select
from simulator.graph_media import describe
from simulator.graph_templates import TEMPLATE_DEFAULT, template_fields
from simulator.simulation import Simulation, now, of
from simulator.world import Number, Waba

_NUMBER_DEFAULT = ("verified_name", "code_verification_status", "display_phone_number", "quality_rating", "id")
_WABA_DEFAULT = ("id", "name", "currency", "timezone_id", "message_template_namespace")
_SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")


def number_fields(number: Number) -> dict[str, Any]:
    """Every field of a number that can be asked for."""
    healthy = number.status == "CONNECTED"
    return {
        "id": number.id,
        "display_phone_number": number.display_phone_number,
        "verified_name": number.verified_name,
        "quality_rating": number.quality_rating,
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "status": number.status,
        "throughput": {"level": "HIGH" if number.throughput >= 1000 else "STANDARD"},
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "platform_type": "CLOUD_API",
        "is_on_biz_app": False,
        "account_mode": "LIVE",
        "is_pin_enabled": True,
        "is_official_business_account": False,
        "webhook_configuration": {"phone_number": number.override_url} if number.override_url else {},
        "health_status": _health("PHONE_NUMBER", number.id, healthy),
        **{name: value for name, value in number.extra.items() if name != "pin"},
    }


def waba_fields(waba: Waba) -> dict[str, Any]:
    """Every field of an account that can be asked for."""
    return {
        "id": waba.id,
        "name": waba.name,
        "currency": waba.currency,
        "timezone_id": "44",
        "country": "NL",
        "message_template_namespace": f"{int(waba.id) if waba.id.isdigit() else 0:032x}",
        "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "primary_funding_id": "1",
        "owner_business_info": {"id": waba.portfolio_id or waba.id, "name": waba.name},
        "health_status": _health("WABA", waba.id, True),
        **waba.extra,
    }


def _health(kind: str, id: str, healthy: bool) -> dict[str, Any]:
    state = "AVAILABLE" if healthy else "BLOCKED"
    return {"can_send_message": state, "entities": [{"entity_type": kind, "id": id, "can_send_message": state}]}


async def get_node(request: web.Request) -> web.Response:
    """GET /{PHONE}, /{WABA}, /{TEMPLATE} or /{MEDIA}."""
    sim, node, wanted = of(request), request.match_info["node"], request.query.get("fields")
    waba = waba_of_token(sim, request)
    number = sim.world.numbers.get(node)
    if number is not None and number.waba_id == waba.id:
        if number.status == "DELETED":
            raise GraphError(33, "The business phone number has been deleted.")
        return web.json_response(select(number_fields(number), wanted, _NUMBER_DEFAULT))
    if node == waba.id:
        return web.json_response(select(waba_fields(waba), wanted, _WABA_DEFAULT))
    template = sim.world.templates.get(node)
    if template is not None and template.waba_id == waba.id:
        return web.json_response(select(template_fields(template), wanted, TEMPLATE_DEFAULT))
    return await describe(request)


async def post_node(request: web.Request) -> web.Response:
    """POST /{PHONE} with webhook_configuration sets or lifts a callback of its own."""
    sim, node = of(request), request.match_info["node"]
    waba = waba_of_token(sim, request)
    number = sim.world.numbers.get(node)
    if number is None or number.waba_id != waba.id:
        raise no_such_object(node, method="post")
    wish = (await json_body(request)).get("webhook_configuration")
    if not isinstance(wish, dict):
        raise GraphError(100, message="(#100) webhook_configuration is the only setting that can be changed here.")
    url = str(wish.get("override_callback_uri") or "")
    if url:
        await _prove(sim, url, str(wish.get("verify_token", "")))
    number.override_url = url or None
    sim.keep(number)
    return web.json_response({"success": True})


async def get_phone_numbers(request: web.Request) -> web.Response:
    """GET /{WABA}/phone_numbers."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    numbers = [number for number in sim.world.numbers_of(waba.id) if number.status != "DELETED"]
    data = [select(number_fields(number), request.query.get("fields"), _NUMBER_DEFAULT) for number in numbers]
    return web.json_response({"data": data, "paging": {"cursors": {"before": "MAZDZD", "after": "MjQZD"}}})


async def subscribed_apps(request: web.Request) -> web.Response:
    """GET, POST and DELETE /{WABA}/subscribed_apps: whether, and where, this account's events go."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    if request.method == "GET":
        entry: dict[str, Any] = {"whatsapp_business_api_data": {"id": waba.app_id, "name": f"App {waba.app_id}"}}
        if waba.override_url:
            entry["override_callback_uri"] = waba.override_url
        return web.json_response({"data": [entry] if waba.subscribed else []})
    if request.method == "POST":
        body = await json_body(request) if request.can_read_body else {}
        url = str(body.get("override_callback_uri") or "")
        if len(url) > 200:
            raise GraphError(100, message="(#100) override_callback_uri must be at most 200 characters long.")
        if url:
            await _prove(sim, url, str(body.get("verify_token", "")))
        waba.override_url = url or None
    waba.subscribed = request.method == "POST"
    sim.keep(waba)
    return web.json_response({"success": True})


async def _prove(sim: Simulation, url: str, verify_token: str) -> None:
    if not await sim.webhooks.handshake(url, verify_token=verify_token):
        text = "(#2200) Callback verification failed: the URL did not answer the challenge."
        raise GraphError(2200, message=text)


async def post_subscriptions(request: web.Request) -> web.Response:
    """POST /{APP}/subscriptions with the app's own token: the callback of the app."""
    sim = of(request)
    body = dict(request.query) | dict(await request.post())
    if not body and request.content_type == "application/json":
        body = await json_body(request)
    header = request.headers.get("Authorization", "").partition(" ")[2]
    app = app_of_token(sim, str(body.get("access_token") or header))
    if app.id != request.match_info["node"]:
        raise no_such_object(request.match_info["node"], method="post")
    if body.get("object") != "whatsapp_business_account":
        raise GraphError(100, message="(#100) Param object must be whatsapp_business_account.")
    url, token = str(body.get("callback_url", "")), str(body.get("verify_token", ""))
    await _prove(sim, url, token)
    app.webhook_url, app.verify_token = url, token
    sim.keep(app)
    return web.json_response({"success": True})


async def debug_token(request: web.Request) -> web.Response:
    """GET /debug_token: what a token opens, asked with the app's own token."""
    sim = of(request)
    own = request.query.get("access_token") or request.headers.get("Authorization", "").partition(" ")[2]
    asked = sim.world.waba_by_token(own)
    app = sim.world.apps.get(asked.app_id) if asked and not asked.revoked else app_of_token(sim, own)
    if app is None:
        raise bad_token()
    waba = sim.world.waba_by_token(request.query.get("input_token", ""))
    if waba is None or waba.app_id != app.id:
        failure = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return web.json_response({"data": {"is_valid": False, "scopes": [], "error": failure}})
    data = {
        "app_id": app.id,
        "type": "SYSTEM_USER",
        "application": f"App {app.id}",
        "is_valid": not waba.revoked,
        "issued_at": int(now()) - 3600,
        "expires_at": 0,
        "data_access_expires_at": 0,
        "scopes": list(_SCOPES),
        "granular_scopes": [{"scope": scope, "target_ids": [waba.id]} for scope in _SCOPES],
        "user_id": f"1{waba.id}",
    }
    if waba.revoked:
        data["error"] = {"code": 190, "message": "The session has been invalidated.", "subcode": 460}
    return web.json_response({"data": data})


async def post_registration(request: web.Request) -> web.Response:
    """POST /{PHONE}/register with the six digits of its PIN, and /deregister."""
    sim, node = of(request), request.match_info["node"]
    waba = waba_of_token(sim, request)
    number = sim.world.numbers.get(node)
    if number is None or number.waba_id != waba.id:
        raise no_such_object(node, method="post")
    joining = request.match_info["verb"] == "register"
    if joining:
        body = await json_body(request)
        if body.get("messaging_product") != "whatsapp" or not re.fullmatch(r"[0-9]{6}", str(body.get("pin", ""))):
            raise GraphError(100, message="(#100) Param pin must be 6 characters long.")
        if number.extra.get("pin", body["pin"]) != body["pin"]:
            raise GraphError(133005, "The two-step verification PIN is incorrect.")
    number.status = "CONNECTED" if joining else "DISCONNECTED"
    sim.keep(number)
    return web.json_response({"success": True})


def routes() -> list[web.RouteDef]:
    """Reads and subscriptions. The node routes come last: they match anything."""
    return [
        web.get("/v{version}/debug_token", debug_token),
        web.get("/debug_token", debug_token),
        web.get("/v{version}/{node}/phone_numbers", get_phone_numbers),
        web.get("/v{version}/{node}/subscribed_apps", subscribed_apps),
        web.post("/v{version}/{node}/subscribed_apps", subscribed_apps),
        web.delete("/v{version}/{node}/subscribed_apps", subscribed_apps),
        web.post("/v{version}/{node}/subscriptions", post_subscriptions),
        web.post("/v{version}/{node}/{verb:register|deregister}", post_registration),
        web.get("/v{version}/{node}", get_node),
        web.post("/v{version}/{node}", post_node),
    ]
