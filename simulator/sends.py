"""POST /{PHONE}/messages: a business writes to a person, or marks what a person wrote as read."""

import asyncio
import logging
from typing import Any

from aiohttp import web

from simulator import calls, checks, group_sends, speed, statuses, templates
from simulator.access import json_body, number_of
from simulator.chats import Message
from simulator.errors import GraphError
from simulator.faults import Fault, delay_of, drops, refuse_before_accepting
from simulator.health import funded
from simulator.receipts import take_receipt
from simulator.simulation import Simulation, now, of
from simulator.world import Number, Person, Template, country_of

log = logging.getLogger("simulator.sends")
_MONTH_SECONDS = 30 * 24 * 3600
_OUTSIDE_WINDOW = (
    "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
)


async def post_messages(request: web.Request) -> web.StreamResponse:
    """Check, accept, then answer after the latency; faults strike before or after accepting."""
    sim = of(request)
    number = number_of(sim, request)
    body = await json_body(request)
    if body.get("status") is not None:
        return web.json_response(take_receipt(sim, number=number, body=body))
    struck = _strike(sim, number, body)
    refuse_before_accepting(struck)
    if not request.path.endswith("/marketing_messages"):
        _check_marketing(sim, number, body)
    message = accept(sim, number=number, body=body)
    lost = drops(struck)
    message.answered = not lost
    status = _message_status(sim, message)
    pause = sim.options.latency_ms / 1000 + delay_of(struck)
    if pause:
        await asyncio.sleep(pause)
    if lost and request.transport is not None:
        request.transport.close()
    return web.json_response(_answer(message, body, message_status=status))


def _check_marketing(sim: Simulation, number: Number, body: dict[str, Any]) -> None:
    """An account may have moved its marketing to the other endpoint. Raises GraphError 131063."""
    if not sim.waba_of(number).state.get("marketing_elsewhere"):
        return
    found = _template_of(sim, number, body)
    if found is not None and found.category == "MARKETING":
        raise GraphError(131063, "Marketing templates of this account go to marketing_messages.")


def _template_of(sim: Simulation, number: Number, body: dict[str, Any]) -> Template | None:
    given = body.get("template")
    if not isinstance(given, dict) or not isinstance(given.get("language"), dict):
        return None
    return sim.world.template(number.waba_id, name=str(given.get("name")), language=str(given["language"].get("code")))


async def post_marketing(request: web.Request) -> web.StreamResponse:
    """POST /{PHONE}/marketing_messages: the same, for marketing templates only."""
    sim = of(request)
    number = number_of(sim, request)
    body = await json_body(request)
    found = _template_of(sim, number, body)
    if found is not None and found.category != "MARKETING":
        raise GraphError(134101, "Only marketing templates can be sent here.")
    return await post_messages(request)


def accept(sim: Simulation, *, number: Number, body: dict[str, Any]) -> Message:
    """Take a send in: checked, recorded, on its way. Raises GraphError."""
    kind = checks.check_head(body)
    if body.get("recipient_type") == "group":
        return group_sends.accept(sim, number=number, body=body, kind=kind)
    if kind == "pin":
        raise GraphError(131051, "Messages can only be pinned in groups.")
    address = checks.recipient(body, number)
    checks.check_content(sim, body, kind, number)
    waba = sim.waba_of(number)
    person = sim.world.person_at(address)
    if person is None and sim.options.unknown_people == "create" and address.isdigit():
        person = sim.world.add_person({"name": f"+{address}", "phone": address})
        sim.keep(person)
    template = templates.find(sim.world, waba=waba, template=body["template"]) if kind == "template" else None
    content = templates.fill(template, body["template"]) if template else body[kind]
    speed.check(sim, number, address)
    fail = _refusals(sim, number=number, person=person, kind=kind, template=template, address=address, body=body)
    message = Message(
        seq=sim.chats.next_seq(),
        wamid=sim.ids.wamid(address, inbound=False),
        number_id=number.id,
        person=person.key if person else None,
        inbound=False,
        type=kind,
        at=now(),
        content={kind: content},
        payload=body,
        to=address,
        quotes=(body.get("context") or {}).get("message_id"),
        callback_data=body.get("biz_opaque_callback_data"),
        category=template.category.lower() if template else "service",
        template_id=template.id if template else None,
    )
    message.times["accepted"] = message.at
    _file(sim, message, person)
    if template is not None and fail is None and _held(sim, template):
        message.held = True
        sim.later(sim.options.quality_hold_ms / 1000, lambda: _release(sim, message, template))
    else:
        statuses.begin(sim, message, fail=fail)
    log.info("accepted number=%s type=%s seq=%d", number.id, kind, message.seq)
    return message


def _strike(sim: Simulation, number: Number, body: dict[str, Any]) -> list[Fault]:
    if not sim.faults:
        return []
    person = sim.world.person_at(str(body.get("to") or body.get("recipient") or "").lstrip("+"))
    return sim.faults.strike("send", number=number.id, person=person.key if person else None)


def _refusals(
    sim: Simulation,
    *,
    number: Number,
    person: Person | None,
    kind: str,
    template: Template | None,
    address: str,
    body: dict[str, Any],
) -> tuple[int, str] | None:
    """What speaks against this message to this person: raised, or returned to fail later as a status."""
    if template is not None and template.category == "AUTHENTICATION" and not address.isdigit():
        raise GraphError(131062, "Authentication templates need a phone number.")
    if person is None:
        return 131026, "Message undeliverable."
    if person.key in number.state.get("blocked", []):
        raise GraphError(130403, "The business has blocked this user.")
    if not funded(sim.waba_of(number)) and _costs(sim, number, person, template):
        return 131042, "There was an error related to your payment method."
    if template is not None:
        if template.status == "PAUSED":
            return 132015, "The template was paused by pacing."
        if template.category == "MARKETING" and number.waba_id in person.stopped:
            return 131050, "The user stopped marketing messages from your business."
        if template.category == "MARKETING" and country_of(person.phone) == "US":
            return 131049, "Marketing messages to numbers of the United States are not delivered."
        _check_limit(sim, number, person)
        return None
    if kind == "interactive" and body["interactive"].get("type") == "call_permission_request":
        calls.ask(sim, number, person)
    if kind == "reaction":
        _check_reaction_target(sim, number, person, body["reaction"]["message_id"])
    check = sim.options.window_check
    if check == "off" or sim.chats.chat(number.id, person.key).window_open(now()):
        return None
    if check == "sync":
        raise GraphError(131047, _OUTSIDE_WINDOW)
    return 131047, _OUTSIDE_WINDOW


def _costs(sim: Simulation, number: Number, person: Person, template: Template | None) -> bool:
    """Whether the message would be charged: templates outside a free entry point, and beyond the free thousand."""
    if now() < sim.chats.chat(number.id, person.key).free_until:
        return False
    return template is not None or sim.chats.count_service(number.id, now(), taking=False) > statuses.FREE_SERVICE


def _check_limit(sim: Simulation, number: Number, person: Person) -> None:
    """Outside their window, only so many people a day may be written to from all numbers of a portfolio."""
    if not sim.options.limit_check or sim.chats.chat(number.id, person.key).window_open(now()):
        return
    limit = number.extra.get("whatsapp_business_manager_messaging_limit")
    scope = sim.waba_of(number).scope_id
    if not sim.budgets.portfolios.may_open(scope, person=person.key, limit=limit, now=now()):
        raise GraphError(131048, "The messaging limit of this business is reached for the next hours.")


def _check_reaction_target(sim: Simulation, number: Number, person: Person, wamid: str) -> None:
    target = sim.chats.by_wamid.get(wamid)
    if target is None or (target.number_id, target.person) != (number.id, person.key):
        raise GraphError(131009, "Message Id is not valid.")
    if now() - target.at > _MONTH_SECONDS:
        raise GraphError(131009, "The message is too old to react to.")


def _file(sim: Simulation, message: Message, person: Person | None) -> None:
    sim.chats.add(message)
    if person is not None:
        chat = sim.chats.chat(message.number_id, person.key)
        chat.typing_until = 0.0
        statuses.open_free_entry(chat, message.at)
        if message.type == "reaction":
            target = sim.chats.by_wamid[message.content["reaction"]["message_id"]]
            target.reactions["business"] = message.content["reaction"]["emoji"]
            sim.keep_message(target)
    sim.keep_message(message)


def _held(sim: Simulation, template: Template) -> bool:
    """The first messages of a new template wait until the platform has seen how people take it."""
    return bool(sim.options.quality_hold_ms) and not template.state.get("assessed")


def _release(sim: Simulation, message: Message, template: Template) -> None:
    """The wait is over: the message goes out, unless the template was paused or disabled meanwhile."""
    message.held = False
    template.state["assessed"] = True
    sim.keep(template)
    lost = template.status != "APPROVED"
    statuses.begin(sim, message, fail=(132015, "The template was paused before it was sent.") if lost else None)


def _message_status(sim: Simulation, message: Message) -> str:
    template = sim.world.templates.get(message.template_id or "")
    paused = template is not None and template.status == "PAUSED"
    return "held_for_quality_assessment" if message.held else "paused" if paused else "accepted"


def _answer(message: Message, body: dict[str, Any], *, message_status: str) -> dict[str, Any]:
    if message.group_id is not None:
        contact = {"input": message.group_id, "wa_id": message.group_id}
    elif message.to.isdigit():
        contact = {"input": str(body["to"]), "wa_id": message.to}
    else:
        contact = {"input": message.to, "user_id": message.to}
    sent = {"id": message.wamid}
    if message.type == "template":
        sent["message_status"] = message_status
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]}


def routes() -> list[web.RouteDef]:
    """Both endpoints."""
    return [
        web.post("/v{version}/{node}/messages", post_messages),
        web.post("/v{version}/{node}/marketing_messages", post_marketing),
    ]
