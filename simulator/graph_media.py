"""The Graph API's media: upload, describe, fetch, delete."""

import asyncio

from aiohttp import BodyPartReader, web

from simulator.access import base_url, number_of, wabas_of_token
from simulator.errors import GraphError, no_such_object
from simulator.faults import delay_of, drops, refuse_before_accepting
from simulator.media import Media, check_upload
from simulator.simulation import Simulation, of


async def upload(request: web.Request) -> web.Response:
    """POST /{PHONE}/media, multipart with messaging_product, type and file."""
    sim = of(request)
    number = number_of(sim, request)
    struck = sim.faults.strike("media", number=number.id)
    refuse_before_accepting(struck)
    fields, data, filename, sent_type = await _parts(request)
    if fields.get("messaging_product") != "whatsapp":
        raise GraphError(100, message="(#100) The parameter messaging_product is required.")
    if data is None:
        raise GraphError(100, message="(#100) The parameter file is required.")
    mime_type = (fields.get("type") or sent_type).strip()
    if "/" not in mime_type:
        mime_type = sent_type
    check_upload(mime_type, len(data))
    media = sim.media.add(data, owner=number.id, mime_type=mime_type, inbound=False, filename=filename)
    await asyncio.sleep(delay_of(struck))
    if drops(struck) and request.transport is not None:
        request.transport.close()
    return web.json_response({"id": media.id})


async def _parts(request: web.Request) -> tuple[dict[str, str], bytes | None, str, str]:
    if not request.content_type.startswith("multipart/"):
        raise GraphError(100, message="(#100) Media is uploaded as multipart/form-data.")
    fields: dict[str, str] = {}
    data, filename, sent_type = None, "", ""
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "file":
            data = bytes(await part.read(decode=False))
            filename = part.filename or ""
            sent_type = part.headers.get("Content-Type", "application/octet-stream")
        elif part.name:
            fields[part.name] = await part.text()
    return fields, data, filename, sent_type


def _numbers(sim: Simulation, request: web.Request) -> set[str]:
    return {number.id for waba in wabas_of_token(sim, request) for number in sim.world.numbers_of(waba.id)}


def _own_media(sim: Simulation, request: web.Request, media_id: str) -> Media:
    """The file with this id, if the token and the number named open it. Raises GraphError."""
    media = sim.media.get(media_id)
    if media is None or media.owner not in _numbers(sim, request):
        raise no_such_object(media_id, method=request.method.lower())
    if request.query.get("phone_number_id", media.owner) != media.owner:
        raise no_such_object(media_id, method=request.method.lower())
    return media


async def delete(request: web.Request) -> web.StreamResponse:
    """DELETE /{MEDIA}."""
    sim = of(request)
    sim.media.remove(_own_media(sim, request, request.match_info["node"]))
    return web.json_response({"success": True})


async def describe(request: web.Request) -> web.StreamResponse:
    """GET /{MEDIA}: what the file is, and a link to it."""
    sim = of(request)
    media = _own_media(sim, request, request.match_info["node"])
    struck = sim.faults.strike("media", number=media.owner)
    refuse_before_accepting(struck)
    await asyncio.sleep(delay_of(struck))
    return web.json_response(
        {
            "messaging_product": "whatsapp",
            "url": sim.media.link(media, base_url=base_url(request)),
            "mime_type": media.mime_type,
            "sha256": media.sha256,
            "file_size": media.size,
            "id": media.id,
        }
    )


async def download(request: web.Request) -> web.Response:
    """The bytes behind a link: needs the token of the account, within five minutes."""
    sim = of(request)
    numbers = _numbers(sim, request)
    media = sim.media.at_link(request.query)
    if media is None or media.owner not in numbers:
        return web.Response(status=404, text="Not found")
    struck = sim.faults.strike("media", number=media.owner)
    refuse_before_accepting(struck)
    await asyncio.sleep(delay_of(struck))
    if drops(struck) and request.transport is not None:
        request.transport.close()
    return web.Response(body=sim.media.read(media), headers={"Content-Type": media.mime_type})


def routes() -> list[web.RouteDef]:
    """Upload and download; describing and deleting share their path with the other nodes (see graph)."""
    return [
        web.post("/v{version}/{node}/media", upload),
        web.get("/whatsapp_business/attachments/", download),
    ]
