"""The Graph API's numbers: their fields, adding one, and what POST /{PHONE} changes."""

import re
from typing import Any

from aiohttp import web

from simulator import names, pins
from simulator.access import json_body, number_in_path, waba_in_path
from simulator.errors import GraphError
from simulator.graph_fields import ABSENT, page, select
from simulator.health import number_health
from simulator.simulation import Simulation, of
from simulator.world import Number, country_of, dial_code_of

NUMBER_DEFAULT = (
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "throughput",
    "id",
)
_HIDDEN = ("pin",)


def number_fields(sim: Simulation, number: Number) -> dict[str, Any]:
    """Every field of a number that can be asked for."""
    state = number.state
    registered = number.status not in ("PENDING", "DISCONNECTED", "MIGRATED")
    automation = state.get("automation")
    return {
        "id": number.id,
        "display_phone_number": number.display_phone_number,
        "verified_name": number.verified_name,
        "quality_rating": number.quality_rating,
        "quality_score": {"score": number.quality_rating},
        "code_verification_status": state.get("code_verification_status", "VERIFIED"),
        "name_status": state.get("name_status", "APPROVED"),
        "new_name_status": state.get("new_name_status", "NONE"),
        "new_display_name": state.get("new_display_name", ABSENT),
        "status": number.status,
        "throughput": {"level": "HIGH" if number.throughput >= 1000 else "STANDARD"},
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "platform_type": "CLOUD_API" if registered else "NOT_APPLICABLE",
        "is_on_biz_app": False,
        "account_mode": "LIVE",
        "is_pin_enabled": bool(number.extra.get("pin")) or (registered and not number.on_phone_app),
        "is_official_business_account": False,
        "is_preverified_number": False,
        "search_visibility": "VISIBLE",
        "eligibility_for_api_business_global_search": "ELIGIBLE",
        "certificate": ABSENT,
        "new_certificate": ABSENT,
        "country_code": country_of(number.digits),
        "country_dial_code": dial_code_of(number.digits),
        "last_onboarded_time": state.get("onboarded_at", ABSENT),
        "conversational_automation": {"id": number.id, **automation} if automation else ABSENT,
        "webhook_configuration": _callbacks(sim, number),
        "health_status": lambda _: number_health(sim, number),
        **{name: value for name, value in number.extra.items() if name not in _HIDDEN},
    }


def _callbacks(sim: Simulation, number: Number) -> dict[str, str]:
    waba = sim.waba_of(number)
    app = sim.world.apps.get(waba.app_id)
    urls = {
        "phone_number": number.override_url,
        "whatsapp_business_account": waba.override_url,
        "application": (app.webhook_url or sim.settings.webhook_url) if app else None,
    }
    return {level: url for level, url in urls.items() if url}


async def get_phone_numbers(request: web.Request) -> web.Response:
    """GET /{WABA}/phone_numbers."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    numbers = [number for number in sim.world.numbers_of(waba.id) if number.status != "DELETED"]
    wanted = request.query.get("fields")
    return page(request, numbers, lambda number: select(number_fields(sim, number), wanted, NUMBER_DEFAULT))


async def post_phone_numbers(request: web.Request) -> web.Response:
    """POST /{WABA}/phone_numbers {cc, phone_number, verified_name}: a number that waits to be verified."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    body = await json_body(request)
    code, name = str(body.get("cc") or body.get("country_code") or ""), str(body.get("verified_name", "")).strip()
    digits = re.sub(r"\D", "", str(body.get("phone_number", "")))
    if not code.isdigit() or not 4 <= len(digits) <= 15 or not name:
        raise GraphError(100, message="(#100) The parameters cc, phone_number and verified_name are required.")
    names.check(name)
    digits = digits if digits.startswith(code) and len(digits) > 10 else code + digits
    if any(each.digits == digits for each in sim.world.numbers_of(waba.id)):
        raise GraphError(2388012, "This phone number already exists in your list of phone numbers.")
    number = add_number(sim, waba.id, digits=digits, name=name)
    return web.json_response({"id": number.id})


def add_number(sim: Simulation, waba_id: str, *, digits: str, name: str, **more: Any) -> Number:
    """A new number of an account. Without `more` it must be verified and registered first."""
    state = {"code_verification_status": "NOT_VERIFIED", "name_status": "PENDING_REVIEW", **more.pop("state", {})}
    document = {
        "id": sim.ids.digits(15, "numbers"),
        "waba_id": waba_id,
        "display_phone_number": f"+{digits}",
        "verified_name": name,
        "status": "PENDING",
        "quality_rating": "UNKNOWN",
        "state": state,
        **more,
    }
    sim.take_in({"numbers": [document]})
    return sim.world.numbers[document["id"]]


async def post_number(request: web.Request) -> web.Response:
    """POST /{PHONE}: a callback of its own, a new two-step PIN, or another display name."""
    sim = of(request)
    number = number_in_path(sim, request)
    body = await json_body(request)
    if isinstance(body.get("webhook_configuration"), dict):
        await _set_callback(sim, number, body["webhook_configuration"])
    elif body.get("new_display_name") is not None:
        names.ask(sim, number, str(body["new_display_name"]).strip())
    elif body.get("pin") is not None:
        pins.set_pin(sim, number, str(body["pin"]))
    else:
        wishes = "webhook_configuration, pin and new_display_name"
        raise GraphError(100, message=f"(#100) {wishes} are the settings that can be changed here.")
    sim.keep(number)
    return web.json_response({"success": True})


async def _set_callback(sim: Simulation, number: Number, wish: dict[str, Any]) -> None:
    url = str(wish.get("override_callback_uri") or "")
    if url:
        await prove(sim, url, str(wish.get("verify_token", "")))
    number.override_url = url or None


async def prove(sim: Simulation, url: str, verify_token: str) -> None:
    """A callback must answer the challenge before it is used. Raises GraphError."""
    if len(url) > 200:
        raise GraphError(100, message="(#100) override_callback_uri must be at most 200 characters long.")
    if not await sim.webhooks.handshake(url, verify_token=verify_token):
        raise GraphError(2200, message="(#2200) Callback verification failed: the URL did not answer the challenge.")


def routes() -> list[web.RouteDef]:
    """Numbers of an account."""
    return [
        web.get("/v{version}/{node}/phone_numbers", get_phone_numbers),
        web.post("/v{version}/{node}/phone_numbers", post_phone_numbers),
    ]
