"""Chats that took place before: filed without a webhook, so that phones show what an app already knows."""

import base64
import binascii
from typing import TYPE_CHECKING, Any

from simulator import payloads
from simulator.chats import RANK, Message
from simulator.media import LIMITS
from simulator.world import Number, Person, WorldError

if TYPE_CHECKING:
    from simulator.simulation import Simulation


def file_history(sim: "Simulation", items: list[dict[str, Any]]) -> int:
    """File earlier messages, oldest first; those with a wamid that is known are passed over. Returns how many are new.

    An item: {"wamid", "number", "person", "from": "person" or "business", "timestamp", "type", <type>: {...}}, perhaps
    with status, reply_to, reactions {"person", "business"}, and base64 `data` with `mime_type` for media. A template's
    object is what the person sees: {"header", "body", "footer", "buttons"}.

    Raises  WorldError
    """
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise WorldError("history must be a list of messages")
    checked = [_check(sim, item) for item in items]
    new = [found for found in checked if found[0]["wamid"] not in sim.chats.by_wamid]
    for item, number, person in sorted(new, key=lambda found: float(found[0]["timestamp"])):
        _file(sim, item, number, person)
    return len(new)


def _check(sim: "Simulation", item: dict[str, Any]) -> tuple[dict[str, Any], Number, Person]:
    missing = [name for name in ("wamid", "number", "person", "timestamp", "type") if not item.get(name)]
    if missing:
        raise WorldError(f"history: {', '.join(missing)} is missing")
    number = sim.world.numbers.get(str(item["number"]))
    person = sim.world.people.get(str(item["person"]))
    if number is None or person is None:
        raise WorldError(f"history: there is no number {item['number']} or nobody called {item['person']}")
    if item.get("status", "read") not in RANK:
        raise WorldError(f"history: there is no status {item['status']}")
    return item, number, person


def _file(sim: "Simulation", item: dict[str, Any], number: Number, person: Person) -> None:
    kind, at, inbound = str(item["type"]), float(item["timestamp"]), item.get("from", "person") == "person"
    content = {kind: _content(sim, item, kind, number, inbound)}
    waba = sim.world.wabas[number.waba_id]
    address = person.wa_id or person.bsuid_for(waba)
    head = payloads.inbound_head(person, waba, wamid=str(item["wamid"]), at=at, type=kind) if inbound else {}
    message = Message(
        seq=sim.chats.next_seq(),
        wamid=str(item["wamid"]),
        number_id=number.id,
        person=person.key,
        inbound=inbound,
        type=kind,
        at=at,
        content=content,
        payload={**head, **content},
        to="" if inbound else address,
        status=str(item.get("status", "read")),
        quotes=item.get("reply_to"),
        reactions=dict(item.get("reactions") or {}),
    )
    message.times[message.status] = at
    sim.chats.add(message)
    sim.keep_message(message)


def _content(sim: "Simulation", item: dict[str, Any], kind: str, number: Number, inbound: bool) -> Any:
    content = item.get(kind)
    if isinstance(content, str) and kind == "text":
        content = {"body": content}
    if kind not in LIMITS or item.get("data") is None:
        return content if content is not None else {}
    try:
        data = base64.b64decode(str(item["data"]), validate=True)
    except (binascii.Error, ValueError):
        raise WorldError("history: data must be base64") from None
    mime_type = str(item.get("mime_type") or "application/octet-stream")
    filename = str((content or {}).get("filename") or "")
    media = sim.media.add(data, owner=number.id, mime_type=mime_type, inbound=inbound, filename=filename)
    return {**(content or {}), "id": media.id, "mime_type": media.mime_type}
