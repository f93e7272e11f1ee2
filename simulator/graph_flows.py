"""The Graph API's flows: forms that a business makes, publishes and sends."""

import json
import time
from typing import Any

from aiohttp import BodyPartReader, web

from simulator.access import base_url, json_body, waba_in, waba_in_path
from simulator.errors import GraphError, no_such_object
from simulator.graph_fields import page, select
from simulator.simulation import Simulation, now, of
from simulator.webhooks import Event
from simulator.world import Flow

_DEFAULT = ("name", "status", "categories", "validation_errors")
_CATEGORIES: tuple[str, ...] = (
    "SIGN_UP",
    "SIGN_IN",
    "APPOINTMENT_BOOKING",
    "LEAD_GENERATION",
    "CONTACT_US",
    "CUSTOMER_SUPPORT",
)
_CATEGORIES += ("SURVEY", "OTHER")


def flow_fields(sim: Simulation, flow: Flow, home: str) -> dict[str, Any]:
    """Every field of a flow that can be asked for."""
    document = _document(flow.json)
    preview = {"preview_url": f"{home}/flows/{flow.id}", "expires_at": "2099-01-01T00:00:00+0000"}
    waba = sim.world.wabas[flow.waba_id]
    return {
        "id": flow.id,
        "name": flow.name,
        "status": flow.status,
        "categories": flow.categories,
        "validation_errors": _problems(flow.json) if flow.json else [],
        "json_version": document.get("version"),
        "data_api_version": document.get("data_api_version"),
        "endpoint_uri": flow.endpoint_uri,
        "updated_at": time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(flow.changed_at)),
        "preview": preview,
        "whatsapp_business_account": {"id": waba.id, "name": waba.name, "currency": waba.currency, "timezone_id": "44"},
        "application": {"id": waba.app_id, "name": f"App {waba.app_id}", "link": home},
        "metric": {"id": flow.id, "name": "ENDPOINT_REQUEST_COUNT", "granularity": "DAY", "data_points": []},
        "health_status": {"can_send_message": "AVAILABLE" if flow.status == "PUBLISHED" else "LIMITED", "entities": []},
    }


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text or "{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _problems(text: str) -> list[dict[str, Any]]:
    screens = _document(text).get("screens")
    if (
        isinstance(screens, list)
        and screens
        and all(isinstance(screen, dict) and screen.get("id") for screen in screens)
    ):
        return []
    problem = {
        "error": "INVALID_PROPERTY",
        "error_type": "JSON_SCHEMA_ERROR",
        "message": "screens need ids.",
    }
    return [{**problem, "line_start": 1, "line_end": 1, "column_start": 1, "column_end": 1}]


def _flow(sim: Simulation, request: web.Request) -> Flow:
    flow = sim.world.flows.get(request.match_info["node"])
    if flow is None:
        raise no_such_object(request.match_info["node"], method=request.method.lower())
    waba_in(sim, request, flow.waba_id)
    return flow


async def post_flows(request: web.Request) -> web.Response:
    """POST /{WABA}/flows: made, perhaps as a copy, perhaps published at once."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    body = await json_body(request)
    name, categories = str(body.get("name") or "").strip(), _listed(body.get("categories"))
    if not name or not categories or set(categories) - set(_CATEGORIES):
        raise GraphError(100, message=f"(#100) A flow needs a name and categories among {{{', '.join(_CATEGORIES)}}}.")
    if any(flow.name == name for flow in sim.world.flows.values() if flow.waba_id == waba.id):
        raise GraphError(139001, "There is a flow of this name.")
    source = sim.world.flows.get(str(body.get("clone_flow_id")))
    text = str(body.get("flow_json") or (source.json if source else ""))
    problems = _problems(text) if text else []
    publish = str(body.get("publish", "")).lower() == "true" and text and not problems
    document = {"id": sim.ids.digits(16, "flows"), "waba_id": waba.id, "name": name, "categories": categories}
    status = "PUBLISHED" if publish else "DRAFT"
    endpoint = body.get("endpoint_uri")
    sim.take_in(
        {"flows": [{**document, "json": text, "status": status, "endpoint_uri": endpoint, "changed_at": now()}]}
    )
    return web.json_response({"id": document["id"], "success": True, "validation_errors": problems})


def _listed(value: object) -> list[str]:
    if isinstance(value, str):
        value = json.loads(value) if value.startswith("[") else [value]
    return [str(part) for part in value] if isinstance(value, list) else []


async def get_flows(request: web.Request) -> web.Response:
    """GET /{WABA}/flows."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    rows = [flow for flow in sim.world.flows.values() if flow.waba_id == waba.id]
    wanted, home = request.query.get("fields"), base_url(request)
    return page(request, rows, lambda flow: select(flow_fields(sim, flow, home), wanted, _DEFAULT))


async def get_flow(request: web.Request) -> web.StreamResponse:
    """GET /{FLOW}."""
    fields = flow_fields(of(request), _flow(of(request), request), base_url(request))
    return web.json_response(select(fields, request.query.get("fields"), _DEFAULT))


async def post_flow(request: web.Request) -> web.StreamResponse:
    """POST /{FLOW}: name, categories or endpoint."""
    sim = of(request)
    flow = _flow(sim, request)
    body = await json_body(request)
    flow.name = str(body.get("name") or flow.name)
    flow.categories = _listed(body.get("categories")) or flow.categories
    flow.endpoint_uri = body.get("endpoint_uri") or flow.endpoint_uri
    flow.changed_at = now()
    sim.keep(flow)
    return web.json_response({"success": True})


async def delete_flow(request: web.Request) -> web.StreamResponse:
    """DELETE /{FLOW}: drafts only."""
    sim = of(request)
    flow = _flow(sim, request)
    if flow.status != "DRAFT":
        raise GraphError(139004, "Only a draft can be deleted; deprecate a published flow.")
    sim.world.flows.pop(flow.id)
    sim.store.drop("flows", flow.id)
    return web.json_response({"success": True})


async def post_assets(request: web.Request) -> web.Response:
    """POST /{FLOW}/assets: the document of the form."""
    sim = of(request)
    flow = _flow(sim, request)
    if flow.status != "DRAFT":
        raise GraphError(139002, "A published flow can no longer be changed.")
    text = ""
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "file":
            text = bytes(await part.read(decode=False)).decode("utf-8", "replace")
    flow.json, flow.changed_at = text, now()
    sim.keep(flow)
    return web.json_response({"success": True, "validation_errors": _problems(text)})


async def get_assets(request: web.Request) -> web.Response:
    """GET /{FLOW}/assets."""
    flow = _flow(of(request), request)
    row = {"name": "flow.json", "asset_type": "FLOW_JSON", "download_url": f"{base_url(request)}/flows/{flow.id}"}
    return page(request, [row] if flow.json else [], lambda asset: asset)


async def get_document(request: web.Request) -> web.Response:
    """The document of a flow, where its assets say."""
    flow = of(request).world.flows.get(request.match_info["flow"])
    if flow is None:
        raise web.HTTPNotFound
    return web.Response(text=flow.json or "{}", content_type="application/json")


async def change_status(request: web.Request) -> web.Response:
    """POST /{FLOW}/publish and /deprecate."""
    sim = of(request)
    flow = _flow(sim, request)
    publishing = request.match_info["verb"] == "publish"
    if publishing and (flow.status != "DRAFT" or not flow.json or _problems(flow.json)):
        raise GraphError(139002, "Only a draft without errors can be published.")
    if not publishing and flow.status != "PUBLISHED":
        raise GraphError(139003, "Only a published flow can be deprecated.")
    set_status(sim, flow, "PUBLISHED" if publishing else "DEPRECATED")
    return web.json_response({"success": True})


def set_status(sim: Simulation, flow: Flow, status: str) -> None:
    """A flow is published, deprecated, throttled or blocked; the app hears it."""
    old, flow.status = flow.status, status
    sim.keep(flow)
    value = {"event": "FLOW_STATUS_CHANGE", "flow_id": flow.id, "old_status": old, "new_status": status}
    value["message"] = f"Flow {flow.name} changed from {old} to {status}."
    change = {"field": "flows", "value": value}
    sim.webhooks.emit(Event(waba=sim.world.wabas[flow.waba_id], change=change, entry_time=int(now())))


async def migrate(request: web.Request) -> web.Response:
    """POST /{WABA}/migrate_flows: copies by name from another account of the token."""
    sim, query = of(request), request.query
    target = waba_in_path(sim, request)
    source = waba_in(sim, request, query.get("source_waba_id", ""))
    names = [name for name in query.get("source_flow_names", "").strip("[]").replace('"', "").split(",") if name]
    moved, failed = [], []
    for flow in [flow for flow in sim.world.flows.values() if flow.waba_id == source.id]:
        if names and flow.name not in names:
            continue
        if any(each.name == flow.name for each in sim.world.flows.values() if each.waba_id == target.id):
            text = "Flows Migration Error: Flow with the same name exists in destination WABA."
            failed.append({"source_name": flow.name, "error_code": "4233041", "error_message": text})
            continue
        copy = {"id": sim.ids.digits(16, "flows"), "waba_id": target.id, "name": flow.name, "status": flow.status}
        sim.take_in({"flows": [{**copy, "categories": flow.categories, "json": flow.json}]})
        moved.append({"source_name": flow.name, "source_id": flow.id, "migrated_id": copy["id"]})
    return web.json_response({"migrated_flows": moved, "failed_flows": failed})


def routes() -> list[web.RouteDef]:
    """Flows; reading, changing and deleting one goes to the node itself (see graph)."""
    at = "/v{version}/{node}"
    return [
        web.post(f"{at}/flows", post_flows),
        web.get(f"{at}/flows", get_flows),
        web.post(f"{at}/migrate_flows", migrate),
        web.post(f"{at}/assets", post_assets),
        web.get(f"{at}/assets", get_assets),
        web.post(f"{at}/{{verb:publish|deprecate}}", change_status),
        web.get("/flows/{flow}", get_document),
    ]
