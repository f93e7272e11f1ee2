"""People as a business manages them: blocked ones, and those in its contact book."""

from typing import Any

from aiohttp import web

from simulator import people
from simulator.access import number_in_path, whatsapp_body
from simulator.errors import GraphError
from simulator.graph_fields import page
from simulator.simulation import Simulation, now, of
from simulator.world import Number, Person

_DAY_SECONDS = 24 * 3600
_MOST_BLOCKED = 64_000
_NOT_RECENT = "The user has not written to this number within the last 24 hours."


def _named(sim: Simulation, row: object) -> tuple[str, Person | None]:
    """What a request calls somebody, and who that is. Raises GraphError."""
    if not isinstance(row, dict) or not (row.get("user") or row.get("user_id")):
        raise GraphError(100, message="(#100) Each of block_users needs user or user_id.")
    given = str(row.get("user") or row["user_id"])
    digits = "".join(filter(str.isdigit, given)) if row.get("user") and not given[:2].isalpha() else given
    return given, sim.world.person_at(digits)


async def _rows(request: web.Request) -> list[Any]:
    rows = (await whatsapp_body(request)).get("block_users")
    if not isinstance(rows, list) or not rows:
        raise GraphError(100, message="(#100) The parameter block_users is required.")
    return rows


def _entry(sim: Simulation, number: Number, given: str, person: Person | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"input": given}
    if person is not None:
        entry["user_id"] = person.bsuid_for(sim.waba_of(number))
        if person.wa_id:
            entry["wa_id"] = person.wa_id
    return entry


async def block(request: web.Request) -> web.Response:
    """POST /{PHONE}/block_users: those who wrote within 24 hours; the others fail one by one."""
    sim = of(request)
    number = number_in_path(sim, request)
    added, failed = [], []
    for row in await _rows(request):
        given, person = _named(sim, row)
        entry = _entry(sim, number, given, person)
        if refusal := _refusal(sim, number, person):
            failed.append({**entry, "errors": [refusal]})
        elif person is not None:
            people.set_blocked(sim, number, person, True)
            added.append(entry)
    return _answer(sim, "added_users", added, failed)


def _refusal(sim: Simulation, number: Number, person: Person | None) -> dict[str, Any] | None:
    if len(number.state.get("blocked", [])) >= _MOST_BLOCKED:
        return _failure(139101, "Blocklist limit reached", "The block list may hold 64,000 users.")
    if person is None:
        return _failure(131026, "Message undeliverable", "There is no such user.")
    if now() - sim.chats.chat(number.id, person.key).last_inbound_at > _DAY_SECONDS:
        return _failure(131047, "Re-engagement message", _NOT_RECENT)
    return None


def _failure(code: int, title: str, details: str) -> dict[str, Any]:
    return {"message": title, "code": code, "error_data": {"details": details}}


async def unblock(request: web.Request) -> web.Response:
    """DELETE /{PHONE}/block_users."""
    sim = of(request)
    number = number_in_path(sim, request)
    removed, failed = [], []
    for row in await _rows(request):
        given, person = _named(sim, row)
        entry = _entry(sim, number, given, person)
        if person is None:
            failed.append({**entry, "errors": [_failure(131026, "Message undeliverable", "There is no such user.")]})
        else:
            people.set_blocked(sim, number, person, False)
            removed.append(entry)
    return _answer(sim, "removed_users", removed, failed)


def _answer(sim: Simulation, name: str, done: list[Any], failed: list[Any]) -> web.Response:
    users: dict[str, Any] = {name: done} if done or not failed else {}
    answer: dict[str, Any] = {"messaging_product": "whatsapp", "block_users": users}
    if failed:
        users["failed_users"] = failed
        details = "Failed to block some users, see the block_users response list for details"
        error = GraphError(139100, details, message="(#139100) Failed to block/unblock users").body(sim.ids.trace())
        # Where some succeeded the answer is a good one that carries the error beside.
        answer |= {"errors": error["error"]} if done else error
    return web.json_response(answer, status=400 if failed and not done else 200)


async def get_blocked(request: web.Request) -> web.Response:
    """GET /{PHONE}/block_users."""
    sim = of(request)
    number = number_in_path(sim, request)
    blocked = [sim.world.people[key] for key in number.state.get("blocked", []) if key in sim.world.people]
    waba = sim.waba_of(number)

    def row(person: Person) -> dict[str, Any]:
        bsuid = person.bsuid_for(waba)
        phone = {"wa_id": person.wa_id} if person.wa_id else {}
        return {"messaging_product": "whatsapp", "input": person.wa_id or bsuid, **phone, "user_id": bsuid}

    return page(request, blocked, row)


async def delete_from_book(request: web.Request) -> web.Response:
    """DELETE /{PHONE}/contact_book?bsuid=: the platform forgets that this business knows somebody's phone number."""
    sim = of(request)
    number = number_in_path(sim, request)
    if request.query.get("messaging_product") != "whatsapp":
        raise GraphError(100, message="(#100) The parameter messaging_product is required.")
    bsuid = request.query.get("bsuid", "")
    if not bsuid:
        raise GraphError(100, message="(#100) The parameter bsuid is required.")
    waba = sim.waba_of(number)
    person = sim.world.person_at(bsuid)
    forgotten: list[str] = waba.state.setdefault("forgotten", [])
    known = person is not None and bsuid == person.bsuid_for(waba) and bsuid not in forgotten
    known = known and person is not None and any(sim.chats.of_person(person.key))
    if known:
        forgotten.append(bsuid)
        sim.keep(waba)
    return web.json_response({"success": True, "deleted": known})


def routes() -> list[web.RouteDef]:
    """Block list and contact book."""
    return [
        web.post("/v{version}/{node}/block_users", block),
        web.delete("/v{version}/{node}/block_users", unblock),
        web.get("/v{version}/{node}/block_users", get_blocked),
        web.delete("/v{version}/{node}/contact_book", delete_from_book),
    ]
