"""A business writes to a group of its number."""

from typing import Any

from simulator import checks, groups, speed, templates
from simulator.chats import Message, group_chat
from simulator.errors import GraphError
from simulator.simulation import Simulation, now
from simulator.world import Group, Number


def accept(sim: Simulation, *, number: Number, body: dict[str, Any], kind: str) -> Message:
    """Take a send to a group in: checked, recorded, on its way to every member. Raises GraphError."""
    group = _group(sim, number, body)
    if kind not in groups.SENDABLE:
        raise GraphError(131051, f"Messages of type {kind} cannot be sent to a group.")
    checks.check_content(sim, body, kind, number)
    waba = sim.waba_of(number)
    template = templates.find(sim.world, waba=waba, template=body["template"]) if kind == "template" else None
    chat = sim.chats.chat(number.id, group_chat(group.id))
    if template is None and sim.options.window_check != "off" and not chat.window_open(now()):
        raise GraphError(131047, "More than 24 hours have passed since somebody in the group last wrote.")
    if kind == "pin":
        _pin(sim, group, body["pin"])
    content = templates.fill(template, body["template"]) if template else body[kind]
    speed.check(sim, number, group.id)
    message = Message(
        seq=sim.chats.next_seq(),
        wamid=sim.ids.wamid(group.id, inbound=False),
        number_id=number.id,
        person=None,
        inbound=False,
        type=kind,
        at=now(),
        content={kind: content},
        payload=body,
        to=group.id,
        quotes=(body.get("context") or {}).get("message_id"),
        callback_data=body.get("biz_opaque_callback_data"),
        category=template.category.lower() if template else "service",
        template_id=template.id if template else None,
        group_id=group.id,
    )
    message.times["accepted"] = message.at
    if (target := sim.chats.apply(message)) is not None:
        sim.keep_message(target)
    sim.chats.add(message)
    sim.keep_message(message)
    groups.begin(sim, message)
    return message


def _pin(sim: Simulation, group: Group, wish: dict[str, Any]) -> None:
    """Pins a message of this group for some days, or takes the pin off. Raises GraphError."""
    target = sim.chats.by_wamid.get(str(wish["message_id"]))
    if target is None or target.group_id != group.id or target.deleted:
        raise GraphError(131009, "Message Id is not valid.")
    group.pinned.pop(target.wamid, None)
    if wish["type"] == "pin":
        group.pinned[target.wamid] = now() + 86_400 * int(wish["expiration_days"])
    sim.keep(group)


def _group(sim: Simulation, number: Number, body: dict[str, Any]) -> Group:
    group = sim.world.groups.get(str(body.get("to")))
    if group is None or group.number_id != number.id:
        raise GraphError(131020, "The group does not exist, or this number is not in it.")
    if group.suspended:
        raise GraphError(131203, "The group is suspended.")
    if not group.members:
        raise GraphError(131201, "The group has no members yet.")
    return group
