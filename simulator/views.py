"""What a phone page shows of a chat, as JSON."""

from typing import Any

from simulator.chats import Chat, Message, group_chat
from simulator.forms import flow_form
from simulator.media import LIMITS
from simulator.simulation import Simulation, now
from simulator.world import Group, Number, Person

_SHOWN = 300
_UNSEEN = ("reaction", "edit", "revoke", "system", "pin")


def chat_view(sim: Simulation, *, person: Person, number: Number, group: Group | None = None) -> dict[str, Any]:
    """The chat, or a group's, as the person sees it: what reached the phone, newest last."""
    chat = sim.chats.chat(number.id, group_chat(group.id) if group else person.key)
    seen = [message for message in chat.messages if _visible(message)][-_SHOWN:]
    name = group.subject if group else number.verified_name
    prompts = [] if group else number.state.get("automation", {}).get("prompts", [])
    return {
        "number": {"id": number.id, "name": name, "display": number.display_phone_number, "prompts": prompts},
        "person": {
            "key": person.key,
            "online": person.online,
            "read_receipts": person.read_receipts,
            "marketing_stopped": number.waba_id in person.stopped,
        },
        "typing": chat.typing_until > now(),
        "messages": [message_view(sim, message, person) for message in seen],
    }


def last_line(sim: Simulation, chat: Chat) -> str:
    """One line about the newest visible message, for lists."""
    newest = next((message for message in reversed(chat.messages) if _visible(message)), None)
    return "" if newest is None else summary(newest)


def _visible(message: Message) -> bool:
    return message.type not in _UNSEEN and (message.inbound or message.reached)


def message_view(sim: Simulation, message: Message, person: Person) -> dict[str, Any]:
    """One bubble, as this person sees it."""
    quoted = sim.chats.by_wamid.get(message.quotes or "")
    view: dict[str, Any] = {
        "id": message.wamid,
        "mine": message.inbound and message.person == person.key,
        "author": _author(sim, message, person),
        "type": message.type,
        "at": message.at,
        "status": message.status,
        "edited": message.edited,
        "deleted": message.deleted,
        "pinned": _pinned(sim, message),
        "reactions": {_side(side, person): emoji for side, emoji in message.reactions.items() if emoji},
        "quote": {"id": quoted.wamid, "mine": quoted.person == person.key and quoted.inbound, "text": summary(quoted)}
        if quoted
        else None,
        "content": None if message.deleted else message.content.get(message.type),
    }
    if message.deleted or not isinstance(view["content"], dict):
        return view
    holder = view["content"]
    if (flow_id := _flow_id(message.type, holder)) is not None:
        view["flow"] = flow_form(sim, holder, flow_id)
    if message.type in LIMITS:
        view["file"] = file_view(sim, holder)
    header = holder.get("header") if message.type in ("template", "interactive") else None
    if isinstance(header, dict) and header.get("type") in LIMITS:
        view["file"] = file_view(sim, header.get(header["type"]) or {}) | {"kind": header["type"]}
    view["card_files"] = [_card_file(sim, card) for card in _cards(message.type, holder)]
    return view


def _cards(kind: str, content: dict[str, Any]) -> list[dict[str, Any]]:
    """The cards of a carousel, of a template or free."""
    if kind == "template":
        return list(content.get("cards", []))
    return list(content["action"].get("cards", [])) if kind == "interactive" and "action" in content else []


def _card_file(sim: Simulation, card: dict[str, Any]) -> dict[str, Any] | None:
    header = card.get("header") or {}
    shape = str(header.get("type", ""))
    return file_view(sim, header.get(shape) or {}) | {"kind": shape} if shape in LIMITS else None


def _pinned(sim: Simulation, message: Message) -> bool:
    group = sim.world.groups.get(message.group_id or "")
    return group is not None and group.pinned.get(message.wamid, 0.0) > now()


def _author(sim: Simulation, message: Message, person: Person) -> str | None:
    """In a group: who of the others wrote this."""
    if message.group_id is None or message.person == person.key:
        return None
    if message.person is None:
        return sim.world.numbers[message.number_id].verified_name
    other = sim.world.people.get(message.person)
    return other.name if other else message.person


def _side(side: str, person: Person) -> str:
    return "person" if side == person.key else side


def file_view(sim: Simulation, content: dict[str, Any]) -> dict[str, Any]:
    """Where the page finds a file; `url` is absent for links and for files that are gone."""
    media = sim.media.get(str(content.get("id", "")))
    if media is None:
        return {"link": content.get("link"), "name": content.get("filename") or ""}
    name = content.get("filename") or media.filename or ""
    return {"url": f"/phone/media/{media.id}", "mime": media.mime_type, "size": media.size, "name": name}


def summary(message: Message) -> str:
    """A message in one line."""
    if message.deleted:
        return "Deleted message"
    content = message.content.get(message.type)
    if message.type == "contacts":
        return "Contact"
    if not isinstance(content, dict):
        return message.type.capitalize()
    body = content.get("body")
    text = body.get("text") if isinstance(body, dict) else body
    if message.type == "interactive" and message.inbound:
        reply = content.get(str(content.get("type")))
        text = reply.get("title") if isinstance(reply, dict) else None
    text = text or content.get("caption") or content.get("text") or content.get("filename") or content.get("name")
    kind = "" if message.type in ("text", "template", "interactive", "button") else f"{message.type.capitalize()}: "
    return f"{kind}{str(text)[:160]}" if text else message.type.capitalize()


def _flow_id(kind: str, content: dict[str, Any]) -> str | None:
    """The form that a message offers; empty when it names none that we know."""
    if kind == "interactive" and content.get("type") == "flow":
        return str(content.get("action", {}).get("parameters", {}).get("flow_id") or "")
    if kind == "template":
        flows = [button for button in content.get("buttons", []) if button.get("type") == "flow"]
        return str(flows[0].get("flow_id") or "") if flows else None
    return None
