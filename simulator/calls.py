"""Voice calls: rung, taken, missed, ended. Each is a line in the chat; a person's call opens the window."""

from dataclasses import dataclass
from typing import Any

from simulator import payloads
from simulator.chats import Message
from simulator.errors import GraphError
from simulator.people import ActionError
from simulator.simulation import Simulation, now
from simulator.webhooks import Event
from simulator.world import Number, Person

DAY = 24 * 3600
PERMISSION_SECONDS = 7 * DAY
_SDP = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
Row = dict[str, Any]


@dataclass
class Call:
    """One call. state: ringing, accepted, ended. `business` means the number rang the person."""

    id: str
    number_id: str
    person: str
    business: bool
    began: float
    state: str = "ringing"
    taken: float = 0.0
    callback_data: str | None = None

    @property
    def direction(self) -> str:
        """As webhooks call it."""
        return "BUSINESS_INITIATED" if self.business else "USER_INITIATED"


def _enabled(number: Number) -> bool:
    settings = number.state.get("settings", {}).get("calling", {})
    return bool(settings.get("status", "ENABLED") == "ENABLED")


def ring_business(sim: Simulation, person: Person, number: Number) -> Call:
    """A person calls a number. Raises ActionError."""
    if not _enabled(number):
        raise ActionError("this number does not take calls")
    call = _new(sim, number, person, business=False)
    _permit(number, person, "temporary", until=now() + PERMISSION_SECONDS)
    sim.keep(number)
    _file(sim, call)
    _event(sim, call, "connect", session={"sdp_type": "offer", "sdp": _SDP})
    return call


def ring_person(sim: Simulation, number: Number, person: Person, body: dict[str, Any]) -> Call:
    """A number calls a person who allowed it. Raises GraphError."""
    if not _enabled(number):
        raise GraphError(138000, "Calling is not enabled for this number.")
    if permission(number, person)["status"] == "no_permission":
        raise GraphError(138006, "The user has not allowed this business to call.")
    call = _new(sim, number, person, business=True)
    call.callback_data = body.get("biz_opaque_callback_data")
    _file(sim, call)
    sim.later(sim.options.status_delay_ms / 1000, lambda: _status(sim, call, "RINGING"))
    return call


def _new(sim: Simulation, number: Number, person: Person, *, business: bool) -> Call:
    call = Call("wacid." + sim.ids.letters(40, "calls"), number.id, person.key, business, now())
    sim.calls[call.id] = call
    return call


def take_by_business(sim: Simulation, call: Call) -> None:
    """The number takes a person's call."""
    call.state, call.taken = "accepted", now()
    _show(sim, call)


def take_by_person(sim: Simulation, call: Call) -> None:
    """The person takes the number's call. Raises ActionError."""
    if call.state != "ringing" or not call.business:
        raise ActionError("this call does not ring")
    call.state, call.taken = "accepted", now()
    _status(sim, call, "ACCEPTED")
    _event(sim, call, "connect", session={"sdp_type": "answer", "sdp": _SDP})
    _show(sim, call)


def hang_up(sim: Simulation, call: Call, *, by_person: bool) -> None:
    """A call ends; one that nobody took was missed. Ending twice changes nothing."""
    if call.state == "ended":
        return
    if call.business and by_person and call.state == "ringing":
        _status(sim, call, "REJECTED")
    call.state = "ended"
    at = int(now())
    row: Row = {"status": "COMPLETED" if call.taken else "FAILED"}
    if call.taken:
        row |= {"start_time": str(int(call.taken)), "end_time": str(at), "duration": max(at - int(call.taken), 1)}
    if call.callback_data:
        row["biz_opaque_callback_data"] = call.callback_data
    _event(sim, call, "terminate", **row)
    _show(sim, call)


def _parties(sim: Simulation, call: Call) -> tuple[Number, Person]:
    return sim.world.numbers[call.number_id], sim.world.people[call.person]


def _event(sim: Simulation, call: Call, event: str, **more: Any) -> None:
    number, person = _parties(sim, call)
    bsuid = person.bsuid_for(sim.waba_of(number))
    if call.business:
        sides = {"from": number.digits, **({"to": person.wa_id} if person.wa_id else {}), "to_user_id": bsuid}
    else:
        sides = {**({"from": person.wa_id} if person.wa_id else {}), "from_user_id": bsuid, "to": number.digits}
    row = {"id": call.id, **sides, "event": event, "timestamp": str(int(now())), "direction": call.direction, **more}
    _emit(sim, call, {"calls": [row]})


def _status(sim: Simulation, call: Call, status: str) -> None:
    if status == "RINGING" and call.state != "ringing":
        return
    number, person = _parties(sim, call)
    row: Row = {"id": call.id, "timestamp": str(int(now())), "type": "call", "status": status}
    row["recipient_user_id"] = person.bsuid_for(sim.waba_of(number))
    if person.wa_id:
        row["recipient_id"] = person.wa_id
    if call.callback_data:
        row["biz_opaque_callback_data"] = call.callback_data
    _emit(sim, call, {"statuses": [row]})


def _emit(sim: Simulation, call: Call, part: Row) -> None:
    number, person = _parties(sim, call)
    waba = sim.waba_of(number)
    contacts = [payloads.contact(person, waba)]
    change = {"field": "calls", "value": {**payloads.messages_value(number), "contacts": contacts, **part}}
    sim.webhooks.emit(Event(waba=waba, change=change, number=number, person=person.key))


def _file(sim: Simulation, call: Call) -> None:
    message = Message(
        seq=sim.chats.next_seq(),
        wamid=call.id,
        number_id=call.number_id,
        person=call.person,
        inbound=not call.business,
        type="call",
        at=call.began,
        content={"call": {"state": call.state, "business": call.business, "id": call.id}},
        payload={},
        status="delivered",
        on_app=call.business,  # not a send: it stands in the chat only
    )
    sim.chats.add(message)
    sim.keep_message(message)


def _show(sim: Simulation, call: Call) -> None:
    message = sim.chats.by_wamid.get(call.id)
    if message is not None:
        seconds = int(now() - call.taken) if call.taken and call.state == "ended" else 0
        shown = {"state": call.state, "business": call.business, "id": call.id, "taken": bool(call.taken)}
        message.content = {"call": {**shown, "seconds": seconds}}
        sim.keep_message(message)


def _permit(number: Number, person: Person, status: str, *, until: float) -> None:
    number.state.setdefault("call_permissions", {})[person.key] = {"status": status, "until": until}


def answer_request(sim: Simulation, number: Number, person: Person, *, response: str) -> dict[str, Any]:
    """A person allows calls for a week, or does not: the reply object of their message."""
    until = int(now()) + PERMISSION_SECONDS
    _permit(number, person, "temporary" if response == "accept" else "no_permission", until=until)
    sim.keep(number)
    reply: dict[str, Any] = {"response": response, "response_source": "user_action"}
    return {**reply, "expiration_timestamp": until} if response == "accept" else reply


def permission(number: Number, person: Person) -> dict[str, Any]:
    """Whether the number may call somebody, and until when."""
    known = number.state.get("call_permissions", {}).get(person.key, {})
    if known.get("status") == "temporary" and known["until"] > now():
        return {"status": "temporary", "expiration_time": int(known["until"])}
    return {"status": "no_permission"}


def count_requests(sim: Simulation, number: Number, person: Person) -> list[float]:
    """Moments of the last week at which the number asked this person."""
    asked = number.state.get("call_requests", {}).get(person.key, [])
    return [at for at in asked if now() - at < 7 * DAY]


def ask(sim: Simulation, number: Number, person: Person) -> None:
    """A permission request goes out: one a day, two a week. Raises GraphError."""
    asked = count_requests(sim, number, person)
    if len(asked) >= 2 or any(now() - at < DAY for at in asked):
        raise GraphError(138009, "Only 1 call permission request within 24 hours and 2 within 7 days.")
    number.state.setdefault("call_requests", {})[person.key] = [*asked, now()]
    sim.keep(number)
