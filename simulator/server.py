"""The HTTP application: every route, and errors in the shape of whoever asked."""

import logging
import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from simulator import (
    control,
    control_people,
    control_platform,
    control_scenes,
    graph,
    graph_accounts,
    graph_apps,
    graph_calls,
    graph_coexistence,
    graph_flows,
    graph_groups,
    graph_links,
    graph_media,
    graph_numbers,
    graph_people,
    graph_profile,
    graph_registration,
    graph_settings,
    graph_signups,
    graph_template_actions,
    graph_templates,
    graph_uploads,
    pages,
    pages_business,
    pages_scenes,
    pages_signup,
    sends,
    statuses,
    template_life,
    usage,
)
from simulator.errors import GraphError, no_such_object
from simulator.settings import Settings
from simulator.simulation import SIMULATION, Simulation, of

log = logging.getLogger("simulator")
_MAX_BODY = 128 * 1024 * 1024
_VERSION = re.compile(r"^/v(2[1-9]|30)\.0/")
_GRAPH = (
    graph_apps,
    graph_accounts,
    graph_numbers,
    graph_registration,
    graph_profile,
    graph_links,
    graph_settings,
    graph_people,
    graph_signups,
    graph_coexistence,
    graph_calls,
    graph_groups,
    graph_flows,
    graph_uploads,
    graph_media,
    graph_templates,
    graph_template_actions,
    graph,
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(settings: Settings) -> web.Application:
    """The application around one simulation."""
    app = web.Application(middlewares=[errors], client_max_size=_MAX_BODY)
    sim = Simulation(settings)
    app[SIMULATION] = sim
    app.add_routes(sends.routes())
    app.add_routes([*control.routes(), *control_people.routes(), *control_platform.routes()])
    app.add_routes([*control_scenes.routes(), *pages_scenes.routes(), *pages_signup.routes(), *pages_business.routes()])
    for part in _GRAPH:
        app.add_routes(part.routes())
    app.add_routes(pages.routes())
    app.add_routes([web.get("/healthz", healthz)])
    app.on_startup.append(_start)
    app.on_shutdown.append(_stop)
    return app


async def healthz(request: web.Request) -> web.Response:
    """Alive."""
    return web.json_response({"status": "ok"})


async def _start(app: web.Application) -> None:
    await app[SIMULATION].start()
    statuses.resume(app[SIMULATION])
    template_life.resume(app[SIMULATION])


async def _stop(app: web.Application) -> None:
    await app[SIMULATION].stop()


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Graph errors for the Graph API, plain JSON for the control API."""
    try:
        if request.path.startswith("/v") and not _VERSION.match(request.path):
            raise GraphError(2500, message="Unknown path components: the version must lie between v21.0 and v30.0")
        if request.path.startswith("/v"):
            usage.count(request)
        return usage.add_headers(request, await handler(request))
    except GraphError as error:
        log.info("refused path=%s code=%d", request.path, error.code)
        refusal = web.json_response(error.body(of(request).ids.trace()), status=error.http)
        return usage.add_headers(request, refusal)
    except control.REFUSALS as error:
        return web.json_response({"error": str(error)}, status=400)
    except web.HTTPNotFound:
        if request.path.startswith("/v"):
            missing = no_such_object(request.path.rsplit("/", 1)[-1], method=request.method.lower())
            return web.json_response(missing.body(of(request).ids.trace()), status=missing.http)
        raise
    except ValueError as error:
        if not request.path.startswith("/_sim/"):
            raise
        return web.json_response({"error": str(error)}, status=400)
