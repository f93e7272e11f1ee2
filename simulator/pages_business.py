"""A business seen from the platform: its phone app, what waits for review, its groups; by plain forms."""

import html
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web

from simulator import coexistence, groups, names, template_life
from simulator.control import bad, number_named
from simulator.control_people import person_named
from simulator.control_platform import group_named
from simulator.health import number_health
from simulator.pages import render, render_part
from simulator.people import ActionError
from simulator.simulation import Simulation, of
from simulator.world import Number, Person, Template, WorldError

_REASONS = ("ABUSIVE_CONTENT", "INCORRECT_CATEGORY", "INVALID_FORMAT", "PROMOTIONAL", "SCAM", "TAG_CONTENT_MISMATCH")
Form = dict[str, str]


async def get_business(request: web.Request) -> web.Response:
    """What is known of a number, and what can be done to it."""
    return _page(of(request), number_named(of(request), request.match_info["number"]))


def _page(sim: Simulation, number: Number, *, problem: str = "") -> web.Response:
    own = [template for template in sim.world.templates.values() if template.waba_id == number.waba_id]
    members = [group for group in sim.world.groups.values() if group.number_id == number.id]
    people = "".join(_option(person.key, person.name) for person in _acquainted(sim, number))
    return render(
        "business.html",
        title=html.escape(number.verified_name),
        display=html.escape(number.display_phone_number),
        number=html.escape(number.id),
        problem=f'<p class="notice" role="alert">{html.escape(problem)}</p>' if problem else "",
        facts=_facts(sim, number),
        app=_app(people) if number.on_phone_app else "",
        naming=_naming(number),
        templates="".join(map(_template, own)) or '<li class="soft">There are no templates.</li>',
        groups="".join(_group(sim, each.id, people) for each in members)
        or '<li class="soft">There are no groups.</li>',
    )


def _option(value: str, label: str) -> str:
    return f'<option value="{html.escape(value)}">{html.escape(label)}</option>'


def _acquainted(sim: Simulation, number: Number) -> list[Person]:
    """Everybody, first those with a chat."""
    known = {chat.person for chat in sim.chats.of_number(number.id) if chat.messages}
    return sorted(sim.world.people.values(), key=lambda person: person.key not in known)[:200]


def _facts(sim: Simulation, number: Number) -> str:
    health = number_health(sim, number)["can_send_message"]
    storage = number.state.get("settings", {}).get("storage_configuration", {})
    rows = {
        "Status": number.status.capitalize(),
        "Can send": health.capitalize(),
        "Quality": number.quality_rating.capitalize(),
        "Username": number.state.get("username", {}).get("username", "none"),
        "Data in": storage.get("data_localization_region", "default"),
    }
    if code := number.state.get("code"):
        rows["Code that was sent"] = code["code"]
    if name := number.state.get("new_display_name"):
        rows["New name"] = f"{name} ({number.state.get('new_name_status')})"
    shown = [(html.escape(term), html.escape(str(value))) for term, value in rows.items()]
    return "".join(f"<div><dt>{term}</dt><dd>{value}</dd></div>" for term, value in shown)


def _app(people: str) -> str:
    return render_part("_phone_app.html", people=people)


def _naming(number: Number) -> str:
    waits = "PENDING_REVIEW" in (number.state.get("new_name_status"), number.state.get("name_status"))
    if not waits:
        return ""
    wished = html.escape(str(number.state.get("new_display_name") or number.verified_name))
    return (
        f'<section><h2>Name to be reviewed</h2><form method="post" class="line"><p class="wide">{wished}</p>'
        '<button class="button" name="do" value="name_REJECTED">Refuse</button>'
        '<button class="button primary" name="do" value="name_APPROVED">Approve</button></form></section>'
    )


def _template(template: Template) -> str:
    bodies = [part for part in template.components if str(part.get("type")).upper() == "BODY"]
    body = str(bodies[0].get("text", "")) if bodies else ""
    score = template.extra.get("quality_score", {}).get("score", "UNKNOWN")
    acts = [("review_APPROVED", "Approve"), ("review_REJECTED", "Reject")]
    if template.status == "APPROVED":
        acts = [("RED", "Pause for quality"), ("pace", "Pause by pacing"), ("move", "Move category")]
    elif template.status == "PAUSED":
        acts = [("unpause", "End the pause"), ("review_DISABLED", "Disable")]
    reasons = "".join(_option(reason, reason.replace("_", " ").capitalize()) for reason in _REASONS)
    choose = f'<select name="reason" aria-label="Reason">{reasons}</select>' if acts[-1][0] == "review_REJECTED" else ""
    state = template.status.lower().replace("_", " ")
    about = f"{html.escape(template.language)} · {template.category.lower()} · {state} · quality {score.lower()}"
    buttons = "".join(f'<button class="button" name="do" value="{act}">{label}</button>' for act, label in acts)
    return (
        f'<li class="template"><div><h3>{html.escape(template.name)} <span class="soft">{about}</span></h3>'
        f'<p>{html.escape(body)}</p></div><form method="post" class="line">'
        f'<input type="hidden" name="template" value="{html.escape(template.id)}">{choose}{buttons}</form></li>'
    )


def _group(sim: Simulation, group_id: str, people: str) -> str:
    group = sim.world.groups[group_id]
    inside = ", ".join(sim.world.people[key].name for key in group.members if key in sim.world.people) or "nobody yet"
    return (
        f'<li class="template"><div><h3>{html.escape(group.subject)}</h3><p>{html.escape(inside)}</p></div>'
        f'<form method="post" class="line"><input type="hidden" name="group" value="{html.escape(group.id)}">'
        f'<select name="person" aria-label="Person">{people}</select>'
        '<button class="button" name="do" value="join">Joins</button>'
        '<button class="button" name="do" value="leave">Leaves</button></form></li>'
    )


async def post_business(request: web.Request) -> web.Response:
    """One of the forms; what cannot be done is said above them."""
    sim = of(request)
    number = number_named(sim, request.match_info["number"])
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    try:
        _do(sim, number, form)
    except (ActionError, WorldError) as refusal:
        return _page(sim, number, problem=str(refusal))
    raise web.HTTPSeeOther(f"/business/{quote(number.id)}")


def _do(sim: Simulation, number: Number, form: Form) -> None:
    act = form.get("do", "")
    if act == "app":
        coexistence.write_on_app(sim, number, person_named(sim, form.get("person", "")), {"text": form.get("text", "")})
    elif act in ("join", "leave"):
        group, person = group_named(sim, form.get("group", "")), person_named(sim, form.get("person", ""))
        if act == "join":
            groups.join(sim, group, person)
        else:
            groups.remove(sim, group, [person], by_business=False)
    elif act == "group":
        groups.make(sim, number, subject=form.get("subject", "")[:128] or "Group", description="", mode="auto_approve")
    elif act.startswith("name_"):
        names.decide(sim, number, act.removeprefix("name_"), reason="The name does not stand for the business.")
    else:
        _do_template(sim, number, act, form)


def _do_template(sim: Simulation, number: Number, act: str, form: Form) -> None:
    template = sim.world.templates.get(form.get("template", ""))
    if template is None or template.waba_id != number.waba_id:
        raise bad("there is no such template", web.HTTPNotFound)
    simple: dict[str, Callable[[Simulation, Template], Any]] = {
        "pace": template_life.pace,
        "unpause": template_life.unpause,
        "RED": template_life.pause,
    }
    if act in simple:
        simple[act](sim, template)
    elif act == "move":
        other = "UTILITY" if template.category == "MARKETING" else "MARKETING"
        template_life.announce_category(sim, template, other)
        template_life.change_category(sim, template, other)
    else:
        status = act.removeprefix("review_")
        reason = form.get("reason", "NONE") if status == "REJECTED" else "NONE"
        template_life.review(sim, template, status, reason=reason)


def routes() -> list[web.RouteDef]:
    """The page of a number."""
    return [web.get("/business/{number}", get_business), web.post("/business/{number}", post_business)]
