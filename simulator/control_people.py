"""The part of the control API in which people act: be made, write, read, play, change, stop."""

import asyncio
from typing import Any

from aiohttp import web

from simulator import people, statuses
from simulator.control import bad, number_named, read_json
from simulator.deliveries import Answer
from simulator.simulation import Simulation, now, of
from simulator.world import Person, as_dict

_WAIT_SECONDS = 10.0
_MOST_AT_ONCE = 100_000


def person_named(sim: Simulation, key: str) -> Person:
    """A person by key, phone number or id. Raises HTTPNotFound."""
    person = sim.world.people.get(key) or sim.world.person_at(key.lstrip("+"))
    if person is None:
        raise bad(f"there is nobody called {key}", web.HTTPNotFound)
    return person


async def get_people(request: web.Request) -> web.Response:
    """Everybody."""
    return web.json_response({"items": [as_dict(person) for person in of(request).world.people.values()]})


async def post_people(request: web.Request) -> web.Response:
    """Make or change one person, or many: {"people": [...]}, or {"count": 6000} for people with invented numbers."""
    sim, body = of(request), await read_json(request)
    if "count" in body:
        given = _invented(int(body["count"]), prefix=str(body.get("prefix", "3197")))
    else:
        given = body.get("people") or [body]
    made = [sim.world.add_person(item) for item in given]
    for person in made:
        sim.keep(person)
    if "people" in body or "count" in body:
        return web.json_response({"items": [as_dict(person) for person in made]})
    return web.json_response(as_dict(made[0]))


def _invented(count: int, *, prefix: str) -> list[dict[str, Any]]:
    if not 0 < count <= _MOST_AT_ONCE:
        raise bad(f"count must lie between 1 and {_MOST_AT_ONCE}")
    phones = [f"{prefix}{n:07d}" for n in range(1, count + 1)]
    return [{"key": f"p{phone}", "name": f"Person {n}", "phone": phone} for n, phone in enumerate(phones, 1)]


async def post_person(request: web.Request) -> web.Response:
    """Change somebody's settings: name, username, online, read_receipts, shares_phone."""
    sim, body = of(request), await read_json(request)
    person = person_named(sim, request.match_info["key"])
    body.pop("number", None)
    person = sim.world.add_person({**body, "key": person.key})
    sim.world.reindex()
    sim.keep(person)
    if person.online:
        statuses.deliver_waiting(sim, person.key)
    return web.json_response(as_dict(person))


async def post_send(request: web.Request) -> web.Response:
    """Somebody writes to a number; {"wait": true} answers only once the app acknowledged the webhook."""
    sim, body = of(request), await read_json(request)
    person = person_named(sim, request.match_info["key"])
    answer: Answer = asyncio.get_running_loop().create_future()
    message = people.write(sim, person, number=number_named(sim, body.get("number")), given=body, answer=answer)
    reply: dict[str, Any] = {"wamid": message.wamid, "seq": message.seq}
    if body.get("wait"):
        try:
            reply["acknowledged"] = await asyncio.wait_for(asyncio.shield(answer), _WAIT_SECONDS) == 200
        except TimeoutError:
            reply["acknowledged"] = False
    return web.json_response(reply)


async def post_open_windows(request: web.Request) -> web.Response:
    """Open the service window of everybody with a number without sending webhooks, for load tests."""
    sim, body = of(request), await read_json(request)
    number = number_named(sim, body.get("number"))
    for key in body.get("people") or list(sim.world.people):
        sim.chats.chat(number.id, key).last_inbound_at = now()
    return web.json_response({"number": number.id})


async def post_read(request: web.Request) -> web.Response:
    """Somebody reads a chat, up to {"wamid"} if given."""
    sim, body = of(request), await read_json(request)
    person = person_named(sim, request.match_info["key"])
    chat = sim.chats.chat(number_named(sim, body.get("number")).id, person.key)
    return web.json_response({"read": statuses.read_up_to(sim, chat, wamid=body.get("wamid"))})


async def post_played(request: web.Request) -> web.Response:
    """Somebody plays a voice note."""
    sim, body = of(request), await read_json(request)
    person = person_named(sim, request.match_info["key"])
    message = sim.chats.by_wamid.get(str(body.get("wamid")))
    if message is None or message.inbound or message.person != person.key:
        raise bad("there is no such message for this person", web.HTTPNotFound)
    statuses.played(sim, message)
    return web.json_response({"status": message.status})


async def post_change(request: web.Request) -> web.Response:
    """Somebody changes phone number ({"phone"}) or only id ({"bsuid"} or nothing)."""
    sim, body = of(request), await read_json(request)
    person = person_named(sim, request.match_info["key"])
    wamids = people.change_identity(sim, person, phone=body.get("phone"), bsuid=body.get("bsuid"))
    return web.json_response({"person": as_dict(person), "wamids": wamids})


async def post_preference(request: web.Request) -> web.Response:
    """Somebody stops or resumes marketing messages: {"number", "value": "stop" or "resume"}."""
    sim, body = of(request), await read_json(request)
    person = person_named(sim, request.match_info["key"])
    people.prefer(sim, person, number=number_named(sim, body.get("number")), value=str(body.get("value", "stop")))
    return web.json_response(as_dict(person))


def routes() -> list[web.RouteDef]:
    """People's part of the control API."""
    return [
        web.get("/_sim/people", get_people),
        web.post("/_sim/people", post_people),
        web.post("/_sim/windows", post_open_windows),
        web.post("/_sim/people/{key}", post_person),
        web.post("/_sim/people/{key}/send", post_send),
        web.post("/_sim/people/{key}/read", post_read),
        web.post("/_sim/people/{key}/played", post_played),
        web.post("/_sim/people/{key}/change", post_change),
        web.post("/_sim/people/{key}/preferences", post_preference),
    ]
