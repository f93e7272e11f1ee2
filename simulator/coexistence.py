"""A number that stays on the phone app of its business: echoes of what is written there, address book and history."""

import math
from typing import Any

from simulator import payloads
from simulator.chats import Chat, Message
from simulator.errors import GraphError, as_status_error
from simulator.media import LIMITS
from simulator.people import ActionError, content_of
from simulator.simulation import Simulation, now
from simulator.webhooks import Event
from simulator.world import Number, Person

DAY = 24 * 3600
_PHASES = (DAY, 90 * DAY, 180 * DAY)
_MEDIA_SECONDS = 14 * DAY
_SYNCS = ("smb_app_state_sync", "history")
_CONTEXT = {"accepted": "PENDING", "sent": "SENT", "delivered": "DELIVERED", "read": "READ", "played": "PLAYED"}
_CONTEXT["failed"] = "ERROR"
_NOT_HISTORY = ("reaction", "edit", "revoke", "system", "call")


def begin_sync(sim: Simulation, number: Number, kind: str) -> str:
    """Start one of the two syncs, each once and within a day of onboarding. Raises GraphError."""
    if kind not in _SYNCS:
        raise GraphError(100, message=f"(#100) Param sync_type must be one of {{{', '.join(_SYNCS)}}}.")
    if not number.on_phone_app:
        raise GraphError(131055, "The number is not on the WhatsApp Business app.")
    done: dict[str, str] = number.state.setdefault("syncs", {})
    if kind in done:
        raise GraphError(2593107, f"The {kind} sync was already asked for.")
    if now() - number.state.get("onboarded_at", 0) > DAY:
        raise GraphError(2593108, "More than 24 hours have passed since the number was onboarded.")
    request_id = done[kind] = sim.ids.digits(16, "syncs")
    sim.keep(number)
    if kind == "history":
        sim.later(0, lambda: _send_history(sim, number))
    else:
        sim.later(0, lambda: _send_book(sim, number))
    return request_id


def _emit(sim: Simulation, number: Number, field: str, part: dict[str, Any]) -> None:
    change = {"field": field, "value": {**payloads.messages_value(number), **part}}
    order = f"{field}:{number.id}"  # the chunks of one sync come in order, as far as the network lets them
    sim.webhooks.emit(Event(waba=sim.waba_of(number), change=change, number=number, order=order))


def _book(sim: Simulation, number: Number) -> list[Person]:
    strangers = set(number.state.get("not_in_book", []))
    with_phone = [person for person in sim.world.people.values() if person.phone and person.key not in strangers]
    known = set(number.state.get("address_book", []))
    return [person for person in with_phone if person.key in known or sim.chats.chat(number.id, person.key).messages]


def _send_book(sim: Simulation, number: Number) -> None:
    entries = [_entry(person, "add") for person in _book(sim, number)]
    for start in range(0, len(entries), 100):
        _emit(sim, number, "smb_app_state_sync", {"state_sync": entries[start : start + 100]})


def _entry(person: Person, action: str) -> dict[str, Any]:
    contact: dict[str, Any] = {"phone_number": person.phone}
    if action == "add":
        contact |= {"full_name": person.name, "first_name": person.name.partition(" ")[0]}
    metadata = {"timestamp": str(int(now())), "version": 1}
    return {"type": "contact", "contact": contact, "action": action, "metadata": metadata}


def change_book(sim: Simulation, number: Number, person: Person, *, action: str) -> None:
    """Somebody is added to or removed from the address book of the phone app. Raises ActionError."""
    if action not in ("add", "remove") or not person.phone:
        raise ActionError("action must be add or remove, of somebody with a phone number")
    for name, member in (("address_book", action == "add"), ("not_in_book", action == "remove")):
        others = [key for key in number.state.get(name, []) if key != person.key]
        number.state[name] = [*others, person.key] if member else others
    sim.keep(number)
    if "smb_app_state_sync" in number.state.get("syncs", {}):
        _emit(sim, number, "smb_app_state_sync", {"state_sync": [_entry(person, action)]})


def _send_history(sim: Simulation, number: Number) -> None:
    if number.state.get("shares_history", True) is False:
        refused = as_status_error(2593109, "The owner of the number does not share the history.")
        _emit(sim, number, "history", {"history": [{"errors": [refused]}]})
        return
    end = float(number.state.get("onboarded_at", now()))
    chunks = [chunk for phase in range(3) for chunk in _chunks(sim, number, phase, end)]
    for place, (phase, order, threads) in enumerate(chunks, 1):
        progress = math.floor(100 * place / len(chunks))
        metadata = {"phase": phase, "chunk_order": order, "progress": progress}
        _emit(sim, number, "history", {"history": [{"metadata": metadata, "threads": threads}]})
    if not chunks:
        metadata = {"phase": 2, "chunk_order": 1, "progress": 100}
        _emit(sim, number, "history", {"history": [{"metadata": metadata, "threads": []}]})
    _send_files(sim, number, end)


def _chunks(sim: Simulation, number: Number, phase: int, end: float) -> list[tuple[int, int, list[dict[str, Any]]]]:
    """Threads of the messages of one phase: of the last day, of 90 days, of 180 days."""
    youngest = _PHASES[phase - 1] if phase else 0
    threads = []
    for chat in sim.chats.of_number(number.id):
        ages = [(message, end - message.at) for message in chat.messages if message.type not in _NOT_HISTORY]
        told = [message for message, age in ages if youngest < age <= _PHASES[phase] or (age == 0 and phase == 0)]
        if told:
            threads.append(_thread(sim, number, chat, told))
    size = max(sim.options.history_chunk, 1)
    return [(phase, order, threads[at : at + size]) for order, at in enumerate(range(0, len(threads), size), 1)]


def _thread(sim: Simulation, number: Number, chat: Chat, messages: list[Message]) -> dict[str, Any]:
    person = sim.world.people[chat.person]
    bsuid = person.bsuid_for(sim.waba_of(number))
    context = {"user_id": bsuid, **({"wa_id": person.phone} if person.phone else {})}
    told = [_told(number, person.phone or bsuid, message) for message in messages]
    return {"id": person.phone or bsuid, "context": context, "messages": told}


def _told(number: Number, other: str, message: Message) -> dict[str, Any]:
    sides = {"from": other} if message.inbound else {"from": number.digits, "to": other}
    media = message.type in LIMITS
    content = {} if media else {message.type: message.content.get(message.type)}
    return {
        **sides,
        "id": message.wamid,
        "timestamp": str(int(message.at)),
        "type": "media_placeholder" if media else message.type,
        **content,
        "history_context": {"status": _CONTEXT.get(message.status, "PENDING")},
    }


def _send_files(sim: Simulation, number: Number, end: float) -> None:
    """The files of the last fourteen days follow, each under the id of its placeholder."""
    for chat in sim.chats.of_number(number.id):
        person = sim.world.people[chat.person]
        for message in chat.messages:
            if message.type not in LIMITS or not 0 <= end - message.at <= _MEDIA_SECONDS:
                continue
            told = _told(number, person.phone or person.bsuid_for(sim.waba_of(number)), message)
            file = {name: part for name, part in message.content[message.type].items() if name != "link"}
            row = {**told, "type": message.type, message.type: _described(sim, file)}
            row.pop("history_context")
            _emit(sim, number, "history", {"messages": [row]})


def _described(sim: Simulation, file: dict[str, Any]) -> dict[str, Any]:
    media = sim.media.get(str(file.get("id", "")))
    if media is None:
        return file
    url = sim.media.link(media, base_url=sim.settings.public_url)
    return {**file, "mime_type": media.mime_type, "sha256": media.sha256_base64, "url": url}


def write_on_app(sim: Simulation, number: Number, person: Person, given: dict[str, Any]) -> Message:
    """Somebody of the business writes on the phone app: the person has it, the app hears an echo. Raises ActionError.

    given    as what people write: {"text"}, or a type with its object; edit and revoke name original_message_id
    """
    if not number.on_phone_app:
        raise ActionError("the number is not on the phone app")
    waba, at = sim.waba_of(number), now()
    kind = str(given.get("type") or "text")
    address = person.wa_id or person.bsuid_for(waba)
    content = {kind: content_of(sim, given, kind, number)}
    wamid = sim.ids.wamid(address, inbound=False)
    to = {"to": person.wa_id} if person.wa_id else {}
    echo: dict[str, Any] = {
        "from": number.digits,
        **to,
        "to_user_id": person.bsuid_for(waba),
        "id": wamid,
        "timestamp": str(int(at)),
    }
    echo |= {"type": kind, **content}
    if given.get("reply_to"):
        echo["context"] = {"id": given["reply_to"]}
    message = Message(
        seq=sim.chats.next_seq(),
        wamid=wamid,
        number_id=number.id,
        person=person.key,
        inbound=False,
        type=kind,
        at=at,
        content=content,
        payload=echo,
        to=address,
        status="delivered",
        times={"delivered": at},
        quotes=given.get("reply_to"),
        on_app=True,
    )
    if (target := sim.chats.apply(message)) is not None:
        sim.keep_message(target)
    sim.chats.add(message)
    sim.keep_message(message)
    value = {**payloads.messages_value(number), "contacts": [payloads.contact(person, waba)], "message_echoes": [echo]}
    change = {"field": "smb_message_echoes", "value": value}
    sim.webhooks.emit(Event(waba=waba, change=change, number=number, person=person.key))
    return message
