"""What a business says about a person's messages: read, and that it is typing."""

from typing import Any

from simulator.chats import Message
from simulator.errors import GraphError
from simulator.simulation import Simulation, now
from simulator.world import Number

_TYPING_SECONDS = 25.0


def take_receipt(sim: Simulation, *, number: Number, body: dict[str, Any]) -> dict[str, Any]:
    """Mark a person's message and the earlier ones as read; perhaps show that the business is typing.

    Raises  GraphError
    """
    if body.get("messaging_product") != "whatsapp" or body.get("status") != "read":
        raise GraphError(100, message="(#100) Param status must be one of {READ}.")
    message = sim.chats.by_wamid.get(str(body.get("message_id")))
    if message is None or not message.inbound or message.number_id != number.id or message.person is None:
        raise GraphError(131009, "Parameter message_id is not a message that was received by this number.")
    typing = body.get("typing_indicator")
    if typing is not None and (not isinstance(typing, dict) or typing.get("type") != "text"):
        raise GraphError(131009, "typing_indicator.type must be text.")
    _mark_read(sim, message)
    chat = sim.chats.chat(number.id, message.person)
    if typing is not None:
        chat.typing_until = now() + _TYPING_SECONDS
        sim.later(_TYPING_SECONDS, lambda: sim.live.tell(chat.number_id, chat.person))
    sim.chats.receipts.append(
        {
            "seq": sim.chats.next_seq(),
            "number": number.id,
            "person": message.person,
            "message_id": message.wamid,
            "typing": typing is not None,
            "at": now(),
        }
    )
    sim.live.tell(number.id, message.person)
    return {"success": True}


def _mark_read(sim: Simulation, message: Message) -> None:
    for earlier in sim.chats.chat(message.number_id, message.person or "").messages:
        if earlier.inbound and earlier.status != "read":
            earlier.status = "read"
            earlier.times["read"] = now()
            sim.keep_message(earlier)
        if earlier is message:
            break
