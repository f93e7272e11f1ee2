"""The Graph API's message templates: list with cursors, submit for review, delete."""

import re
from typing import Any

from aiohttp import web

from simulator.access import json_body, waba_in, waba_in_path
from simulator.errors import GraphError
from simulator.graph_fields import page, select
from simulator.simulation import of
from simulator.world import Template

TEMPLATE_DEFAULT = ("name", "parameter_format", "components", "language", "status", "category", "id")
_NAME = re.compile(r"^[a-z0-9_]{1,512}$")
_FILTERS = ("name", "status", "language", "category")


def template_fields(template: Template) -> dict[str, Any]:
    """Every field of a template that can be asked for."""
    return {
        "id": template.id,
        "name": template.name,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "components": template.components,
        "parameter_format": template.parameter_format,
        "quality_score": {"score": "UNKNOWN"},
        "rejected_reason": "NONE",
        "message_send_ttl_seconds": None,
        **template.extra,
    }


async def list_templates(request: web.Request) -> web.Response:
    """GET /{WABA}/message_templates with filters and cursor paging."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    query = request.query
    wanted = [
        template
        for template in sim.world.templates.values()
        if template.waba_id == waba.id
        and all(query[name].upper() == str(getattr(template, name)).upper() for name in _FILTERS if name in query)
    ]
    wish = query.get("fields")
    return page(request, wanted, lambda template: select(template_fields(template), wish, TEMPLATE_DEFAULT))


async def get_template(request: web.Request) -> web.StreamResponse:
    """GET /{TEMPLATE}."""
    sim = of(request)
    template = sim.world.templates[request.match_info["node"]]
    waba_in(sim, request, template.waba_id)
    return web.json_response(select(template_fields(template), request.query.get("fields"), TEMPLATE_DEFAULT))


async def create_template(request: web.Request) -> web.Response:
    """POST /{WABA}/message_templates: waits for review as PENDING (see the control API)."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    body = await json_body(request)
    name, language, category = (str(body.get(field, "")) for field in ("name", "language", "category"))
    components = body.get("components")
    if not _NAME.match(name) or not language or category not in ("MARKETING", "UTILITY", "AUTHENTICATION"):
        raise GraphError(100, "A template needs a name of a-z, 0-9 and _, a language and a category.")
    if not isinstance(components, list) or not all(isinstance(part, dict) for part in components):
        raise GraphError(100, message="(#100) The parameter components is required.")
    if sim.world.template(waba.id, name=name, language=language):
        raise GraphError(2388024, f"There is already {language} content for this template.")
    _check_body(components)
    document = {
        "waba_id": waba.id,
        "name": name,
        "language": language,
        "category": category,
        "status": "PENDING",
        "components": components,
        "parameter_format": str(body.get("parameter_format", "POSITIONAL")).upper(),
    }
    sim.take_in({"templates": [document]})
    template = sim.world.template(waba.id, name=name, language=language)
    return web.json_response({"id": template.id if template else "", "status": "PENDING", "category": category})


def _check_body(components: list[dict[str, Any]]) -> None:
    for part in components:
        text = str(part.get("text", "")).strip()
        longest = {"BODY": 1024, "HEADER": 60, "FOOTER": 60}.get(str(part.get("type", "")).upper())
        if longest and len(text) > longest:
            raise GraphError(2388040, f"{part.get('type')} may have at most {longest} characters.")
        if str(part.get("type", "")).upper() == "BODY" and re.search(r"^\{\{|\}\}$", text):
            raise GraphError(2388299, "The body may not begin or end with a variable.")


async def delete_template(request: web.Request) -> web.Response:
    """DELETE /{WABA}/message_templates?name=: every language of a name, or one with hsm_id."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    name, one = request.query.get("name"), request.query.get("hsm_id")
    doomed = [
        template
        for template in sim.world.templates.values()
        if template.waba_id == waba.id and template.name == name and one in (None, template.id)
    ]
    if not doomed:
        raise GraphError(100, message="(#100) Invalid parameter: there is no such message template.")
    if any(template.status == "DISABLED" for template in doomed):
        raise GraphError(2388039, "A disabled template cannot be deleted.")
    for template in doomed:
        del sim.world.templates[template.id]
        sim.store.drop("templates", template.id)
    return web.json_response({"success": True})


def routes() -> list[web.RouteDef]:
    """Template routes."""
    return [
        web.get("/v{version}/{node}/message_templates", list_templates),
        web.post("/v{version}/{node}/message_templates", create_template),
        web.delete("/v{version}/{node}/message_templates", delete_template),
    ]
