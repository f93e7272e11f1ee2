"""What a phone page shows of a chat, as JSON."""

from typing import Any

from simulator.chats import Chat, Message
from simulator.media import LIMITS
from simulator.simulation import Simulation, now
from simulator.world import Number, Person

_SHOWN = 300
_UNSEEN = ("reaction", "edit", "revoke", "system")


def chat_view(sim: Simulation, *, person: Person, number: Number) -> dict[str, Any]:
    """The chat as the person sees it: what reached the phone, newest last."""
    chat = sim.chats.chat(number.id, person.key)
    seen = [message for message in chat.messages if _visible(message)][-_SHOWN:]
    return {
        "number": {"id": number.id, "name": number.verified_name, "display": number.display_phone_number},
        "person": {
            "key": person.key,
            "online": person.online,
            "read_receipts": person.read_receipts,
            "marketing_stopped": number.waba_id in person.stopped,
        },
        "typing": chat.typing_until > now(),
        "messages": [message_view(sim, message) for message in seen],
    }


def last_line(sim: Simulation, chat: Chat) -> str:
    """One line about the newest visible message, for lists."""
    newest = next((message for message in reversed(chat.messages) if _visible(message)), None)
    return "" if newest is None else summary(newest)


def _visible(message: Message) -> bool:
    return message.type not in _UNSEEN and (message.inbound or message.reached)


def message_view(sim: Simulation, message: Message) -> dict[str, Any]:
    """One bubble."""
    quoted = sim.chats.by_wamid.get(message.quotes or "")
    view: dict[str, Any] = {
        "id": message.wamid,
        "mine": message.inbound,
        "type": message.type,
        "at": message.at,
        "status": message.status,
        "edited": message.edited,
        "deleted": message.deleted,
        "reactions": {side: emoji for side, emoji in message.reactions.items() if emoji},
        "quote": {"id": quoted.wamid, "mine": quoted.inbound, "text": summary(quoted)} if quoted else None,
        "content": None if message.deleted else message.content.get(message.type),
    }
    if message.deleted or not isinstance(view["content"], dict):
        return view
    holder = view["content"]
    if message.type in LIMITS:
        view["file"] = file_view(sim, holder)
    header = holder.get("header") if message.type in ("template", "interactive") else None
    if isinstance(header, dict) and header.get("type") in LIMITS:
        view["file"] = file_view(sim, header.get(header["type"]) or {}) | {"kind": header["type"]}
    return view


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
