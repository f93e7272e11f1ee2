"""Resumable uploads: a session for a file of an app, and the handle that templates and profiles name it by."""

from aiohttp import web

from simulator.access import app_of_token, token_of, wabas_of_token
from simulator.errors import GraphError, no_such_object
from simulator.simulation import Simulation, of
from simulator.uploads import Session, owner_of

_TYPES = ("application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4")
_LARGEST = 100 * 1024 * 1024


def _app_ids(sim: Simulation, request: web.Request) -> set[str]:
    token = token_of(request)
    return {app_of_token(sim, token).id} if "|" in token else {w.app_id for w in wabas_of_token(sim, request)}


async def post_uploads(request: web.Request) -> web.Response:
    """POST /{APP}/uploads?file_name&file_length&file_type: a session."""
    sim, query = of(request), request.query
    app_id = request.match_info["node"]
    if app_id not in _app_ids(sim, request):
        raise no_such_object(app_id, method="post")
    length = query.get("file_length", "")
    if not length.isdigit() or not 0 < int(length) <= _LARGEST:
        raise GraphError(100, message="(#100) The parameter file_length is required.")
    if query.get("file_type") not in _TYPES:
        raise GraphError(100, message=f"(#100) Param file_type must be one of {{{', '.join(_TYPES)}}}.")
    id = "upload:" + sim.ids.letters(40, "uploads")
    sim.uploads[id] = Session(id, app_id, query.get("file_name", ""), int(length), query["file_type"])
    return web.json_response({"id": id})


def _session(sim: Simulation, request: web.Request) -> Session:
    session = sim.uploads.get(request.match_info["node"])
    if session is None or session.app_id not in _app_ids(sim, request):
        raise no_such_object(request.match_info["node"], method=request.method.lower())
    return session


async def get_session(request: web.Request) -> web.Response:
    """GET /{SESSION}: how much of the file has arrived."""
    session = _session(of(request), request)
    return web.json_response({"id": session.id, "file_offset": len(session.data)})


async def post_session(request: web.Request) -> web.Response:
    """POST /{SESSION} with bytes from `file_offset` on; the handle once all are there."""
    sim = of(request)
    session = _session(sim, request)
    offset = request.headers.get("file_offset", "0")
    if not offset.isdigit() or int(offset) != len(session.data):
        raise GraphError(100, message=f"(#100) file_offset must be {len(session.data)}.")
    session.data += await request.read()
    if len(session.data) > session.length:
        session.data = session.data[: int(offset)]
        raise GraphError(100, message="(#100) More bytes came than file_length promised.")
    if len(session.data) < session.length:
        return web.json_response({"id": session.id, "file_offset": len(session.data)})
    del sim.uploads[session.id]
    owner = owner_of(session.app_id)
    media = sim.media.add(session.data, owner=owner, mime_type=session.type, inbound=False, filename=session.name)
    return web.json_response({"h": f"4::{sim.ids.letters(24, 'handles')}:{media.id}"})


async def get_public(request: web.Request) -> web.Response:
    """The bytes of a profile picture or a template's sample: anybody may see those."""
    media = of(request).media.get(request.match_info["media"])
    if media is None or not media.owner.startswith("app:"):
        raise web.HTTPNotFound
    headers = {"Content-Type": media.mime_type, "X-Content-Type-Options": "nosniff"}
    headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return web.Response(body=of(request).media.read(media), headers=headers)


def routes() -> list[web.RouteDef]:
    """Sessions; their bytes come to the node itself (see graph)."""
    return [web.post("/v{version}/{node}/uploads", post_uploads), web.get("/pictures/{media}", get_public)]
