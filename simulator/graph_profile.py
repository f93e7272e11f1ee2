"""What a number shows of its business: profile, ice breakers, commands and commerce switches."""

import json
import re
from typing import Any

from aiohttp import web

from simulator.access import base_url, json_body, number_in_path, whatsapp_body
from simulator.errors import GraphError
from simulator.graph_fields import ABSENT, select
from simulator.simulation import Simulation, of
from simulator.uploads import at_handle
from simulator.world import Number

_PROFILE = ("about", "address", "description", "email", "profile_picture_url", "websites", "vertical")
_LONGEST = {"about": 139, "address": 256, "description": 512, "email": 128}
_VERTICALS: tuple[str, ...] = (
    "UNDEFINED",
    "OTHER",
    "AUTO",
    "BEAUTY",
    "APPAREL",
    "EDU",
    "ENTERTAIN",
    "EVENT_PLAN",
    "FINANCE",
    "GROCERY",
)
_VERTICALS += ("GOVT", "HOTEL", "HEALTH", "NONPROFIT", "PROF_SERVICES", "RETAIL", "TRAVEL", "RESTAURANT", "NOT_A_BIZ")
_VERTICALS += ("ALCOHOL", "ONLINE_GAMBLING", "PHYSICAL_GAMBLING", "OTC_DRUGS")
_PROMPTS, _PROMPT_CHARS = 4, 80
_COMMANDS, _COMMAND_CHARS, _COMMAND_NOTE_CHARS = 30, 32, 256


async def get_profile(request: web.Request) -> web.Response:
    """GET /{PHONE}/whatsapp_business_profile."""
    sim = of(request)
    number = number_in_path(sim, request)
    profile = {"messaging_product": "whatsapp", **number.state.get("profile", {"vertical": "UNDEFINED"})}
    if media_id := profile.pop("picture", None):
        profile["profile_picture_url"] = f"{base_url(request)}/pictures/{media_id}"
    wished = [name.strip() for name in request.query.get("fields", ",".join(_PROFILE)).split(",") if name.strip()]
    for name in wished:
        if name not in (*_PROFILE, "messaging_product"):
            raise GraphError(100, message=f"(#100) Tried accessing nonexisting field ({name[:60]})")
    shown = {name: profile[name] for name in wished if name in profile}
    return web.json_response({"data": [{**shown, "messaging_product": "whatsapp"}]})


async def post_profile(request: web.Request) -> web.Response:
    """POST /{PHONE}/whatsapp_business_profile: only what is named changes."""
    sim = of(request)
    number = number_in_path(sim, request)
    body = await whatsapp_body(request)
    changed: dict[str, Any] = {name: _text(body[name], name) for name in _LONGEST if body.get(name) is not None}
    if not changed.get("about", "x"):
        raise GraphError(100, message="(#100) Param about must not be empty.")
    if changed.get("email") and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", changed["email"]):
        raise GraphError(100, message="(#100) Param email must be a valid email address.")
    if body.get("websites") is not None:
        changed["websites"] = _websites(body["websites"])
    if body.get("vertical") is not None:
        if body["vertical"] not in (*_VERTICALS, ""):
            raise GraphError(100, message=f"(#100) Param vertical must be one of {{{', '.join(_VERTICALS)}}}.")
        changed["vertical"] = body["vertical"] or "UNDEFINED"
    if body.get("profile_picture_handle") is not None:
        handle = body["profile_picture_handle"]
        changed["picture"] = _picture(sim, number, handle) if handle else None
    number.state["profile"] = {"vertical": "UNDEFINED", **number.state.get("profile", {}), **changed}
    sim.keep(number)
    return web.json_response({"success": True})


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST[name]:
        raise GraphError(100, message=f"(#100) Param {name} must be a string of at most {_LONGEST[name]} characters.")
    return value


def _websites(value: object) -> list[str]:
    if value == "":
        return []
    good = isinstance(value, list) and len(value) <= 2
    if not good or not all(re.match(r"https?://.{1,250}$", str(site)) and len(str(site)) <= 256 for site in value):  # type: ignore[attr-defined]
        raise GraphError(100, message="(#100) Param websites must hold at most 2 addresses of at most 256 characters.")
    return [str(site) for site in value]  # type: ignore[attr-defined]


def _picture(sim: Simulation, number: Number, handle: object) -> str:
    media = at_handle(sim.media, handle, app_id=sim.waba_of(number).app_id)
    if media is None or not media.mime_type.startswith("image/"):
        raise GraphError(100, message="(#100) Param profile_picture_handle is not the handle of an uploaded picture.")
    return media.id


async def post_automation(request: web.Request) -> web.Response:
    """POST /{PHONE}/conversational_automation: ice breakers and commands; what is not named stays."""
    sim = of(request)
    number = number_in_path(sim, request)
    body = await json_body(request)
    automation = dict(number.state.get("automation", {}))
    if body.get("prompts") is not None:
        automation["prompts"] = _prompts(body["prompts"])
    if body.get("commands") is not None:
        automation["commands"] = _commands(body["commands"])
    number.state["automation"] = automation
    sim.keep(number)
    return web.json_response({"success": True})


def _prompts(given: object) -> list[str]:
    if not isinstance(given, list) or len(given) > _PROMPTS:
        raise GraphError(100, message=f"(#100) Param prompts may hold at most {_PROMPTS} texts.")
    if not all(isinstance(text, str) and 1 <= len(text) <= _PROMPT_CHARS for text in given):
        raise GraphError(100, message=f"(#100) A prompt must have 1 to {_PROMPT_CHARS} characters.")
    return given


def _commands(given: object) -> list[dict[str, str]]:
    if isinstance(given, str):  # as form fields carry lists
        given = _listed(given)
    if not isinstance(given, list) or len(given) > _COMMANDS or not all(isinstance(row, dict) for row in given):
        raise GraphError(100, message=f"(#100) Param commands may hold at most {_COMMANDS} commands.")
    rows = [{name: str(row.get(name, "")) for name in ("command_name", "command_description")} for row in given]
    for row in rows:
        name, note = row["command_name"], row["command_description"]
        fits = 1 <= len(name) <= _COMMAND_CHARS and 1 <= len(note) <= _COMMAND_NOTE_CHARS
        if not fits or re.search(r"[\s/]", name):
            limits = f"{_COMMAND_CHARS} characters without spaces, its description {_COMMAND_NOTE_CHARS}"
            raise GraphError(100, message=f"(#100) The name of a command may have {limits}.")
    return rows


def _listed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


async def get_automation(request: web.Request) -> web.Response:
    """GET /{PHONE}/conversational_automation."""
    number = number_in_path(of(request), request)
    return web.json_response({**number.state.get("automation", {}), "id": number.id})


async def commerce(request: web.Request) -> web.Response:
    """GET and POST /{PHONE}/whatsapp_commerce_settings."""
    sim = of(request)
    number = number_in_path(sim, request)
    state = {"is_cart_enabled": True, "is_catalog_visible": False, **number.state.get("commerce", {})}
    if request.method == "GET":
        row = {**state, "id": number.id, "catalog_id": number.extra.get("catalog_id", ABSENT)}
        return web.json_response({"data": [select(row, request.query.get("fields"), tuple(row))]})
    body = await json_body(request)
    for name in state:
        if body.get(name) is not None:
            state[name] = str(body[name]).lower() == "true"
    number.state["commerce"] = state
    sim.keep(number)
    return web.json_response({"success": True})


def routes() -> list[web.RouteDef]:
    """Profile and what stands around it."""
    at = "/v{version}/{node}"
    return [
        web.get(f"{at}/whatsapp_business_profile", get_profile),
        web.post(f"{at}/whatsapp_business_profile", post_profile),
        web.get(f"{at}/conversational_automation", get_automation),
        web.post(f"{at}/conversational_automation", post_automation),
        web.get(f"{at}/whatsapp_commerce_settings", commerce),
        web.post(f"{at}/whatsapp_commerce_settings", commerce),
    ]
