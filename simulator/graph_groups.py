"""The Graph API's groups: made, described, changed, joined and left."""

from typing import Any

from aiohttp import web

from simulator import groups
from simulator.access import MESSAGING, json_body, number_in, whatsapp_body
from simulator.errors import GraphError, no_such_object
from simulator.graph_fields import page, select
from simulator.simulation import Simulation, of
from simulator.world import Group, Number

_DEFAULT = (
    "subject",
    "description",
    "creation_timestamp",
    "suspended",
    "total_participant_count",
    "participants",
    "join_approval_mode",
)


def _number(sim: Simulation, request: web.Request) -> Number:
    return number_in(sim, request, request.match_info["node"], scope=MESSAGING)


def group_in_path(sim: Simulation, request: web.Request) -> Group:
    """The group in the path, if the token opens its number. Raises GraphError."""
    node = request.match_info["node"]
    group = sim.world.groups.get(node)
    if group is None:
        raise no_such_object(node, method=request.method.lower())
    number_in(sim, request, group.number_id, scope=MESSAGING)
    return group


def _text(body: dict[str, Any], name: str, longest: int) -> str:
    value = str(body.get(name) or "").strip()
    if len(value) > longest:
        raise GraphError(100, message=f"(#100) Param {name} may have at most {longest} characters.")
    return value


def _accepted(request_id: str) -> web.Response:
    return web.json_response({"messaging_product": "whatsapp", "request_id": request_id})


async def post_groups(request: web.Request) -> web.Response:
    """POST /{PHONE}/groups {subject, description, join_approval_mode}."""
    sim = of(request)
    number = _number(sim, request)
    body = await whatsapp_body(request)
    subject = _text(body, "subject", groups.SUBJECT_CHARS)
    mode = str(body.get("join_approval_mode") or groups.MODES[0])
    if not subject or mode not in groups.MODES:
        raise GraphError(
            100, message="(#100) A group needs a subject; join_approval_mode is auto_approve or approval_required."
        )
    if number.on_phone_app:
        raise GraphError(131215, "Groups are not available to numbers on the WhatsApp Business app.")
    description = _text(body, "description", groups.DESCRIPTION_CHARS)
    return _accepted(groups.make(sim, number, subject=subject, description=description, mode=mode))


async def get_groups(request: web.Request) -> web.Response:
    """GET /{PHONE}/groups: those that are active."""
    sim = of(request)
    number = _number(sim, request)
    rows = [group for group in sim.world.groups.values() if group.number_id == number.id]
    wanted = request.query.get("fields")
    return page(request, rows, lambda group: select(groups.describe(sim, group), wanted, _DEFAULT))


async def get_group(request: web.Request) -> web.StreamResponse:
    """GET /{GROUP}."""
    sim = of(request)
    group = group_in_path(sim, request)
    answer = select(groups.describe(sim, group), request.query.get("fields"), _DEFAULT)
    return web.json_response({"messaging_product": "whatsapp", **answer})


async def post_group(request: web.Request) -> web.StreamResponse:
    """POST /{GROUP}: another subject, description or picture."""
    sim = of(request)
    group = group_in_path(sim, request)
    body = await json_body(request)
    subject = _text(body, "subject", groups.SUBJECT_CHARS) or None
    description = _text(body, "description", groups.DESCRIPTION_CHARS) if "description" in body else None
    return _accepted(groups.change(sim, group, subject=subject, description=description))


async def delete_group(request: web.Request) -> web.StreamResponse:
    """DELETE /{GROUP}."""
    sim = of(request)
    return _accepted(groups.end(sim, group_in_path(sim, request)))


async def invite_link(request: web.Request) -> web.Response:
    """GET and POST /{GROUP}/invite_link: the link, or a new one."""
    sim = of(request)
    group = group_in_path(sim, request)
    if request.method == "POST" or not group.invite:
        group.invite = sim.ids.letters(22, "invites")
        sim.keep(group)
    return web.json_response({"messaging_product": "whatsapp", "invite_link": groups.link(group)})


async def delete_participants(request: web.Request) -> web.Response:
    """DELETE /{GROUP}/participants."""
    sim = of(request)
    group = group_in_path(sim, request)
    rows = (await whatsapp_body(request)).get("participants")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise GraphError(100, message="(#100) The parameter participants is required.")
    named = [str(row.get("user") or row.get("user_id")).lstrip("+") for row in rows]
    people = [person for person in map(sim.world.person_at, named) if person is not None]
    if len(people) < len(named):
        raise GraphError(131026, "There is no such participant.")
    return _accepted(groups.remove(sim, group, people, by_business=True))


async def join_requests(request: web.Request) -> web.Response:
    """GET lists who asked, POST lets them in, DELETE does not."""
    sim = of(request)
    group = group_in_path(sim, request)
    if request.method == "GET":
        number, made = sim.world.numbers[group.number_id], int(group.made_at)
        rows = list(group.waiting.items())

        def draw(row: tuple[str, str]) -> dict[str, Any]:
            who = groups.participant(sim, number, row[1])
            return {"join_request_id": row[0], "creation_timestamp": made, **who}

        return page(request, rows, draw)
    asked = (await whatsapp_body(request)).get("join_requests")
    if not isinstance(asked, list) or not asked:
        raise GraphError(100, message="(#100) The parameter join_requests is required.")
    approve = request.method == "POST"
    return _accepted(groups.answer_requests(sim, group, [str(each) for each in asked], approve=approve))


def routes() -> list[web.RouteDef]:
    """Groups; reading, changing and ending one goes to the node itself (see graph)."""
    at = "/v{version}/{node}"
    return [
        web.post(f"{at}/groups", post_groups),
        web.get(f"{at}/groups", get_groups),
        web.get(f"{at}/invite_link", invite_link),
        web.post(f"{at}/invite_link", invite_link),
        web.delete(f"{at}/participants", delete_participants),
        *[web.route(method, f"{at}/join_requests", join_requests) for method in ("GET", "POST", "DELETE")],
    ]
