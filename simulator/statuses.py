"""The life of a business's message after it was accepted: sent, delivered, read, played, or failed."""

from simulator.chats import RANK, Chat, Message
from simulator.errors import as_status_error
from simulator.payloads import status_change
from simulator.simulation import Simulation, now
from simulator.webhooks import Event

FREE_SERVICE = 1000
_FREE_ENTRY_SECONDS = 7 * 24 * 3600
_DAY_SECONDS = 24 * 3600


def begin(sim: Simulation, message: Message, *, fail: tuple[int, str] | None = None) -> None:
    """Start the life of an accepted message. fail  code and details of a failure that comes as a status."""
    if fail is None:
        struck = sim.faults.strike("status", number=message.number_id, person=message.person, refusing=True)
        refusal = next(iter(struck), None)
        fail = (131000 if refusal.code is None else refusal.code, "Failed because a fault is set.") if refusal else None
    step = sim.options.status_delay_ms / 1000
    if fail is not None:
        code, details = fail
        sim.later(step, lambda: _fail(sim, message, code, details))
    elif not sim.options.statuses:
        _reach_quietly(sim, message)
    else:
        sim.later(step, lambda: _sent(sim, message))


def resume(sim: Simulation) -> None:
    """Go on with messages that an earlier process left half-way."""
    for message in sim.chats.outbound:
        if message.person is not None and message.status == "accepted":
            begin(sim, message)
        elif message.person is not None and message.status == "sent":
            _then_deliver(sim, message)


def deliver_waiting(sim: Simulation, person: str) -> None:
    """The person's phone is back: deliver what was sent meanwhile."""
    for chat in sim.chats.of_person(person):
        for message in chat.messages:
            if not message.inbound and message.status == "sent":
                _deliver(sim, message)


def read_up_to(sim: Simulation, chat: Chat, *, wamid: str | None = None) -> int:
    """The person reads everything in the chat, or up to one message; returns how many were new."""
    count = 0
    for message in list(chat.messages):
        if not message.inbound and message.status == "delivered":
            _read(sim, message)
            count += 1
        if message.wamid == wamid:
            break
    return count


def played(sim: Simulation, message: Message) -> None:
    """The person played a voice note for the first time."""
    if message.reached and message.type == "audio":
        _advance(sim, message, "played")


def _sent(sim: Simulation, message: Message) -> None:
    message.pricing = _pricing(sim, message, delivered=False)
    if _advance(sim, message, "sent"):
        _then_deliver(sim, message)


def _then_deliver(sim: Simulation, message: Message) -> None:
    sim.later(sim.options.status_delay_ms / 1000, lambda: _deliver(sim, message))


def _deliver(sim: Simulation, message: Message) -> None:
    person = sim.world.people.get(message.person or "")
    if person is None or not person.online or message.status != "sent":
        return
    message.pricing = _pricing(sim, message, delivered=True)
    if _advance(sim, message, "delivered") and sim.options.auto_read:
        sim.later(sim.options.status_delay_ms / 1000, lambda: _read(sim, message))


def _read(sim: Simulation, message: Message) -> None:
    person = sim.world.people.get(message.person or "")
    if person is not None and person.read_receipts:
        _advance(sim, message, "read")


def _fail(sim: Simulation, message: Message, code: int, details: str) -> None:
    message.errors = [as_status_error(code, details)]
    _advance(sim, message, "failed")


def _reach_quietly(sim: Simulation, message: Message) -> None:
    message.status = "delivered"
    message.times["delivered"] = now()
    sim.keep_message(message)


def _advance(sim: Simulation, message: Message, status: str) -> bool:
    if message.wamid not in sim.chats.by_wamid or RANK[status] <= RANK[message.status]:
        return False
    message.status = status
    message.times[status] = now()
    sim.keep_message(message)
    number = sim.world.numbers.get(message.number_id)
    if sim.options.statuses and number is not None:
        person = sim.world.people.get(message.person or "")
        waba = sim.waba_of(number)
        change = status_change(message, number=number, person=person, waba=waba)
        sim.webhooks.emit(Event(waba=waba, change=change, where="status", number=number, person=message.person))
    return True


def _pricing(sim: Simulation, message: Message, *, delivered: bool) -> dict[str, object]:
    """Service messages are free for the first thousand delivered in a month; a free entry point frees everything."""
    chat = sim.chats.chat(message.number_id, message.person or "")
    at = now()
    kind, category = "regular", message.category
    if at < chat.free_until:
        kind, category = "free_entry_point", "referral_conversion"
    elif message.type == "reaction":
        kind = "free_customer_service"
    elif message.category == "service":
        count = sim.chats.count_service(message.number_id, at, taking=delivered)
        kind = "free_customer_service" if count <= FREE_SERVICE else "regular"
    return {"billable": kind == "regular", "pricing_model": "PMP", "type": kind, "category": category}


def open_free_entry(chat: Chat, at: float) -> None:
    """A business's answer to somebody who came from an ad makes the chat free for seven days."""
    if at - chat.referred_at < _DAY_SECONDS and chat.free_until < at:
        chat.free_until = at + _FREE_ENTRY_SECONDS
