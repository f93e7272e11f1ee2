"""Groups of a number: who is in them, what is written there, and what becomes of the number's own messages."""

from typing import Any

from simulator import payloads
from simulator.chats import RANK, Message, group_chat
from simulator.errors import GraphError
from simulator.people import ActionError
from simulator.simulation import Simulation, now
from simulator.webhooks import Event
from simulator.world import Group, Number, Person

MOST_MEMBERS = 8
SUBJECT_CHARS, DESCRIPTION_CHARS = 128, 2048
MODES = ("auto_approve", "approval_required")
_FILES = ("image", "video", "audio", "document", "sticker")
SENDABLE = ("text", *_FILES, "location", "contacts", "reaction", "template", "pin")
_STEPS = ("sent", "delivered", "read")


def emit(sim: Simulation, group: Group, field: str, entry: dict[str, Any]) -> None:
    """An event of a group."""
    number = sim.world.numbers[group.number_id]
    rows = [{"timestamp": str(int(now())), "group_id": group.id, **entry}]
    change = {"field": field, "value": {**payloads.messages_value(number), "groups": rows}}
    event = Event(waba=sim.waba_of(number), change=change, number=number, order=group_chat(group.id))
    sim.webhooks.emit(event)


def make(sim: Simulation, number: Number, *, subject: str, description: str, mode: str) -> str:
    """A new group without members; its id and link come by webhook. Returns the id of the request."""
    request_id = sim.ids.digits(16, "group requests")
    document = {
        "id": sim.ids.letters(22, "groups"),
        "number_id": number.id,
        "subject": subject,
        "description": description,
        "join_approval_mode": mode,
        "made_at": now(),
        "invite": sim.ids.letters(22, "invites"),
    }
    sim.take_in({"groups": [document]})
    group = sim.world.groups[str(document["id"])]
    entry = {"type": "group_create", "request_id": request_id, "subject": subject, "description": description}
    more = {"invite_link": link(group), "join_approval_mode": mode}
    sim.later(0, lambda: emit(sim, group, "group_lifecycle_update", {**entry, **more}))
    return request_id


def link(group: Group) -> str:
    """The address that invites."""
    return f"https://chat.whatsapp.com/{group.invite or group.id}"


def describe(sim: Simulation, group: Group) -> dict[str, Any]:
    """Every field of a group that can be asked for."""
    number = sim.world.numbers[group.number_id]
    return {
        "id": group.id,
        "messaging_product": "whatsapp",
        "subject": group.subject,
        "description": group.description,
        "creation_timestamp": int(group.made_at),
        "suspended": group.suspended,
        "total_participant_count": len(group.members),
        "participants": [participant(sim, number, key) for key in group.members if key in sim.world.people],
        "join_approval_mode": group.join_approval_mode,
    }


def participant(sim: Simulation, number: Number, key: str) -> dict[str, Any]:
    """A member as the platform names people."""
    person = sim.world.people[key]
    entry: dict[str, Any] = {"user_id": person.bsuid_for(sim.waba_of(number))}
    if person.wa_id:
        entry["wa_id"] = person.wa_id
    if person.username:
        entry["username"] = person.username
    return entry


def change(sim: Simulation, group: Group, *, subject: str | None, description: str | None) -> str:
    """Another subject or description. Returns the id of the request."""
    request_id = sim.ids.digits(16, "group requests")
    entry: dict[str, Any] = {"type": "group_settings_update", "request_id": request_id}
    if subject:
        group.subject = subject
        entry["group_subject"] = {"text": subject, "update_successful": True}
    if description is not None:
        group.description = description
        entry["group_description"] = {"text": description, "update_successful": True}
    sim.keep(group)
    sim.later(0, lambda: emit(sim, group, "group_settings_update", entry))
    return request_id


def end(sim: Simulation, group: Group) -> str:
    """The group is deleted. Returns the id of the request."""
    request_id = sim.ids.digits(16, "group requests")
    emit(sim, group, "group_lifecycle_update", {"type": "group_delete", "request_id": request_id})
    sim.world.groups.pop(group.id, None)
    sim.store.drop("groups", group.id)
    return request_id


def suspend(sim: Simulation, group: Group, suspended: bool) -> None:
    """The platform suspends a group, or lets it go on."""
    group.suspended = suspended
    sim.keep(group)
    emit(sim, group, "group_status_update", {"type": "group_suspend" if suspended else "group_suspend_cleared"})


def join(sim: Simulation, group: Group, person: Person) -> None:
    """Somebody follows the invitation: a member at once, or one who waits to be let in. Raises ActionError."""
    if person.key in group.members or person.key in group.waiting.values():
        raise ActionError("is in the group, or has asked already")
    if len(group.members) >= MOST_MEMBERS:
        raise ActionError(f"a group has at most {MOST_MEMBERS} members")
    if group.join_approval_mode == "auto_approve":
        _add(sim, group, person.key, reason="invite_link")
        return
    request_id = sim.ids.letters(20, "join requests")
    group.waiting[request_id] = person.key
    sim.keep(group)
    who = participant(sim, sim.world.numbers[group.number_id], person.key)
    entry = {"type": "group_join_request_created", "join_request_id": request_id, **who}
    emit(sim, group, "group_participants_update", entry)


def _add(sim: Simulation, group: Group, key: str, *, reason: str, request_id: str | None = None) -> None:
    group.members.append(key)
    sim.keep(group)
    number = sim.world.numbers[group.number_id]
    entry: dict[str, Any] = {"type": "group_participants_add", "reason": reason}
    entry["added_participants"] = [participant(sim, number, key)]
    if request_id:
        entry["request_id"] = request_id
    emit(sim, group, "group_participants_update", entry)


def answer_requests(sim: Simulation, group: Group, requests: list[str], *, approve: bool) -> str:
    """Let people in who asked, or not. Returns the id of the request."""
    request_id = sim.ids.digits(16, "group requests")
    for each in requests:
        key = group.waiting.pop(each, None)
        if key is None:
            raise GraphError(100, message=f"(#100) There is no join request {each[:40]}.")
        if approve:
            _add(sim, group, key, reason="join_request_approved", request_id=request_id)
        else:
            who = participant(sim, sim.world.numbers[group.number_id], key)
            entry = {"type": "group_join_request_revoked", "join_request_id": each, "request_id": request_id, **who}
            emit(sim, group, "group_participants_update", entry)
    sim.keep(group)
    return request_id


def remove(sim: Simulation, group: Group, people: list[Person], *, by_business: bool) -> str:
    """People leave, or are put out by the business. Returns the id of the request."""
    request_id = sim.ids.digits(16, "group requests")
    number = sim.world.numbers[group.number_id]
    gone = [person for person in people if person.key in group.members]
    group.members = [key for key in group.members if key not in {person.key for person in gone}]
    sim.keep(group)
    entry: dict[str, Any] = {"type": "group_participants_remove"}
    entry["removed_participants"] = [participant(sim, number, person.key) for person in gone]
    entry["initiated_by"] = "business" if by_business else "participant"
    if by_business:
        entry["request_id"] = request_id
    emit(sim, group, "group_participants_update", entry)
    return request_id


def begin(sim: Simulation, message: Message) -> None:
    """The number's message reaches every member in turn; each step of each is a status."""
    sim.later(sim.options.status_delay_ms / 1000, lambda: _step(sim, message, "sent"))


def _step(sim: Simulation, message: Message, status: str) -> None:
    group = sim.world.groups.get(message.group_id or "")
    if group is None or message.wamid not in sim.chats.by_wamid:
        return
    for key in group.members:
        person = sim.world.people[key]
        if status == "sent" or person.online:
            advance(sim, message, person, status)
    if status == "sent":
        sim.later(sim.options.status_delay_ms / 1000, lambda: _step(sim, message, "delivered"))


def advance(sim: Simulation, message: Message, person: Person, status: str) -> None:
    """One member's copy of a message moves on; the app hears it, and the message shows the best of all."""
    times = message.receipts.setdefault(person.key, {})
    if status in times or (status == "read" and not person.read_receipts):
        return
    times[status] = now()
    message.times.setdefault(status, times[status])
    if RANK[status] > RANK[message.status]:
        message.status = status
    if status == "delivered":
        kind = "free_group_customer_service" if message.category == "service" else "regular"
        message.pricing = {"billable": kind == "regular", "pricing_model": "PMP", "type": kind}
        message.pricing["category"] = f"group_{message.category}"
    sim.keep_message(message)
    if sim.options.statuses:
        _tell(sim, message, person, status)


def _tell(sim: Simulation, message: Message, person: Person, status: str) -> None:
    number = sim.world.numbers[message.number_id]
    waba = sim.waba_of(number)
    bsuid = person.bsuid_for(waba)
    row: dict[str, Any] = {
        "id": message.wamid,
        "status": status,
        "timestamp": str(int(now())),
        "recipient_id": message.group_id,
        "recipient_type": "group",
        "recipient_participant_id": person.wa_id or bsuid,
        "recipient_participant_user_id": bsuid,
    }
    if message.callback_data is not None:
        row["biz_opaque_callback_data"] = message.callback_data
    if message.pricing and status == "delivered":
        row["pricing"] = message.pricing
    value = {**payloads.messages_value(number), "contacts": [payloads.contact(person, waba)], "statuses": [row]}
    change = {"field": "messages", "value": value}
    order = group_chat(message.group_id or "")
    sim.webhooks.emit(Event(waba=waba, change=change, where="status", number=number, person=person.key, order=order))


def read_all(sim: Simulation, group: Group, person: Person) -> int:
    """A member reads what the number wrote; returns how many messages were new."""
    count = 0
    for message in sim.chats.chat(group.number_id, group_chat(group.id)).messages:
        times = message.receipts.get(person.key, {})
        if not message.inbound and "delivered" in times and "read" not in times:
            advance(sim, message, person, "read")
            count += 1
    return count
