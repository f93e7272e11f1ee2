"""What people do on their phones: write, react, edit, take back, change number, stop marketing."""

import asyncio
import base64
import binascii
import logging
from typing import Any

from simulator import payloads
from simulator.chats import Message
from simulator.deliveries import Answer, settle
from simulator.media import LIMITS
from simulator.simulation import Simulation, now
from simulator.webhooks import Event
from simulator.world import Number, Person

log = logging.getLogger("simulator.people")

_SHORT = {"text": "body", "reaction": "emoji", "image": "caption", "video": "caption", "document": "caption"}
_DEFAULT_MIME = {
    "image": "image/jpeg",
    "audio": "audio/ogg; codecs=opus",
    "video": "video/mp4",
    "sticker": "image/webp",
    "document": "application/pdf",
}
_LONGEST_INBOUND = 100 * 1024 * 1024


class ActionError(ValueError):
    """Something a person cannot do; the text says why."""


def write(
    sim: Simulation,
    person: Person,
    *,
    number: Number,
    given: dict[str, Any],
    answer: Answer | None = None,
) -> Message:
    """A person sends something to a number: any inbound type, or a raw message object.

    given    {"type", <type>: {...}} as in the platform's webhook, with short forms (text as a string, media as base64
             `data`); also context or reply_to, forwarded, referral, timestamp, wamid, group_id
    answer   is set to 200 once the app acknowledged the webhook
    Raises   ActionError
    """
    waba = sim.waba_of(number)
    kind = str(given.get("type") or ("raw" if "raw" in given else "text"))
    at = float(given.get("timestamp") or now())
    wamid = str(given.get("wamid") or sim.ids.wamid(person.wa_id or person.bsuid_for(waba), inbound=True))
    raw = given.get("raw") if kind == "raw" else None
    if raw is not None:
        if not isinstance(raw, dict):
            raise ActionError("raw must be a message object")
        kind = str(raw.get("type", "unknown"))
        wamid = str(raw.get("id") or wamid)
    head = payloads.inbound_head(person, waba, wamid=wamid, at=at, type=kind)
    if raw is not None:
        content = {kind: raw.get(kind)}
        payload = {**head, **raw}
    else:
        content = {kind: content_of(sim, given, kind, number)}
        payload = {**head, **_context(sim, given, number, person), **content}
        payload |= {name: given[name] for name in ("referral", "group_id", "errors") if name in given}
    group = sim.world.groups.get(str(payload.get("group_id")))
    if group is not None and (group.number_id != number.id or person.key not in group.members):
        raise ActionError(f"{person.name} is not in this group")
    message = Message(
        seq=sim.chats.next_seq(),
        wamid=wamid,
        number_id=number.id,
        person=person.key,
        inbound=True,
        type=kind,
        at=at,
        content=content,
        payload=payload,
        status="sent",
        quotes=_quoted(payload),
        group_id=group.id if group else None,
    )
    if (target := sim.chats.apply(message)) is not None:
        sim.keep_message(target)
    quoted = sim.chats.by_wamid.get(message.quotes or "")
    if kind == "button" and quoted is not None and quoted.template_id and isinstance(content[kind], dict):
        quoted.clicks.append(str((content[kind] or {}).get("text", "")))
    sim.chats.add(message)
    sim.keep_message(message)
    _send(sim, message, number=number, person=person, answer=answer)
    log.info("inbound number=%s type=%s seq=%d", number.id, kind, message.seq)
    return message


def set_blocked(sim: Simulation, number: Number, person: Person, blocked: bool) -> None:
    """What a blocked person writes never reaches the number; the person is not told."""
    others = [key for key in number.state.get("blocked", []) if key != person.key]
    number.state["blocked"] = [*others, person.key] if blocked else others
    sim.keep(number)


def _send(sim: Simulation, message: Message, *, number: Number, person: Person, answer: Answer | None) -> None:
    def acknowledged(done: Answer) -> None:
        if not done.cancelled() and done.result() == 200 and message.status == "sent":
            message.status = "delivered"
            message.times["delivered"] = now()
            sim.keep_message(message)

    waba = sim.waba_of(number)
    if person.key in number.state.get("blocked", []):
        settle(answer, None)
        return
    answer = answer or asyncio.get_running_loop().create_future()
    answer.add_done_callback(acknowledged)
    change = payloads.inbound_change(message, number=number, person=person, waba=waba)
    sim.webhooks.emit(Event(waba=waba, change=change, number=number, person=person.key, answer=answer))


def content_of(sim: Simulation, given: dict[str, Any], kind: str, number: Number) -> Any:
    """The object named after the type, with short forms spelt out and files taken in. Raises ActionError."""
    content = given.get(kind)
    if isinstance(content, str) and kind in _SHORT:
        content = {_SHORT[kind]: content}
    if kind in LIMITS:
        return _media(sim, {**given, **(content or {})}, kind, number)
    if kind == "interactive" and isinstance(content, dict) and "type" not in content and content:
        content = {"type": next(iter(content)), **content}
    if kind == "reaction" and isinstance(content, dict):
        content = {"message_id": given.get("message_id"), **content}
    if kind == "revoke" and content is None:
        content = {"original_message_id": given.get("original_message_id")}
    if kind == "edit":
        content = _edit(given, content)
    if kind == "unsupported" and content is None:
        content = {"type": "poll_creation"}
    if content is None:
        raise ActionError(f"{kind} needs an object {kind}")
    return content


def _edit(given: dict[str, Any], content: Any) -> dict[str, Any]:
    if isinstance(content, dict) and "original_message_id" in content:
        return content
    text = content if isinstance(content, str) else given.get("text")
    body = text.get("body") if isinstance(text, dict) else text
    return {
        "original_message_id": given.get("original_message_id"),
        "message": {"type": "text", "text": {"body": body}, "context": {}},
    }


def _media(sim: Simulation, given: dict[str, Any], kind: str, number: Number) -> dict[str, Any]:
    media_id = given.get("id")
    mime = str(given.get("mime_type") or _DEFAULT_MIME[kind])
    if given.get("data") is not None:
        try:
            data = base64.b64decode(str(given["data"]), validate=True)
        except (binascii.Error, ValueError):
            raise ActionError("data must be base64") from None
        if len(data) > _LONGEST_INBOUND:
            raise ActionError("people cannot send more than 100 MB")
        media = sim.media.add(
            data, owner=number.id, mime_type=mime, inbound=True, filename=str(given.get("filename") or "")
        )
    else:
        found = sim.media.get(str(media_id)) if media_id else None
        if found is None:
            raise ActionError(f"{kind} needs data (base64) or the id of an uploaded file")
        media = found
    content: dict[str, Any] = {"id": media.id, "mime_type": media.mime_type, "sha256": media.sha256_base64}
    content["url"] = sim.media.link(media, base_url=sim.settings.public_url)
    if kind in ("image", "video", "document") and given.get("caption"):
        content["caption"] = given["caption"]
    if kind == "document":
        content["filename"] = given.get("filename") or media.filename or "document"
    if kind == "audio":
        content["voice"] = bool(given.get("voice", False))
    if kind == "sticker":
        content["animated"] = bool(given.get("animated", False))
    return content


def _quoted(payload: dict[str, Any]) -> str | None:
    context = payload.get("context")
    return str(context["id"]) if isinstance(context, dict) and context.get("id") else None


def _context(sim: Simulation, given: dict[str, Any], number: Number, person: Person) -> dict[str, Any]:
    context = dict(given.get("context") or {})
    quoted = given.get("reply_to") or context.pop("message_id", None) or context.get("id")
    if quoted:
        target = sim.chats.by_wamid.get(str(quoted))
        own = target is not None and target.inbound
        sender = (person.wa_id or person.bsuid_for(sim.waba_of(number))) if own else number.digits
        context = {"from": sender, "id": str(quoted), **context}
    for name in ("forwarded", "frequently_forwarded"):
        if given.get(name):
            context[name] = True
    return {"context": context} if context else {}


def change_identity(sim: Simulation, person: Person, *, phone: str | None, bsuid: str | None) -> list[str]:
    """A person gets another phone number or id; every number that knows them hears it. Returns the wamids."""
    numbers = [chat.number_id for chat in sim.chats.of_person(person.key)]
    old_phone, old_ids = person.wa_id, {n: person.bsuid_for(sim.waba_of(sim.world.numbers[n])) for n in numbers}
    kind = "user_changed_number" if phone else "user_changed_user_id"
    olds = {number_id: _sender(old_phone, old_ids[number_id]) for number_id in numbers}
    if phone:
        person.phone = "".join(filter(str.isdigit, phone))
    person.bsuid, person.bsuids = bsuid or sim.ids.bsuid(person.bsuid.partition(".")[0] or "NL"), {}
    sim.world.reindex()
    sim.keep(person)
    wamids = []
    for number_id in numbers:
        system: dict[str, Any] = {"type": kind, "body": f"User {person.name} changed their number or id"}
        if phone and person.wa_id:
            system["wa_id"] = person.wa_id
        system |= {"user_id": person.bsuid, "previous_user_id": old_ids[number_id]}
        raw = {"type": "system", **olds[number_id], "system": system}
        number = sim.world.numbers[number_id]
        wamids.append(write(sim, person, number=number, given={"type": "raw", "raw": raw}).wamid)
    return wamids


def _sender(phone: str | None, bsuid: str) -> dict[str, Any]:
    return {"from": phone, "from_user_id": bsuid} if phone else {"from_user_id": bsuid}


def prefer(sim: Simulation, person: Person, *, number: Number, value: str) -> None:
    """A person stops or resumes marketing messages of the business behind a number. Raises ActionError."""
    if value not in ("stop", "resume"):
        raise ActionError("value must be stop or resume")
    waba = sim.waba_of(number)
    person.stopped = [waba_id for waba_id in person.stopped if waba_id != waba.id]
    if value == "stop":
        person.stopped.append(waba.id)
    sim.keep(person)
    change = payloads.preference_change(person, waba, number=number, value=value, at=now())
    sim.webhooks.emit(Event(waba=waba, change=change, number=number, person=person.key))
