"""The page of troubles and scenes: play, stop, set and lift, by plain forms."""

import html
import json
from typing import Any

from aiohttp import web

from simulator import scenes
from simulator.control_scenes import play
from simulator.errors import CATALOGUE
from simulator.faults import KINDS, Fault, FaultError
from simulator.pages import render
from simulator.scenes import Run, SceneError
from simulator.simulation import Simulation, of

_WHOLE = ("code", "ms", "copies", "count", "skip", "for_ms")
_RUNS_SHOWN = 6
_CODES_OFFERED = (130429, 131000, 131016, 131026, 131042, 131047, 131048, 131049, 131056, 131057, 132015, 190)


async def get_scenes(request: web.Request) -> web.Response:
    """Everything that can be played and set, and what is going on."""
    return _page(of(request))


def _page(sim: Simulation, *, problem: str = "", written: str = "") -> web.Response:
    runs = list(sim.stage.runs.values())[::-1][:_RUNS_SHOWN]
    playing = any(run.state == "playing" for run in runs)
    return render(
        "scenes.html",
        refresh='<meta http-equiv="refresh" content="3">' if playing and not problem else "",
        problem=f'<p class="notice" role="alert">{html.escape(problem)}</p>' if problem else "",
        numbers="".join(
            f'<option value="{html.escape(number.id)}">{html.escape(number.verified_name)} · '
            f"{html.escape(number.display_phone_number)}</option>"
            for number in sim.world.numbers.values()
        ),
        scenes="".join(_scene(name, scene) for name, scene in scenes.ready().items()),
        runs="".join(map(_run, runs)) or '<li class="soft">Nothing was played yet.</li>',
        faults="".join(map(_fault, sim.faults.all())) or '<li class="soft">Everything works.</li>',
        kinds="".join(f"<option>{kind}</option>" for kind in KINDS),
        codes="".join(f'<option value="{code}">{html.escape(CATALOGUE[code][1])}</option>' for code in _CODES_OFFERED),
        written=html.escape(written or json.dumps(_EXAMPLE, indent=1)),
    )


_EXAMPLE: list[dict[str, Any]] = [
    {"at": 0, "do": "write", "person": "ana", "text": "Hello?"},
    {"at": 3, "do": "fault", "kind": "refuse", "where": "send", "code": 131057, "for_ms": 20000},
    {"at": 10, "do": "quality", "rating": "RED"},
]


def _scene(name: str, scene: dict[str, Any]) -> str:
    seconds = max(step["at"] + _lasts(step) for step in scene["steps"])
    return (
        f'<li class="scene"><h3>{html.escape(scene["title"])}</h3><p>{html.escape(scene["about"])}</p>'
        f'<p class="scene-foot"><span class="soft">{len(scene["steps"])} steps, {seconds:.0f} s</span>'
        f'<button class="button" name="scene" value="{html.escape(name)}">Play</button></p></li>'
    )


def _lasts(step: dict[str, Any]) -> float:
    """Seconds that a step goes on for."""
    return float(step["messages"] / step["a_second"] if step["do"] == "flood" else step.get("for_ms", 0) / 1000)


def _run(run: Run) -> str:
    told = "".join(
        f"<li><span>{line['at']:.0f} s</span> {html.escape(str(line['said']))}</li>" for line in run.told[-8:]
    )
    title = scenes.ready().get(run.name, {}).get("title", run.name)
    stop = (
        f'<form method="post" action="/scenes/{html.escape(run.id)}/stop"><button class="button">Stop</button></form>'
        if run.state == "playing"
        else ""
    )
    return (
        f'<li class="run" data-state="{run.state}"><p><b>{html.escape(str(title))}</b> '
        f'<span class="soft">{run.state}, {len(run.told)} of {len(run.steps)}</span></p>{stop}<ol>{told}</ol></li>'
    )


def _fault(fault: Fault) -> str:
    said = [f"{name} {value}" for name in ("number", "person", "status", "code") if (value := getattr(fault, name))]
    said += [f"{fault.probability:.0%} of the time"] if fault.probability is not None else []
    said += [f"{fault.hits} of {fault.count} times" if fault.count else f"{fault.hits} times so far"]
    words = html.escape(", ".join(said))
    return (
        f'<li class="fault"><p><b>{fault.kind}</b> at {fault.where} <span class="soft">{words}</span></p>'
        f'<form method="post" action="/faults/{html.escape(fault.id)}/lift"><button class="button">Lift</button>'
        f"</form></li>"
    )


async def post_play(request: web.Request) -> web.Response:
    """The forms that play a ready scene or steps written by hand."""
    sim, form = of(request), await request.post()
    given = {name: str(form[name]) for name in ("scene", "number", "speed") if form.get(name)}
    written = str(form.get("steps", ""))
    try:
        if not form.get("scene"):
            given["steps"] = json.loads(written)
        play(sim, given)
    except (SceneError, ValueError, web.HTTPNotFound) as error:
        text = error.text if isinstance(error, web.HTTPNotFound) else str(error)
        return _page(sim, problem=f"This cannot be played: {text}", written=written)
    raise web.HTTPSeeOther("/scenes")


async def post_stop(request: web.Request) -> web.Response:
    """Stop a scene."""
    of(request).stage.stop(request.match_info["run"])
    raise web.HTTPSeeOther("/scenes")


async def post_fault(request: web.Request) -> web.Response:
    """The form that orders a trouble."""
    sim, form = of(request), await request.post()
    given: dict[str, Any] = {name: str(value).strip() for name, value in form.items() if str(value).strip()}
    try:
        given |= {name: int(given[name]) for name in _WHOLE if name in given}
        if "probability" in given:
            given["probability"] = float(given["probability"]) / 100
        sim.faults.add(given)
    except (FaultError, ValueError) as error:
        return _page(sim, problem=f"This trouble cannot be set: {error}")
    raise web.HTTPSeeOther("/scenes")


async def post_lift(request: web.Request) -> web.Response:
    """Lift one trouble, or all."""
    of(request).faults.clear(request.match_info.get("fault"))
    raise web.HTTPSeeOther("/scenes")


def routes() -> list[web.AbstractRouteDef]:
    """The page and its forms."""
    return [
        web.get("/scenes", get_scenes),
        web.post("/scenes", post_play),
        web.post("/scenes/{run}/stop", post_stop),
        web.post("/faults", post_fault),
        web.post("/faults/lift", post_lift),
        web.post("/faults/{fault}/lift", post_lift),
    ]
