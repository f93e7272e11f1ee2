"""POST /{PHONE}/smb_app_data: the address book and the history of a number on the phone app."""

from aiohttp import web

from simulator import coexistence
from simulator.access import number_in_path, whatsapp_body
from simulator.simulation import of


async def post_app_data(request: web.Request) -> web.Response:
    """Ask for one of the two syncs; what it brings comes by webhook."""
    sim = of(request)
    number = number_in_path(sim, request)
    body = await whatsapp_body(request)
    request_id = coexistence.begin_sync(sim, number, str(body.get("sync_type")))
    return web.json_response({"messaging_product": "whatsapp", "request_id": request_id})


def routes() -> list[web.RouteDef]:
    """Coexistence."""
    return [web.post("/v{version}/{node}/smb_app_data", post_app_data)]
