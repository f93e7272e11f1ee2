"""The Graph API's message templates: listed, submitted, changed and deleted under the platform's rules."""

import json
import re
from typing import Any

from aiohttp import web

from simulator import template_life, template_rules
from simulator.access import json_body, waba_in, waba_in_path
from simulator.errors import GraphError
from simulator.graph_fields import ABSENT, page, select
from simulator.health import template_health
from simulator.simulation import Simulation, now, of
from simulator.world import Template, Waba

TEMPLATE_DEFAULT = ("name", "parameter_format", "components", "language", "status", "category", "id")
_FILTERS = ("name", "status", "language", "category")
_DAY = 24 * 3600
_BLOCKED_SECONDS = 30 * _DAY
_CREATIONS_PER_HOUR = 100
_LIMIT_VERIFIED, _LIMIT_UNVERIFIED = 6000, 250
_EDITABLE = ("APPROVED", "REJECTED", "PAUSED")


def template_fields(sim: Simulation, template: Template) -> dict[str, Any]:
    """Every field of a template that can be asked for."""
    return {
        "id": template.id,
        "name": template.name,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "sub_category": ABSENT,
        "library_template_name": ABSENT,
        "degrees_of_freedom_spec": ABSENT,
        "correct_category": ABSENT,
        "previous_category": ABSENT,
        "components": template.components,
        "parameter_format": template.parameter_format,
        "quality_score": {"score": "UNKNOWN", "date": int(template.state.get("changed_at", 0))},
        "rejected_reason": "NONE",
        "message_send_ttl_seconds": ABSENT,
        "cta_url_link_tracking_opted_out": False,
        "is_primary_device_delivery_only": False,
        "health_status": lambda _: template_health(sim, template),
        "last_updated_time": int(template.state.get("changed_at", 0)) or ABSENT,
        **template.extra,
    }


async def list_templates(request: web.Request) -> web.Response:
    """GET /{WABA}/message_templates with filters and cursor paging."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    query = request.query
    own = [template for template in sim.world.templates.values() if template.waba_id == waba.id]
    wanted = [
        template
        for template in own
        if all(query[name].upper() == str(getattr(template, name)).upper() for name in _FILTERS if name in query)
        and query.get("name_or_content", "").lower() in f"{template.name} {template.components}".lower()
    ]
    wish = query.get("fields")
    answer = page(request, wanted, lambda template: select(template_fields(sim, template), wish, TEMPLATE_DEFAULT))
    if "summary" not in query:
        return answer
    counts = {"total_count": len(own), "message_template_count": len(own)}
    limits = {"message_template_limit": _limit(waba), "are_translations_complete": True}
    return with_summary(answer, {**counts, **limits})


def with_summary(answer: web.Response, summary: dict[str, Any]) -> web.Response:
    """The same list with figures about the whole."""
    return web.json_response({**json.loads(answer.text or "{}"), "summary": summary})


async def get_template(request: web.Request) -> web.StreamResponse:
    """GET /{TEMPLATE}."""
    sim = of(request)
    template = own_template(sim, request)
    return web.json_response(select(template_fields(sim, template), request.query.get("fields"), TEMPLATE_DEFAULT))


def own_template(sim: Simulation, request: web.Request, template_id: str | None = None) -> Template:
    """A template by id, the one in the path by default, if the token opens its account. Raises GraphError."""
    template = sim.world.templates.get(template_id or request.match_info["node"])
    if template is None:
        raise GraphError(100, message="(#100) Invalid parameter: there is no such message template.", subcode=33)
    waba_in(sim, request, template.waba_id)
    return template


async def create_template(request: web.Request) -> web.Response:
    """POST /{WABA}/message_templates: waits for review as PENDING (see the options and the control API)."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    body = await json_body(request)
    template_rules.check_head(body)
    _check_room(sim, waba)
    template = make(sim, waba, body)
    return web.json_response({"id": template.id, "status": template.status, "category": template.category})


def make(sim: Simulation, waba: Waba, body: dict[str, Any]) -> Template:
    """A new template that waits for review. Raises GraphError."""
    name, language, category = str(body["name"]), str(body["language"]), str(body["category"])
    if sim.world.template(waba.id, name=name, language=language):
        raise GraphError(2388024, f"There is already {language} content for this template.")
    if waba.state.get("blocked_names", {}).get(name, 0) > now():
        raise GraphError(2388024, f"{name} was deleted less than 30 days ago; its name is still blocked.")
    form = str(body.get("parameter_format") or "POSITIONAL").upper()
    components = template_rules.read(sim, waba, body.get("components"), category=category, named=form == "NAMED")
    document: dict[str, Any] = {"waba_id": waba.id, "name": name, "language": language, "category": category}
    document |= {"status": "PENDING", "components": components, "parameter_format": form}
    if body.get("message_send_ttl_seconds") is not None:
        document["message_send_ttl_seconds"] = body["message_send_ttl_seconds"]
    document |= {"id": sim.ids.digits(16, "templates"), "state": {"changed_at": now()}}
    sim.take_in({"templates": [document]})
    template = sim.world.templates[document["id"]]
    template_life.submit(sim, template)
    return template


def _limit(waba: Waba) -> int:
    verified = waba.extra.get("business_verification_status", "verified") == "verified"
    return int(waba.state.get("template_limit") or (_LIMIT_VERIFIED if verified else _LIMIT_UNVERIFIED))


def _check_room(sim: Simulation, waba: Waba) -> None:
    if sum(template.waba_id == waba.id for template in sim.world.templates.values()) >= _limit(waba):
        raise GraphError(2388019, f"The account has {_limit(waba)} message templates, which is the most it may have.")
    recent = [at for at in waba.state.get("creations", []) if now() - at < 3600]
    if len(recent) >= _CREATIONS_PER_HOUR:
        raise GraphError(80007, "More than 100 templates were created within an hour.")
    waba.state["creations"] = [*recent, now()]
    sim.keep(waba)


async def edit_template(request: web.Request) -> web.StreamResponse:
    """POST /{TEMPLATE}: other components or category, which are reviewed again; or how long it may wait."""
    sim = of(request)
    template = own_template(sim, request)
    body = await json_body(request)
    if template.status not in _EDITABLE:
        raise GraphError(2388039, f"A template that is {template.status} cannot be changed.")
    category = str(body.get("category") or template.category)
    if category not in template_rules.CATEGORIES:
        raise GraphError(100, "The category of the template is not valid.")
    if category != template.category and template.status != "REJECTED":
        raise GraphError(2388039, "The category of an approved template cannot be changed.")
    if body.get("components") is not None or category != template.category:
        _count_edit(template)
        named = template.parameter_format == "NAMED"
        waba, given = sim.world.wabas[template.waba_id], body.get("components") or template.components
        template.components = template_rules.read(sim, waba, given, category=category, named=named)
        template.category = category
        template_life.tell_components(sim, template)
        template_life.submit(sim, template)
    if body.get("message_send_ttl_seconds") is not None:
        template.extra["message_send_ttl_seconds"] = body["message_send_ttl_seconds"]
    template.state["changed_at"] = now()
    sim.keep(template)
    named_fields = {"id": template.id, "name": template.name, "category": template.category}
    return web.json_response({"success": True, **named_fields})


def _count_edit(template: Template) -> None:
    """An approved template may be changed once a day and ten times in thirty days."""
    if template.status != "APPROVED":
        return
    edits = [at for at in template.state.get("edits", []) if now() - at < 30 * _DAY]
    if any(now() - at < _DAY for at in edits) or len(edits) >= 10:
        raise GraphError(2388039, "An approved template can be changed once in 24 hours, 10 times in 30 days.")
    template.state["edits"] = [*edits, now()]


async def delete_template(request: web.Request) -> web.Response:
    """DELETE /{WABA}/message_templates?name=: every language of a name, one with hsm_id, or several with hsm_ids."""
    sim = of(request)
    waba = waba_in_path(sim, request)
    body = await json_body(request)
    name, one = body.get("name"), body.get("hsm_id")
    several = re.findall(r"[0-9]+", str(body.get("hsm_ids") or ""))
    if len(several) > 100:
        raise GraphError(100, message="(#100) hsm_ids may name at most 100 templates.")
    own = [template for template in sim.world.templates.values() if template.waba_id == waba.id]
    doomed = [template for template in own if template.id in several] if several else _named(own, name, one)
    if not doomed or (several and len(doomed) < len(set(several))):
        raise GraphError(100, message="(#100) Invalid parameter: there is no such message template.")
    if any(template.status == "DISABLED" for template in doomed):
        raise GraphError(2388039, "A disabled template cannot be deleted.")
    for template in doomed:
        _delete(sim, waba, template)
    return web.json_response({"success": True})


def _named(own: list[Template], name: object, one: object) -> list[Template]:
    return [
        template
        for template in own
        if (name is not None or one is not None) and name in (None, template.name) and one in (None, template.id)
    ]


def _delete(sim: Simulation, waba: Waba, template: Template) -> None:
    if template.status == "APPROVED":
        waba.state.setdefault("blocked_names", {})[template.name] = now() + _BLOCKED_SECONDS
        sim.keep(waba)
    del sim.world.templates[template.id]
    sim.store.drop("templates", template.id)


def routes() -> list[web.RouteDef]:
    """Template routes; reading and changing one goes to the node itself (see graph)."""
    return [
        web.get("/v{version}/{node}/message_templates", list_templates),
        web.post("/v{version}/{node}/message_templates", create_template),
        web.delete("/v{version}/{node}/message_templates", delete_template),
    ]
