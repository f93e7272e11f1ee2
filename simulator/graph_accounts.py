"""The Graph API's accounts: their fields, switches and subscriptions, and the accounts of a portfolio."""

from typing import Any

from aiohttp import web

from simulator import analytics
from simulator.access import MANAGEMENT, json_body, waba_in, waba_in_path, wabas_of_token
from simulator.errors import GraphError, no_such_object
from simulator.graph_fields import ABSENT, page, select
from simulator.graph_numbers import prove
from simulator.health import funded, waba_health
from simulator.simulation import Simulation, of
from simulator.world import Waba

WABA_DEFAULT = ("id", "name", "currency", "timezone_id", "message_template_namespace")


def waba_fields(sim: Simulation, waba: Waba) -> dict[str, Any]:
    """Every field of an account that can be asked for."""
    fields = {
        "id": waba.id,
        "name": waba.name,
        "currency": waba.currency,
        "timezone_id": "44",
        "country": "NL",
        "message_template_namespace": f"{int(waba.id) if waba.id.isdigit() else 0:032x}",
        "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "primary_funding_id": "1",
        "owner_business_info": {"id": waba.scope_id, "name": waba.name},
        "ownership_type": "CLIENT_OWNED",
        "status": "ACTIVE",
        "marketing_messages_lite_api_status": "INELIGIBLE",
        "marketing_messages_onboarding_status": "ELIGIBLE",
        "disable_marketing_messages_on_cloud_api": bool(waba.state.get("marketing_elsewhere")),
        "on_behalf_of_business_info": ABSENT,
        "is_enabled_for_insights": bool(waba.state.get("insights")),
        "health_status": lambda _: waba_health(sim, waba),
        "subscribed_apps": lambda _: {"data": _subscriptions(sim, waba)},
        "pricing_analytics": lambda asked: analytics.pricing(sim, waba, asked),
        "analytics": lambda asked: analytics.messages(sim, waba, asked),
        **waba.extra,
    }
    return fields if funded(waba) else {**fields, "primary_funding_id": ABSENT}


async def post_waba(request: web.Request) -> web.Response:
    """POST /{WABA}: its name, or insights about templates, which cannot be switched off again."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    body = await json_body(request)
    if body.get("name"):
        waba.name = str(body["name"])[:200]
    if str(body.get("is_enabled_for_insights", "")).lower() == "true":
        waba.state["insights"] = True
    if "disable_marketing_messages_on_cloud_api" in body:
        wish = body["disable_marketing_messages_on_cloud_api"]
        waba.state["marketing_elsewhere"] = str(wish).lower() == "true"
    sim.keep(waba)
    return web.json_response({"id": waba.id, "success": True})


def _subscriptions(sim: Simulation, waba: Waba) -> list[dict[str, Any]]:
    app: dict[str, Any] = {
        "id": waba.app_id,
        "name": f"App {waba.app_id}",
        "link": f"https://app.example/{waba.app_id}",
    }
    entry: dict[str, Any] = {"whatsapp_business_api_data": app}
    if waba.override_url:
        entry["override_callback_uri"] = waba.override_url
    return [entry] if waba.subscribed else []


async def subscribed_apps(request: web.Request) -> web.Response:
    """GET, POST and DELETE /{WABA}/subscribed_apps: whether, and where, this account's events go."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    if request.method == "GET":
        return web.json_response({"data": _subscriptions(sim, waba)})
    if request.method == "POST":
        body = await json_body(request)
        url = str(body.get("override_callback_uri") or "")
        if url:
            await prove(sim, url, str(body.get("verify_token", "")))
        waba.override_url = url or None
    waba.subscribed = request.method == "POST"
    sim.keep(waba)
    return web.json_response({"success": True})


async def get_portfolio_wabas(request: web.Request) -> web.Response:
    """GET /{BUSINESS}/client_ and owned_whatsapp_business_accounts: those of a portfolio that the token opens."""
    sim, portfolio = of(request), request.match_info["node"]
    wabas = [waba for waba in wabas_of_token(sim, request) if waba.scope_id == portfolio]
    if not wabas:
        raise no_such_object(portfolio)
    wanted = request.query.get("fields")
    return page(request, wabas, lambda waba: select(waba_fields(sim, waba), wanted, WABA_DEFAULT))


async def get_template_analytics(request: web.Request) -> web.Response:
    """GET /{WABA}/template_analytics. Raises GraphError 200005 before insights were switched on."""
    sim = of(request)
    waba = waba_in(sim, request, request.match_info["node"], scope=MANAGEMENT)
    if not waba.state.get("insights"):
        raise GraphError(200005, "Template insights are not enabled for this account.")
    return web.json_response(analytics.templates(sim, waba, request.query))


def routes() -> list[web.RouteDef]:
    """What belongs to an account."""
    return [
        web.get("/v{version}/{node}/subscribed_apps", subscribed_apps),
        web.post("/v{version}/{node}/subscribed_apps", subscribed_apps),
        web.delete("/v{version}/{node}/subscribed_apps", subscribed_apps),
        web.get("/v{version}/{node}/{kind:client|owned}_whatsapp_business_accounts", get_portfolio_wabas),
        web.get("/v{version}/{node}/template_analytics", get_template_analytics),
    ]
