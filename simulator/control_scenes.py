"""The part of the control API that plays scenes."""

from functools import partial
from typing import Any

from aiohttp import web

from simulator import scenes
from simulator.control import bad, number_named, read_json
from simulator.scene_actions import ACTIONS, perform
from simulator.scenes import Run, SceneError
from simulator.simulation import Simulation, of


def play(sim: Simulation, given: dict[str, Any]) -> Run:
    """Begin a ready scene by name, or the steps given.

    given   {"scene"} or {"steps", "name"?}, and {"number"?, "speed"?}
    Raises  SceneError, HTTPNotFound
    """
    number = number_named(sim, given.get("number") or next(iter(sim.world.numbers), None))
    name = str(given.get("scene") or given.get("name") or "own")
    steps = given.get("steps")
    if given.get("scene"):
        known = scenes.ready().get(name)
        if known is None:
            raise SceneError(f"there is no scene {name}; there are {', '.join(scenes.ready())}")
        steps = known["steps"]
    try:
        speed = float(given.get("speed", 1))
    except (TypeError, ValueError):
        raise SceneError("speed must be a number") from None
    checked = scenes.steps_of(steps)
    unknown = next((step.do for step in checked if step.do not in ACTIONS), None)
    if unknown is not None:
        raise SceneError(f"there is no action {unknown}; there are {', '.join(sorted(ACTIONS))}")
    return sim.stage.play(name=name[:60], number=number.id, steps=checked, perform=partial(perform, sim), speed=speed)


async def get_scenes(request: web.Request) -> web.Response:
    """The ready scenes, the actions of steps, and what was and is played."""
    runs = [run.as_dict() for run in of(request).stage.runs.values()]
    return web.json_response({"ready": scenes.ready(), "actions": sorted(ACTIONS), "runs": runs})


async def post_scenes(request: web.Request) -> web.Response:
    """Play a scene."""
    return web.json_response(play(of(request), await read_json(request)).as_dict())


async def get_run(request: web.Request) -> web.Response:
    """How far a scene is."""
    run = of(request).stage.runs.get(request.match_info["run"])
    if run is None:
        raise bad("there is no such run", web.HTTPNotFound)
    return web.json_response(run.as_dict())


async def delete_scenes(request: web.Request) -> web.Response:
    """Stop a scene, or all."""
    of(request).stage.stop(request.match_info.get("run"))
    return await get_scenes(request)


def routes() -> list[web.RouteDef]:
    """Scenes."""
    return [
        web.get("/_sim/scenes", get_scenes),
        web.post("/_sim/scenes", post_scenes),
        web.get("/_sim/scenes/{run}", get_run),
        web.delete("/_sim/scenes", delete_scenes),
        web.delete("/_sim/scenes/{run}", delete_scenes),
    ]
