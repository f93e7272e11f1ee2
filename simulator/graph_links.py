"""Short links and their QR codes: a person who opens one finds a text prepared."""

import io
import re
from typing import Any

import segno
from aiohttp import web

from simulator.access import base_url, json_body, number_in_path
from simulator.errors import GraphError, no_such_object
from simulator.graph_fields import page
from simulator.simulation import of
from simulator.world import Number

_PREFILLED_CHARS = 140
_LINK = "https://wa.me/message/"


def _codes(number: Number) -> dict[str, dict[str, Any]]:
    codes: dict[str, dict[str, Any]] = number.state.setdefault("qr_codes", {})
    return codes


async def post_qr(request: web.Request) -> web.Response:
    """POST /{PHONE}/message_qrdls: a new short link, or another text for one that exists."""
    sim = of(request)
    number = number_in_path(sim, request)
    body = await json_body(request)
    text, code = body.get("prefilled_message"), body.get("code")
    if not isinstance(text, str) or not 1 <= len(text) <= _PREFILLED_CHARS:
        raise GraphError(100, message=f"(#100) Param prefilled_message must have 1 to {_PREFILLED_CHARS} characters.")
    picture = body.get("generate_qr_image")
    if picture not in (None, "SVG", "PNG"):
        raise GraphError(100, message="(#100) Param generate_qr_image must be one of {SVG, PNG}.")
    if code is not None and code not in _codes(number):
        raise no_such_object(str(code)[:40], method="post")
    code = str(code or sim.ids.letters(14, "short links").upper())
    row = {"code": code, "prefilled_message": text, "deep_link_url": f"{_LINK}{code}"}
    _codes(number)[code] = row
    sim.keep(number)
    image = {"qr_image_url": f"{base_url(request)}/qr/{code}.{picture.lower()}"} if picture else {}
    return web.json_response({**row, **image})


async def get_qrs(request: web.Request) -> web.Response:
    """GET /{PHONE}/message_qrdls, perhaps with one code; `fields=qr_image_url.format(SVG)` adds pictures."""
    number = number_in_path(of(request), request)
    rows = list(_codes(number).values())
    if code := request.match_info.get("code") or request.query.get("code"):
        rows = [row for row in rows if row["code"] == code]
    return page(request, rows, lambda row: _drawn(request, row))


def _drawn(request: web.Request, row: dict[str, Any]) -> dict[str, Any]:
    kind = re.search(r"qr_image_url\.format\((\w+)\)", request.query.get("fields", ""))
    if not kind:
        return row
    return {**row, "qr_image_url": f"{base_url(request)}/qr/{row['code']}.{kind.group(1).lower()}"}


async def delete_qr(request: web.Request) -> web.Response:
    """DELETE /{PHONE}/message_qrdls/{CODE}."""
    sim = of(request)
    number = number_in_path(sim, request)
    if _codes(number).pop(request.match_info["code"], None) is None:
        raise no_such_object(request.match_info["code"], method="delete")
    sim.keep(number)
    return web.json_response({"success": True})


async def get_qr_image(request: web.Request) -> web.Response:
    """The picture of a short link."""
    kind = request.match_info["kind"]
    if not any(request.match_info["code"] in number.state.get("qr_codes", {}) for number in _numbers(request)):
        raise web.HTTPNotFound
    out = io.BytesIO()
    segno.make(_LINK + request.match_info["code"]).save(out, kind=kind, scale=8)
    return web.Response(body=out.getvalue(), content_type="image/svg+xml" if kind == "svg" else "image/png")


def _numbers(request: web.Request) -> list[Number]:
    return list(of(request).world.numbers.values())


def routes() -> list[web.RouteDef]:
    """Short links of a number, and their pictures."""
    at = "/v{version}/{node}"
    return [
        web.post(f"{at}/message_qrdls", post_qr),
        web.get(f"{at}/message_qrdls", get_qrs),
        web.get(f"{at}/message_qrdls/{{code}}", get_qrs),
        web.delete(f"{at}/message_qrdls/{{code}}", delete_qr),
        web.get("/qr/{code}.{kind:svg|png}", get_qr_image),
    ]
