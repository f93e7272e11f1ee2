"""Beside writing templates: unpause, compare, archive, copy, and many languages at once."""

from typing import Any

from aiohttp import web

from simulator import template_life, template_rules
from simulator.access import json_body, waba_in, waba_in_path
from simulator.chats import RANK
from simulator.errors import GraphError
from simulator.graph_templates import make, own_template
from simulator.simulation import of
from simulator.world import Template

_MOST = 100
_PAGE = 500


async def unpause(request: web.Request) -> web.Response:
    """POST /{TEMPLATE}/unpause: ends a pause by pacing; the others end by themselves."""
    sim = of(request)
    template = own_template(sim, request)
    if template.status != "PAUSED" or not template.state.get("paced"):
        return web.json_response({"success": False, "reason": "The template is not paused by pacing."})
    template_life.unpause(sim, template)
    return web.json_response({"success": True, "reason": None})


async def compare(request: web.Request) -> web.Response:
    """GET /{TEMPLATE}/compare?template_ids&start&end: sends and blocks of two or more templates."""
    sim, query = of(request), request.query
    first = own_template(sim, request)
    ids = [part for part in query.get("template_ids", "").strip("[]").replace('"', "").split(",") if part]
    chosen = [first, *[own_template(sim, request, id.strip()) for id in ids]]
    try:
        start, end = float(query["start"]), float(query["end"])
    except (KeyError, ValueError):
        raise GraphError(100, message="(#100) start and end are required, in seconds since 1970.") from None
    sends = {template.id: 0 for template in chosen}
    for message in sim.chats.outbound:
        if message.template_id in sends and start <= message.at < end and RANK[message.status] >= RANK["delivered"]:
            sends[message.template_id] += 1
    order = sorted(sends, key=lambda id: _dislike(sim.world.templates[id]))
    metrics: list[dict[str, Any]] = [
        {"metric": "BLOCK_RATE", "type": "RELATIVE", "order_by_relative_metric": order},
        {"metric": "MESSAGE_SENDS", "type": "NUMBER_VALUES"},
        {"metric": "TOP_BLOCK_REASON", "type": "STRING_VALUES"},
    ]
    metrics[1]["number_values"] = [{"key": id, "value": count} for id, count in sends.items()]
    metrics[2]["string_values"] = [{"key": id, "value": "UNKNOWN_BLOCK_REASON"} for id in sends]
    return web.json_response({"data": metrics})


def _dislike(template: Template) -> int:
    score = template.extra.get("quality_score", {}).get("score", "UNKNOWN")
    return ("GREEN", "UNKNOWN", "YELLOW", "RED").index(score)


async def archive(request: web.Request) -> web.Response:
    """POST /{WABA}/message_templates/archive and /unarchive {hsm_ids}: at most 100, each may fail."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    given = (await json_body(request)).get("hsm_ids") or ""
    ids = [str(id).strip() for id in (given if isinstance(given, list) else str(given).split(",")) if str(id).strip()]
    if not 1 <= len(ids) <= _MOST:
        raise GraphError(100, message=f"(#100) hsm_ids must name 1 to {_MOST} templates.")
    back = request.match_info["verb"] == "unarchive"
    done, failed = [], {}
    for id in ids:
        template = sim.world.templates.get(id)
        if template is None or template.waba_id != waba.id:
            failed[id] = "There is no such template."
        elif back != (template.status == "ARCHIVED") or template.status in ("PENDING", "DISABLED"):
            failed[id] = f"The template is {template.status}."
        else:
            template_life.archive(sim, template, back=back)
            done.append(id)
    name = "unarchived_templates" if back else "archived_templates"
    return web.json_response({name: done, "failed_templates": failed})


async def upsert(request: web.Request) -> web.Response:
    """POST /{WABA}/upsert_message_templates: an authentication template in many languages, made or changed."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    body = await json_body(request)
    languages = body.get("languages")
    if body.get("category") != "AUTHENTICATION" or not isinstance(languages, list) or not languages:
        raise GraphError(100, message="(#100) category must be AUTHENTICATION, and languages a list.")
    rows = []
    for language in map(str, languages):
        wish = {**body, "language": language}
        template_rules.check_head(wish)
        template = sim.world.template(waba.id, name=str(body["name"]), language=language)
        if template is None:
            template = make(sim, waba, wish)
        else:
            category = "AUTHENTICATION"
            template.components = template_rules.read(sim, waba, wish.get("components"), category=category, named=False)
        if template.status in ("PENDING", "REJECTED"):
            template_life.review(sim, template, "APPROVED")  # the platform writes these itself: nothing to review
        sim.keep(template)
        rows.append({"id": template.id, "status": template.status, "language": language, "category": template.category})
    return web.json_response({"data": rows})


async def migrate(request: web.Request) -> web.Response:
    """POST /{WABA}/migrate_message_templates?source_waba_id: copies of what was approved there and is not here yet."""
    sim, query = of(request), request.query
    target = waba_in_path(sim, request)
    source = waba_in(sim, request, query.get("source_waba_id", ""))
    number = int(query["page_number"]) if query.get("page_number", "").isdigit() else 0
    moved, failed = [], []
    rows = [template for template in sim.world.templates.values() if template.waba_id == source.id]
    for template in rows[number * _PAGE : (number + 1) * _PAGE]:
        if template.status != "APPROVED" or template.extra.get("quality_score", {}).get("score") == "RED":
            failed.append({"id": template.id, "reason": "Only approved templates of good quality can be copied."})
        elif sim.world.template(target.id, name=template.name, language=template.language):
            failed.append({"id": template.id, "reason": "There is a template of this name and language."})
        else:
            copy = {"waba_id": target.id, "name": template.name, "language": template.language, "status": "APPROVED"}
            more = {"category": template.category, "components": template.components}
            sim.take_in({"templates": [{**copy, **more, "parameter_format": template.parameter_format}]})
            moved.append(template.id)
    return web.json_response({"migrated_templates": moved, "failed_templates": failed})


def routes() -> list[web.RouteDef]:
    """Archiving lives on a host of its own at the platform, without a version."""
    at = "/v{version}/{node}"
    return [
        web.post(f"{at}/unpause", unpause),
        web.get(f"{at}/compare", compare),
        web.post(f"{at}/upsert_message_templates", upsert),
        web.post(f"{at}/migrate_message_templates", migrate),
        web.post(f"{at}/message_templates/{{verb:archive|unarchive}}", archive),
        web.post(r"/{node:\d+}/message_templates/{verb:archive|unarchive}", archive),
    ]
