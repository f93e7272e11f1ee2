"""A number's way onto the platform: the code that proves it, the PIN that registers it, and off again."""

import re

from aiohttp import web

from simulator import names
from simulator.access import json_body, number_in_path, whatsapp_body
from simulator.errors import GraphError
from simulator.simulation import Simulation, now, of
from simulator.world import Number

_REGISTRATIONS, _REGISTRATION_SECONDS = 10, 72 * 3600
_GUESSES, _GUESS_SECONDS = 5, 12 * 3600
_CODE_SECONDS = 600
REGIONS = ("AU", "ID", "IN", "JP", "SG", "KR", "DE", "CH", "GB", "BR", "BH", "ZA", "AE", "CA")


async def post_request_code(request: web.Request) -> web.Response:
    """POST /{PHONE}/request_code: a code by text message or call; the control API tells which."""
    sim = of(request)
    number = number_in_path(sim, request)
    body = await json_body(request)
    if body.get("code_method") not in ("SMS", "VOICE") or not re.match(r"^[a-z]{2}", str(body.get("language", ""))):
        raise GraphError(100, message="(#100) code_method must be SMS or VOICE, and language is required.")
    if number.state.get("code_verification_status", "VERIFIED") == "VERIFIED":
        raise GraphError(2388091, "This number is verified already and cannot receive a registration code.")
    number.state["code"] = {"code": sim.ids.digits(6, "codes"), "method": body["code_method"], "at": now()}
    sim.keep(number)
    return web.json_response({"success": True})


async def post_verify_code(request: web.Request) -> web.Response:
    """POST /{PHONE}/verify_code with the six digits."""
    sim = of(request)
    number = number_in_path(sim, request)
    given = re.sub(r"\D", "", str((await json_body(request)).get("code", "")))
    sent = number.state.get("code")
    if not sent or now() - sent["at"] > _CODE_SECONDS:
        raise GraphError(2388093, "No code was asked for, or it is no longer valid. Ask for a new one.")
    if given != sent["code"]:
        raise GraphError(2388093, "The code is not the one that was sent.")
    number.state.pop("code")
    number.state["code_verification_status"] = "VERIFIED"
    sim.keep(number)
    return web.json_response({"success": True})


async def post_register(request: web.Request) -> web.Response:
    """POST /{PHONE}/register with the six digits of its PIN, and perhaps where its data lies."""
    sim = of(request)
    number = number_in_path(sim, request)
    body = await whatsapp_body(request)
    pin = str(body.get("pin", ""))
    if not re.fullmatch(r"[0-9]{6}", pin):
        raise GraphError(100, message="(#100) Param pin must be 6 characters long.")
    region = body.get("data_localization_region")
    if region is not None and region not in REGIONS:
        raise GraphError(100, message=f"(#100) data_localization_region must be one of {{{', '.join(REGIONS)}}}.")
    _check_joining(number)
    _count(number)
    _check_pin(sim, number, pin)
    if region:
        number.state["settings"] = number.state.get("settings", {}) | {"storage_configuration": stored_in(region)}
    _join(sim, number)
    return web.json_response({"success": True})


def stored_in(region: str) -> dict[str, str]:
    """The storage configuration of a number whose data lie in a region."""
    return {"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": region}


def _check_joining(number: Number) -> None:
    if number.on_phone_app:
        raise GraphError(131055, "A number on the WhatsApp Business app is registered on the phone.")
    if number.status == "BANNED":
        raise GraphError(131031, "The number is banned.")
    if number.state.get("code_verification_status", "VERIFIED") != "VERIFIED":
        raise GraphError(133006, "The number has to be verified first: ask for a code and verify it.")


def _count(number: Number) -> None:
    """Ten registrations and deregistrations within 72 hours, no more."""
    at = now()
    recent = [earlier for earlier in number.state.get("registrations", []) if at - earlier < _REGISTRATION_SECONDS]
    if len(recent) >= _REGISTRATIONS:
        raise GraphError(133016, "The number was registered or deregistered 10 times within 72 hours.")
    number.state["registrations"] = [*recent, at]


def _check_pin(sim: Simulation, number: Number, pin: str) -> None:
    wanted = number.extra.setdefault("pin", pin)
    at = now()
    wrong = [earlier for earlier in number.state.get("wrong_pins", []) if at - earlier < _GUESS_SECONDS]
    if len(wrong) >= _GUESSES:
        seconds = int(_GUESS_SECONDS - (at - wrong[0]))
        raise GraphError(133008, f"Too many PIN guesses. Try again in {seconds} seconds.")
    if wrong and (at - wrong[-1]) * 1000 < sim.options.pin_guess_ms:
        raise GraphError(133009, "The PIN was guessed too fast. Wait a while between guesses.")
    if wanted == pin:
        number.state["wrong_pins"] = []
        return
    number.state["wrong_pins"] = [*wrong, at]
    sim.keep(number)
    raise GraphError(133005, "The two-step verification PIN is incorrect.")


def _join(sim: Simulation, number: Number) -> None:
    for other in sim.world.numbers.values():
        if other.id != number.id and other.digits == number.digits and other.status not in ("DELETED", "MIGRATED"):
            other.status = "MIGRATED"
            sim.keep(other)
    number.status = "CONNECTED"
    number.state.setdefault("onboarded_at", now())
    if number.quality_rating == "UNKNOWN":
        number.quality_rating = "GREEN"
    names.take_into_use(number)
    sim.keep(number)


async def post_deregister(request: web.Request) -> web.Response:
    """POST /{PHONE}/deregister: the number can no longer send."""
    sim = of(request)
    number = number_in_path(sim, request)
    if number.on_phone_app:
        raise GraphError(131055, "A number on the WhatsApp Business app is disconnected on the phone.")
    if number.status != "CONNECTED":
        raise GraphError(133010, "The account is not registered.")
    _count(number)
    number.status = "DISCONNECTED"
    sim.keep(number)
    return web.json_response({"success": True})


def routes() -> list[web.RouteDef]:
    """From unverified to registered and back."""
    return [
        web.post("/v{version}/{node}/request_code", post_request_code),
        web.post("/v{version}/{node}/verify_code", post_verify_code),
        web.post("/v{version}/{node}/register", post_register),
        web.post("/v{version}/{node}/deregister", post_deregister),
    ]
