"""The control API under /_sim/: what tests and integrators order from the simulator."""

import asyncio
import json
from bisect import bisect_right
from typing import Any

from aiohttp import web

from simulator import template_life
from simulator.deliveries import Answer
from simulator.faults import FaultError
from simulator.options import OptionError
from simulator.people import ActionError
from simulator.scenes import SceneError
from simulator.simulation import Simulation, of
from simulator.webhooks import Event
from simulator.world import Number, WorldError, as_dict

_PAGE = 10_000
REFUSALS = (FaultError, OptionError, ActionError, WorldError, SceneError)


async def read_json(request: web.Request) -> dict[str, Any]:
    """The JSON object of a control request. Raises HTTPBadRequest."""
    try:
        body = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError):
        raise bad("the body must be JSON") from None
    if not isinstance(body, dict):
        raise bad("the body must be a JSON object")
    return body


def bad(text: str, status: type[web.HTTPError] = web.HTTPBadRequest) -> web.HTTPError:
    """A refusal of the control API."""
    return status(text=json.dumps({"error": text}), content_type="application/json")


def number_named(sim: Simulation, number_id: object) -> Number:
    """A number by its id; the only one when none is named. Raises HTTPNotFound."""
    if number_id in (None, "") and len(sim.world.numbers) == 1:
        return next(iter(sim.world.numbers.values()))
    number = sim.world.numbers.get(str(number_id))
    if number is None:
        raise bad(f"there is no number {number_id}", web.HTTPNotFound)
    return number


async def post_world(request: web.Request) -> web.Response:
    """Merge a world document."""
    things = of(request).take_in(await read_json(request))
    return web.json_response({"changed": len(things)})


async def get_world(request: web.Request) -> web.Response:
    """Everybody and everything."""
    return web.json_response(of(request).world.document())


async def get_received(request: web.Request) -> web.Response:
    """What businesses sent and the platform accepted, in order."""
    sim, query = of(request), request.query
    after, limit = int(query.get("after", 0)), min(int(query.get("limit", _PAGE)), _PAGE)
    later = sim.chats.outbound[bisect_right(sim.chats.outbound, after, key=lambda message: message.seq) :]
    wanted = [
        message
        for message in later
        if query.get("number", message.number_id) == message.number_id
        and query.get("person", message.person) == message.person
    ]
    items = [
        {
            "seq": message.seq,
            "wamid": message.wamid,
            "number": message.number_id,
            "person": message.person,
            "to": message.to,
            "type": message.type,
            "biz_opaque_callback_data": message.callback_data,
            "payload": message.payload,
            "content": message.content,
            "at": message.at,
            "answered": message.answered,
            "status": message.status,
            "times": message.times,
            "errors": message.errors,
            "pricing": message.pricing,
            "delivered": message.reached,
        }
        for message in wanted[:limit]
    ]
    last = items[-1]["seq"] if items else after
    return web.json_response({"items": items, "next": last, "more": len(wanted) > limit, "total": len(wanted)})


async def get_receipts(request: web.Request) -> web.Response:
    """Read receipts and typing indicators from businesses, in order."""
    number, after = request.query.get("number"), int(request.query.get("after", 0))
    rows = [row for row in of(request).chats.receipts if row["seq"] > after and number in (None, row["number"])]
    return web.json_response({"items": rows})


async def get_webhooks(request: web.Request) -> web.Response:
    """What was posted to apps, with the answers; `pending` counts what is still under way."""
    hooks, after = of(request).webhooks, int(request.query.get("after", 0))
    return web.json_response({"items": [row for row in hooks.log if row["seq"] > after], "pending": hooks.pending()})


async def post_webhook(request: web.Request) -> web.Response:
    """Send any change as a signed webhook and wait for the answer.

    The body names a number or a waba, and either "change" or "field" and "value".
    """
    sim, body = of(request), await read_json(request)
    number = number_named(sim, body["number"]) if body.get("number") else None
    waba = sim.waba_of(number) if number else sim.world.wabas.get(str(body.get("waba")))
    if waba is None:
        raise bad("name a number or a waba that exists")
    change = body.get("change") or {"field": body.get("field"), "value": body.get("value")}
    answer: Answer = asyncio.get_running_loop().create_future()
    event = Event(waba=waba, change=change, number=number, entry_time=body.get("time"), answer=answer)
    emitted = sim.webhooks.emit(event)
    return web.json_response({"sent": emitted, "status": await _within(answer, body) if emitted else None})


async def _within(answer: Answer, body: dict[str, Any]) -> int | None:
    if body.get("wait") is False:
        return None
    try:
        return await asyncio.wait_for(asyncio.shield(answer), float(body.get("timeout", 10)))
    except TimeoutError:
        return None


async def post_handshake(request: web.Request) -> web.Response:
    """Let an app's callback prove itself, as the platform does when it is set up."""
    sim, body = of(request), await read_json(request)
    app = sim.world.apps.get(str(body.get("app")))
    url = body.get("url") or (app and (app.webhook_url or sim.settings.webhook_url))
    if app is None or not url:
        raise bad("name an app that exists and has a callback")
    token = str(body.get("verify_token", app.verify_token))
    return web.json_response({"verified": await sim.webhooks.handshake(str(url), verify_token=token)})


async def post_faults(request: web.Request) -> web.Response:
    """Order a trouble."""
    return web.json_response(of(request).faults.add(await read_json(request)).as_dict())


async def get_faults(request: web.Request) -> web.Response:
    """Troubles in force."""
    return web.json_response({"items": [fault.as_dict() for fault in of(request).faults.all()]})


async def delete_faults(request: web.Request) -> web.Response:
    """Lift one trouble, or all."""
    of(request).faults.clear(request.match_info.get("fault"))
    return web.json_response({"items": [fault.as_dict() for fault in of(request).faults.all()]})


async def get_options(request: web.Request) -> web.Response:
    """All options."""
    return web.json_response(of(request).options.as_dict())


async def post_options(request: web.Request) -> web.Response:
    """Set some options."""
    sim = of(request)
    sim.options.update(await read_json(request))
    sim.store.put("options", "options", sim.options.as_dict)
    return web.json_response(sim.options.as_dict())


async def post_token(request: web.Request) -> web.Response:
    """Revoke or restore the token of an account."""
    sim = of(request)
    waba = sim.world.wabas.get(request.match_info["waba"])
    if waba is None:
        raise bad("there is no such account", web.HTTPNotFound)
    body = await read_json(request)
    waba.revoked = request.match_info["verb"] == "revoke"
    if body.get("token"):
        waba.token = str(body["token"])
        sim.world.reindex()
    sim.keep(waba)
    return web.json_response({"waba": waba.id, "revoked": waba.revoked})


async def post_reset(request: web.Request) -> web.Response:
    """Forget chats, webhooks, faults and options; {"world": true} everybody too, {"seed": 7} begins ids again."""
    body = await read_json(request)
    of(request).reset(world=bool(body.get("world")), seed=body.get("seed"))
    return web.json_response({"reset": True})


async def post_review(request: web.Request) -> web.Response:
    """Reviews, rates, pauses or moves a template, or plays a change of it; the app hears it by webhook.

    {"status", "reason"}, {"quality"}, {"pause": true}, {"pace": true}, {"unpause": true}, {"category"} (announced with
    "early": true) or {"components": [...]}
    """
    sim, body = of(request), await read_json(request)
    template = sim.world.templates.get(request.match_info["template"])
    if template is None:
        raise bad("there is no such template", web.HTTPNotFound)
    if body.get("quality"):
        template_life.rate(sim, template, str(body["quality"]))
    elif body.get("category"):
        change = template_life.announce_category if body.get("early") else template_life.change_category
        change(sim, template, str(body["category"]))
    elif body.get("components"):
        template.components = body["components"]
        sim.keep(template)
        template_life.tell_components(sim, template)
    elif act := next((act for name, act in _ACTS.items() if body.get(name)), None):
        act(sim, template)
    else:
        reason = str(body.get("reason") or "NONE").upper()
        template_life.review(sim, template, str(body.get("status", "APPROVED")).upper(), reason=reason)
    return web.json_response(as_dict(template))


_ACTS = {"pause": template_life.pause, "pace": template_life.pace, "unpause": template_life.unpause}


def routes() -> list[web.RouteDef]:
    """The control API beside what people do (see control_people)."""
    return [
        web.get("/_sim/world", get_world),
        web.post("/_sim/world", post_world),
        web.get("/_sim/received", get_received),
        web.get("/_sim/receipts", get_receipts),
        web.get("/_sim/webhooks", get_webhooks),
        web.post("/_sim/webhook", post_webhook),
        web.post("/_sim/handshake", post_handshake),
        web.get("/_sim/faults", get_faults),
        web.post("/_sim/faults", post_faults),
        web.delete("/_sim/faults", delete_faults),
        web.delete("/_sim/faults/{fault}", delete_faults),
        web.get("/_sim/options", get_options),
        web.post("/_sim/options", post_options),
        web.post("/_sim/tokens/{waba}/{verb:revoke|restore}", post_token),
        web.post("/_sim/templates/{template}", post_review),
        web.post("/_sim/reset", post_reset),
    ]
