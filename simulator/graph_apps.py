"""The Graph API's apps: their callback, what a token opens, and codes turned into tokens."""

from typing import Any

from aiohttp import web

from simulator.access import app_of_token, json_body, token_of
from simulator.errors import GraphError, bad_token, no_such_object
from simulator.graph_numbers import prove
from simulator.simulation import Simulation, now, of
from simulator.world import App, Waba


async def post_subscriptions(request: web.Request) -> web.Response:
    """POST /{APP}/subscriptions with the app's own token: the callback of the app."""
    sim = of(request)
    body = await json_body(request)
    app = app_of_token(sim, str(request.query.get("access_token") or body.get("access_token") or token_of(request)))
    if app.id != request.match_info["node"]:
        raise no_such_object(request.match_info["node"], method="post")
    if body.get("object") != "whatsapp_business_account":
        raise GraphError(100, message="(#100) Param object must be whatsapp_business_account.")
    url, token = str(body.get("callback_url", "")), str(body.get("verify_token", ""))
    await prove(sim, url, token)
    app.webhook_url, app.verify_token = url, token
    sim.keep(app)
    return web.json_response({"success": True})


async def get_subscriptions(request: web.Request) -> web.Response:
    """GET /{APP}/subscriptions: the callback of the app, asked with its own token."""
    sim = of(request)
    app = app_of_token(sim, token_of(request))
    if app.id != request.match_info["node"]:
        raise no_such_object(request.match_info["node"])
    url = app.webhook_url or sim.settings.webhook_url
    entry: dict[str, Any] = {
        "object": "whatsapp_business_account",
        "callback_url": url,
        "active": True,
        "fields": [],
    }
    return web.json_response({"data": [entry] if url else []})


async def debug_token(request: web.Request) -> web.Response:
    """GET /debug_token: what a token opens, asked with the app's own token or one that the app issued."""
    sim = of(request)
    app = _asking(sim, token_of(request))
    asked = request.query.get("input_token", "")
    found = sim.world.wabas_by_token(asked)
    wabas = [waba for waba in found if waba.app_id == app.id]
    if found and not wabas:
        raise GraphError(100, message="(#100) The App_id in the input_token did not match the Viewing App")
    if not wabas:
        failure = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return web.json_response({"data": {"is_valid": False, "scopes": [], "error": failure}})
    return web.json_response({"data": _token_data(app, wabas)})


def _asking(sim: Simulation, token: str) -> App:
    live = [waba for waba in sim.world.wabas_by_token(token) if not waba.revoked]
    app = sim.world.apps.get(live[0].app_id) if live else app_of_token(sim, token)
    if app is None:
        raise bad_token()
    return app


def _token_data(app: App, wabas: list[Waba]) -> dict[str, Any]:
    live = [waba for waba in wabas if not waba.revoked]
    until = wabas[0].token_expires_at
    expired = 0 < until < now()
    scopes = list(dict.fromkeys(scope for waba in wabas for scope in waba.scopes))
    data: dict[str, Any] = {
        "app_id": app.id,
        "type": "SYSTEM_USER",
        "application": f"App {app.id}",
        "is_valid": bool(live) and not expired,
        "issued_at": int(now()) - 3600,
        "expires_at": int(until),
        "data_access_expires_at": 0,
        "scopes": scopes,
        "granular_scopes": [
            {"scope": scope, "target_ids": [waba.id for waba in live if scope in waba.scopes]} for scope in scopes
        ],
        "user_id": f"1{wabas[0].id}",
    }
    if not live:
        data["error"] = {"code": 190, "message": "The session has been invalidated.", "subcode": 460}
    elif expired:
        data["error"] = {"code": 190, "message": "Session has expired.", "subcode": 463}
    return data


async def access_token(request: web.Request) -> web.Response:
    """GET or POST /oauth/access_token: the app's own token, or a business token for a code."""
    sim = of(request)
    body = await json_body(request)
    app = sim.world.apps.get(str(body.get("client_id")))
    if app is None:
        raise GraphError(101, message="Error validating application. Cannot get application info.", http=400)
    if str(body.get("client_secret")) != app.secret:
        raise GraphError(1, message="Error validating client secret.", http=400)
    if body.get("grant_type") == "client_credentials":
        return web.json_response({"access_token": f"{app.id}|{app.secret}", "token_type": "bearer"})
    code = sim.codes.redeem(str(body.get("code", "")), app_id=app.id, at=now())
    return web.json_response({"access_token": grant(sim, app, code.waba_ids), "token_type": "bearer"})


def grant(sim: Simulation, app: App, waba_ids: list[str]) -> str:
    """A new token of this app that opens these accounts; an earlier one of theirs ends."""
    token = "EAA" + sim.ids.letters(60, "tokens")
    for waba_id in waba_ids:
        waba = sim.world.wabas[waba_id]
        waba.token, waba.app_id, waba.revoked = token, app.id, False
        sim.keep(waba)
    sim.world.reindex()
    return token


def routes() -> list[web.RouteDef]:
    """With and without a version in the path, as the platform allows for these."""
    return [
        web.get("/v{version}/debug_token", debug_token),
        web.get("/debug_token", debug_token),
        web.get("/v{version}/oauth/access_token", access_token),
        web.post("/v{version}/oauth/access_token", access_token),
        web.get("/oauth/access_token", access_token),
        web.post("/oauth/access_token", access_token),
        web.post("/v{version}/{node}/subscriptions", post_subscriptions),
        web.get("/v{version}/{node}/subscriptions", get_subscriptions),
    ]
