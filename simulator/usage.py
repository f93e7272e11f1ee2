"""Management calls of each account within the hour: counted, told in headers, refused when there are too many."""

import json

from aiohttp import web

from simulator.access import token_of
from simulator.errors import GraphError
from simulator.simulation import Simulation, now, of

_HOUR = 3600.0
_ACTIVE, _NEW = 5000, 200
_NOT_MANAGEMENT = ("messages", "marketing_messages", "media", "calls")
_HEADERS = "usage headers"


def count(request: web.Request) -> None:
    """Count a management call for the accounts of its token. Raises GraphError 80007 over the hourly limit."""
    sim = of(request)
    if not sim.options.management_check or request.path.rsplit("/", 1)[-1] in _NOT_MANAGEMENT:
        return
    told: dict[str, list[dict[str, object]]] = {}
    full = False
    for waba in sim.world.wabas_by_token(token_of(request)):
        calls, limit = sim.usage[waba.id], _limit(sim, waba.id)
        while calls and now() - calls[0] >= _HOUR:
            calls.popleft()
        over = len(calls) >= limit
        full = full or over
        if not over:
            calls.append(now())
        share = min(round(100 * len(calls) / limit), 100)
        minutes = max(int((_HOUR - (now() - calls[0])) / 60), 1) if over else 0
        row = {"type": "whatsapp", "call_count": share, "total_cputime": share // 4, "total_time": share // 2}
        told[waba.id] = [{**row, "estimated_time_to_regain_access": minutes}]
    if told:
        first = next(iter(told.values()))[0]
        app = {name: first[name] for name in ("call_count", "total_cputime", "total_time")}
        request[_HEADERS] = {"X-Business-Use-Case-Usage": json.dumps(told), "X-App-Usage": json.dumps(app)}
    if full:
        raise GraphError(80007, "Too many calls to this account; wait as long as the header says.")


def _limit(sim: Simulation, waba_id: str) -> int:
    active = any(number.status == "CONNECTED" for number in sim.world.numbers_of(waba_id))
    return _ACTIVE if active else _NEW


def add_headers(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Tell how much of the hour is used up, in good answers and in refusals."""
    if not response.prepared:
        response.headers.update(request.get(_HEADERS, {}))
    return response
