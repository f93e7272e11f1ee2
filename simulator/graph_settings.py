"""A number's switches, where its data lie, and its username."""

import re
from typing import Any

from aiohttp import web

from simulator import accounts
from simulator.access import json_body, number_in_path
from simulator.errors import GraphError
from simulator.graph_registration import REGIONS
from simulator.simulation import Simulation, of
from simulator.world import Number

_SETTINGS = ("calling", "storage_configuration", "user_identity_change", "payload_encryption")
_STORAGE = ("DEFAULT", "IN_COUNTRY_STORAGE_ENABLED", "NO_STORAGE_ENABLED")
_USERNAME = re.compile(r"(?!.*\.\.)(?!www)[a-z0-9_](?:[a-z0-9._]{1,33})[a-z0-9_]")
_ENDINGS = (".com", ".org", ".net", ".html")


async def get_settings(request: web.Request) -> web.Response:
    """GET /{PHONE}/settings."""
    number = number_in_path(of(request), request)
    state = {
        "calling": {"status": "DISABLED"},
        "storage_configuration": {"status": "DEFAULT"},
        "user_identity_change": {"enable_identity_key_check": False},
        **number.state.get("settings", {}),
    }
    wished = [name.strip() for name in request.query.get("fields", "").split(",") if name.strip()] or list(state)
    return web.json_response({name: state[name] for name in wished if name in state})


async def post_settings(request: web.Request) -> web.Response:
    """POST /{PHONE}/settings: only what is named changes. Where data lie is set before registering."""
    sim = of(request)
    number = number_in_path(sim, request)
    body = await json_body(request)
    changed = {name: body[name] for name in _SETTINGS if isinstance(body.get(name), dict)}
    if not changed:
        raise GraphError(100, message=f"(#100) One of {{{', '.join(_SETTINGS)}}} is required.")
    if "storage_configuration" in changed:
        _check_storage(number, changed["storage_configuration"])
    settings = number.state.get("settings", {})
    merged = {name: {**settings.get(name, {}), **value} for name, value in changed.items()}
    if "storage_configuration" in changed:
        merged["storage_configuration"] = changed["storage_configuration"]
    number.state["settings"] = settings | merged
    sim.keep(number)
    if "calling" in changed:
        value = {"messaging_product": "whatsapp", "phone_number_settings": {"phone_number_id": number.id, **merged}}
        accounts.emit(sim, sim.waba_of(number), "account_settings_update", value, number=number)
    return web.json_response({"success": True})


def _check_storage(number: Number, wish: dict[str, Any]) -> None:
    status = wish.get("status")
    if status not in _STORAGE:
        raise GraphError(100, message=f"(#100) storage_configuration.status must be one of {{{', '.join(_STORAGE)}}}.")
    if status == "IN_COUNTRY_STORAGE_ENABLED" and wish.get("data_localization_region") not in REGIONS:
        raise GraphError(100, message=f"(#100) data_localization_region must be one of {{{', '.join(REGIONS)}}}.")
    if status == "NO_STORAGE_ENABLED" and not isinstance(wish.get("retention_minutes"), int):
        raise GraphError(100, message="(#100) retention_minutes is required for NO_STORAGE_ENABLED.")
    if number.status == "CONNECTED":
        raise GraphError(100, message="(#100) Deregister the number before changing its storage configuration.")


async def get_username(request: web.Request) -> web.Response:
    """GET /{PHONE}/username."""
    number = number_in_path(of(request), request)
    return web.json_response(number.state.get("username", {}))


async def post_username(request: web.Request) -> web.Response:
    """POST /{PHONE}/username {username, transfer_action}. Raises GraphError 147001 to 147005."""
    sim = of(request)
    number = number_in_path(sim, request)
    body = await json_body(request)
    name = str(body.get("username", ""))
    if not _USERNAME.fullmatch(name) or name.endswith(_ENDINGS) or not re.search("[a-z]", name):
        raise GraphError(100, message="(#100) A username has 3 to 35 characters of a-z, 0-9, point and underscore.")
    _check_free(sim, number, name, forced=body.get("transfer_action") == "force_transfer")
    _drop_username(sim, number)
    number.state["username"] = {"username": name, "status": "approved"}
    sim.keep(number)
    _tell_username(sim, number, name, "approved")
    return web.json_response({"success": True, "status": "approved"})


def _check_free(sim: Simulation, number: Number, name: str, *, forced: bool) -> None:
    limit = number.extra.get("whatsapp_business_manager_messaging_limit", "TIER_2K")
    if limit == "TIER_250":
        raise GraphError(147002, "The business portfolio needs a higher messaging limit.")
    elsewhere = {"facebook": 147003, "instagram": 147004}
    for place, code in elsewhere.items():
        if f"{place}:{name}" in sim.options.claimed_usernames:
            raise GraphError(code, f"The username is in use on {place.title()}; link that account to the number first.")
    taken = [word for word in sim.options.claimed_usernames if word == name]
    if taken or any(person.username == name for person in sim.world.people.values()):
        raise GraphError(147001, "The username is not available.")
    for other in sim.world.numbers.values():
        if other.id == number.id or other.state.get("username", {}).get("username") != name:
            continue
        if sim.waba_of(other).scope_id != sim.waba_of(number).scope_id:
            raise GraphError(147001, "The username is not available.")
        if not forced:
            raise GraphError(147005, "Another number of this business uses it; force_transfer moves it here.")
        _drop_username(sim, other)


def _drop_username(sim: Simulation, number: Number) -> bool:
    held = number.state.pop("username", None)
    if held:
        sim.keep(number)
        _tell_username(sim, number, held["username"], "deleted")
    return bool(held)


def _tell_username(sim: Simulation, number: Number, name: str, status: str) -> None:
    value = {"display_phone_number": number.digits, "username": name, "status": status}
    accounts.emit(sim, sim.waba_of(number), "business_username_updates", value, number=number)


async def delete_username(request: web.Request) -> web.Response:
    """DELETE /{PHONE}/username."""
    sim = of(request)
    number = number_in_path(sim, request)
    if not _drop_username(sim, number):
        raise GraphError(100, message="(#100) The number has no username.")
    return web.json_response({"success": True})


async def get_suggestions(request: web.Request) -> web.Response:
    """GET /{PHONE}/username_suggestions: free names made of the display name."""
    sim = of(request)
    number = number_in_path(sim, request)
    base = re.sub(r"[^a-z0-9]+", ".", number.verified_name.lower()).strip(".")[:24] or "business"
    taken = {person.username for person in sim.world.people.values()} | set(sim.options.claimed_usernames)
    taken |= {other.state.get("username", {}).get("username") for other in sim.world.numbers.values()}
    names = [base, f"{base}.official", f"{base}_help", f"{base}.{number.digits[-3:]}"]
    return web.json_response({"data": [{"username_suggestions": [name for name in names if name not in taken][:3]}]})


def routes() -> list[web.RouteDef]:
    """Settings and usernames."""
    at = "/v{version}/{node}"
    return [
        web.get(f"{at}/settings", get_settings),
        web.post(f"{at}/settings", post_settings),
        web.get(f"{at}/username", get_username),
        web.post(f"{at}/username", post_username),
        web.delete(f"{at}/username", delete_username),
        web.get(f"{at}/username_suggestions", get_suggestions),
    ]
