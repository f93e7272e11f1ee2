"""The Graph API's nodes: GET, POST and DELETE of an id, whatever it names."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from simulator import graph_flows, graph_groups, graph_media, graph_templates, graph_uploads
from simulator.access import number_in_path, waba_in
from simulator.errors import no_such_object
from simulator.graph_accounts import WABA_DEFAULT, post_waba, waba_fields
from simulator.graph_fields import select
from simulator.graph_numbers import NUMBER_DEFAULT, number_fields, post_number
from simulator.simulation import Simulation, of

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def _get_number(request: web.Request) -> web.Response:
    number = number_in_path(of(request), request)
    return web.json_response(select(number_fields(of(request), number), request.query.get("fields"), NUMBER_DEFAULT))


async def _get_waba(request: web.Request) -> web.Response:
    waba = waba_in(of(request), request, request.match_info["node"])
    return web.json_response(select(waba_fields(of(request), waba), request.query.get("fields"), WABA_DEFAULT))


_HANDLERS: dict[str, dict[str, Handler]] = {
    "number": {"GET": _get_number, "POST": post_number},
    "waba": {"GET": _get_waba, "POST": post_waba},
    "template": {"GET": graph_templates.get_template, "POST": graph_templates.edit_template},
    "group": {"GET": graph_groups.get_group, "POST": graph_groups.post_group, "DELETE": graph_groups.delete_group},
    "flow": {"GET": graph_flows.get_flow, "POST": graph_flows.post_flow, "DELETE": graph_flows.delete_flow},
    "upload": {"GET": graph_uploads.get_session, "POST": graph_uploads.post_session},
    "media": {"GET": graph_media.describe, "DELETE": graph_media.delete},
}


def _kind(sim: Simulation, node: str) -> str:
    world = sim.world
    shelves: dict[str, dict[str, Any]] = {
        "number": world.numbers,
        "waba": world.wabas,
        "template": world.templates,
        "group": world.groups,
        "flow": world.flows,
    }
    if node.startswith("upload:"):
        return "upload"
    return next((kind for kind, shelf in shelves.items() if node in shelf), "media")


async def handle_node(request: web.Request) -> web.StreamResponse:
    """What this id is decides. Raises GraphError for what an object of its kind does not do."""
    node = request.match_info["node"]
    handler = _HANDLERS[_kind(of(request), node)].get(request.method)
    if handler is None:
        raise no_such_object(node, method=request.method.lower())
    return await handler(request)


def routes() -> list[web.RouteDef]:
    """They come last: they match anything."""
    paths = ("/v{version}/{node}", "/v{version}/{node}/")
    return [web.route(method, path, handle_node) for method in ("GET", "POST", "DELETE") for path in paths]
