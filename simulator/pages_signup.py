"""The page that stands in for the platform's signup popup, and the script that opens it."""

import html
import json
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from simulator import signup
from simulator.control import bad, read_json
from simulator.pages import HERE, render
from simulator.simulation import Simulation, of
from simulator.world import App

_ENDINGS = {
    "FINISH": ("A new number", "An account and a number that the partner registers."),
    signup.COEXISTENCE: ("A number that stays on the phone", "The WhatsApp Business app goes on working beside."),
    "FINISH_ONLY_WABA": ("An account without a number", "A number can be added later."),
    "FINISH_OBO_MIGRATION": ("A number that another partner served", "It is registered already."),
    "FINISH_GRANT_ONLY_API_ACCESS": ("Access to an account that exists", "Nothing new is made."),
}


async def get_signup(request: web.Request) -> web.Response:
    """The popup: who signs up, with which number, and how it ends."""
    sim, query = of(request), request.query
    app = _app(sim, query.get("app_id") or query.get("client_id"))
    origin = query.get("origin", "")
    if origin and urlsplit(origin).scheme not in ("http", "https"):
        raise bad("origin must be the address of a page")
    endings = "".join(_choice(event, *words, checked=event == "FINISH") for event, words in _ENDINGS.items())
    accounts = "".join(
        f'<option value="{html.escape(waba.id)}">{html.escape(waba.name)} · {html.escape(waba.id)}</option>'
        for waba in sim.world.wabas.values()
    )
    steps = "".join(f"<option>{step}</option>" for step in signup.STEPS)
    return render(
        "signup.html",
        app=html.escape(app.id),
        config=html.escape(query.get("config_id", "")),
        origin=html.escape(origin),
        redirect=html.escape(query.get("redirect_uri", "")),
        state=html.escape(query.get("state", "")),
        endings=endings,
        accounts=accounts,
        steps=steps,
    )


def _choice(event: str, label: str, note: str, *, checked: bool) -> str:
    mark = " checked" if checked else ""
    return (
        f'<label class="option"><input type="radio" name="event" value="{event}"{mark}><span><b>{label}</b>'
        f'<span class="soft">{note}</span></span></label>'
    )


def _app(sim: Simulation, app_id: object) -> App:
    app = sim.world.apps.get(str(app_id))
    if app is None:
        raise bad(f"there is no app {app_id}", web.HTTPNotFound)
    return app


async def post_signup(request: web.Request) -> web.Response:
    """How it ended, from the popup or from a test: {"app_id", "event", ...}; gives the session event and the code."""
    sim, body = of(request), await read_json(request)
    app_id = body.get("app_id")
    if app_id is None and len(sim.world.apps) == 1:
        app_id = next(iter(sim.world.apps))
    ending = signup.end(sim, _app(sim, app_id), event=str(body.get("event") or "FINISH"), given=body)
    answer = {"session": ending.session, "code": ending.code}
    if target := str(body.get("redirect_uri") or ""):
        outcome = {"code": ending.code} if ending.code else {"error": "access_denied", "error_reason": "user_denied"}
        more = {**outcome, "state": str(body.get("state") or "")}
        answer["redirect"] = f"{target}{'&' if '?' in target else '?'}{urlencode(more)}"
    return web.json_response(answer)


async def post_code(request: web.Request) -> web.Response:
    """A code without a signup: {"app_id", "wabas": [...]}."""
    sim, body = of(request), await read_json(request)
    wabas = [str(waba) for waba in body.get("wabas") or [body.get("waba")]]
    if any(waba not in sim.world.wabas for waba in wabas):
        raise bad("name accounts that exist")
    app = _app(sim, body.get("app_id") or sim.world.wabas[wabas[0]].app_id)
    return web.json_response({"code": signup.issue(sim, app, wabas), "seconds": sim.options.code_seconds})


async def get_sdk(request: web.Request) -> web.Response:
    """The script under the address that the platform's own has."""
    text = (HERE / "static" / "sdk.js").read_text("utf-8")
    headers = {"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "cross-origin"}
    return web.Response(text=text, content_type="text/javascript", charset="utf-8", headers=headers)


async def get_codes(request: web.Request) -> web.Response:
    """Codes that were issued, for tests."""
    rows = [vars(code) for code in of(request).codes.issued.values()]
    return web.json_response({"items": rows}, dumps=lambda value: json.dumps(value))


def routes() -> list[web.RouteDef]:
    """Popup, script and what they call."""
    return [
        web.get("/signup", get_signup),
        web.get("/v{version}/dialog/oauth", get_signup),
        web.get("/sdk.js", get_sdk),
        web.get(r"/{locale:[a-z]{2}_[A-Z]{2}}/sdk.js", get_sdk),
        web.post("/_sim/signup", post_signup),
        web.post("/_sim/codes", post_code),
        web.get("/_sim/codes", get_codes),
    ]
