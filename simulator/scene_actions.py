"""What a step of a scene can do. Each action takes what the step gives and says in a few words what it did."""

import asyncio
from collections.abc import Awaitable, Callable

from simulator import accounts, people, statuses
from simulator.chats import Message
from simulator.payloads import messages_value, template_status_change
from simulator.scenes import Run, SceneError, Step
from simulator.simulation import Simulation, now
from simulator.webhooks import Event
from simulator.world import Number, Person, Template, Waba

_MOST_IN_A_FLOOD = 100_000
_FLOOD_TICK_SECONDS = 0.05


class Scene:
    """The surroundings of one step: the simulation, the run, and what the step gives."""

    def __init__(self, sim: Simulation, run: Run, step: Step) -> None:
        self.sim, self.run, self.given = sim, run, step.given

    @property
    def number(self) -> Number:
        """The number that the step names, else the scene's. Raises SceneError."""
        number = self.sim.world.numbers.get(str(self.given.get("number") or self.run.number))
        if number is None:
            raise SceneError("there is no such number")
        return number

    @property
    def waba(self) -> Waba:
        return self.sim.waba_of(self.number)

    def person(self) -> Person:
        """The person of the step; somebody new is made. With "name" and "phone" as wished."""
        key = str(self.given.get("person") or "passer-by")
        known = self.sim.world.people.get(key)
        if known is not None:
            return known
        wish = {"key": key, "name": self.given.get("name") or key.replace("-", " ").title()}
        wish["phone"] = self.given.get("phone") or "3197" + self.sim.ids.digits(7, "passers-by")
        person = self.sim.world.add_person(wish)
        self.sim.keep(person)
        return person

    def template(self) -> Template:
        wanted = str(self.given.get("name", ""))
        mine = [one for one in self.sim.world.templates.values() if one.waba_id == self.waba.id]
        found = next((one for one in mine if wanted in ("", one.name, one.id)), None)
        if found is None:
            raise SceneError(f"there is no template {wanted or 'at all'}")
        return found


async def perform(sim: Simulation, run: Run, step: Step) -> str:
    """Do one step; says what was done. Raises whatever speaks against it."""
    done = ACTIONS[step.do](Scene(sim, run, step))
    return done if isinstance(done, str) else await done


def write(scene: Scene) -> str:
    """A person writes: {"person", "text"} or any type, as POST people/{key}/send takes it."""
    person = scene.person()
    given = {name: value for name, value in scene.given.items() if name not in ("person", "number", "name", "phone")}
    people.write(scene.sim, person, number=scene.number, given=given)
    return f"{person.name} wrote"


async def flood(scene: Scene) -> str:
    """Many write: {"people", "messages", "a_second", "text"}."""
    crowd = max(1, min(int(scene.given.get("people", 20)), _MOST_IN_A_FLOOD))
    count = max(1, min(int(scene.given.get("messages", crowd)), _MOST_IN_A_FLOOD))
    rate = max(0.1, float(scene.given.get("a_second", 10)) * scene.run.speed)
    text = str(scene.given.get("text", "Is anybody there?"))
    made = [_one_of_crowd(scene.sim, place) for place in range(crowd)]
    began = asyncio.get_running_loop().time()
    for serial in range(count):
        due = began + serial / rate
        if due - asyncio.get_running_loop().time() > _FLOOD_TICK_SECONDS:
            await asyncio.sleep(due - asyncio.get_running_loop().time())
        words = f"{text} ({serial // crowd + 1})" if count > crowd else text
        people.write(scene.sim, made[serial % crowd], number=scene.number, given={"text": words})
        if serial % 50 == 49:
            await asyncio.sleep(0)
    return f"{count} messages of {crowd} people"


def _one_of_crowd(sim: Simulation, place: int) -> Person:
    key = f"crowd-{place + 1}"
    known = sim.world.people.get(key)
    if known is None:
        known = sim.world.add_person({"key": key, "name": f"Caller {place + 1}", "phone": f"31979{place + 1:06d}"})
        sim.keep(known)
    return known


def phone_app(scene: Scene) -> str:
    """The owner answers on the phone of a coexistence number: {"person", "text"}."""
    sim, number, person = scene.sim, scene.number, scene.person()
    text = str(scene.given.get("text", "I am on my way."))
    message = Message(
        seq=sim.chats.next_seq(),
        wamid=sim.ids.wamid(person.wa_id or person.bsuid_for(scene.waba), inbound=False),
        number_id=number.id,
        person=person.key,
        inbound=False,
        type="text",
        at=now(),
        content={"text": {"body": text}},
        payload={},
        to=person.phone or person.bsuid,
        status="delivered",
    )
    message.times["delivered"] = message.at
    sim.chats.add(message)
    sim.keep_message(message)
    echo = {
        "from": number.digits,
        "to": person.phone or person.bsuid_for(scene.waba),
        "to_user_id": person.bsuid_for(scene.waba),
        "id": message.wamid,
        "timestamp": str(int(message.at)),
        "type": "text",
        "text": {"body": text},
    }
    change = {"field": "smb_message_echoes", "value": {**messages_value(number), "message_echoes": [echo]}}
    sim.webhooks.emit(Event(waba=scene.waba, change=change, number=number, person=person.key))
    return f"the owner answered {person.name} on the phone"


def fault(scene: Scene) -> str:
    """Order a trouble for the scene's number: what POST faults takes."""
    order = {"number": scene.number.id, **scene.given}
    if scene.given.get("everywhere"):
        order.pop("number")
    order.pop("everywhere", None)
    for name in ("for_ms", "ms"):  # a scene that is played faster has shorter troubles
        if name in order and scene.run.speed != 1:
            order[name] = max(1, int(int(order[name]) / scene.run.speed))
    made = scene.sim.faults.add(order)
    scene.run.faults.append(made.id)
    return f"{made.kind} at {made.where}"


def lift(scene: Scene) -> str:
    """Lift the troubles that this scene ordered."""
    for fault_id in scene.run.faults:
        scene.sim.faults.clear(fault_id)
    scene.run.faults.clear()
    return "the troubles are lifted"


def options(scene: Scene) -> str:
    """Set options of the simulator."""
    scene.sim.options.update({name: value for name, value in scene.given.items() if name != "number"})
    return "options are set"


def online(scene: Scene) -> str:
    """A phone goes off or comes back: {"person", "online"}."""
    person = scene.person()
    person.online = bool(scene.given.get("online", True))
    scene.sim.keep(person)
    if person.online:
        statuses.deliver_waiting(scene.sim, person.key)
    return f"{person.name} is {'online' if person.online else 'offline'}"


def quality(scene: Scene) -> str:
    """The number's quality: {"rating": GREEN, YELLOW or RED}."""
    rating = str(scene.given.get("rating", "RED"))
    accounts.set_quality(scene.sim, scene.number, rating)
    return f"quality is {rating}"


def limit(scene: Scene) -> str:
    """The portfolio's messaging limit: {"limit": "TIER_250"}."""
    value = str(scene.given.get("limit", "TIER_250"))
    accounts.set_limit(scene.sim, scene.waba, value)
    return f"the limit is {value}"


def account(scene: Scene) -> str:
    """An account_update: {"event", "state" …}, with what it means."""
    given = {name: value for name, value in scene.given.items() if name != "number"}
    accounts.account_event(scene.sim, scene.waba, given)
    return str(given.get("event"))


def alert(scene: Scene) -> str:
    """An account alert."""
    accounts.alert(scene.sim, scene.waba, {name: value for name, value in scene.given.items() if name != "number"})
    return "an alert"


def number(scene: Scene) -> str:
    """The number's state at the platform without a webhook: {"status": "DISCONNECTED"}, {"throughput": 20}."""
    wish = {name: scene.given[name] for name in ("status", "throughput", "verified_name") if name in scene.given}
    for name, value in wish.items():
        setattr(scene.number, name, value)
    scene.sim.keep(scene.number)
    return ", ".join(f"{name} is {value}" for name, value in wish.items()) or "nothing"


def template(scene: Scene) -> str:
    """A template is paused, disabled, approved: {"name", "status", "reason"}; the app hears of it."""
    found = scene.template()
    found.status = str(scene.given.get("status", "PAUSED")).upper()
    scene.sim.keep(found)
    change = template_status_change(found, event=found.status, reason=str(scene.given.get("reason") or "NONE").upper())
    scene.sim.webhooks.emit(Event(waba=scene.waba, change=change, entry_time=int(now())))
    return f"{found.name} is {found.status}"


def token(scene: Scene) -> str:
    """The account's token dies or lives again: {"alive": false}; {"expires_in": seconds} ends it later."""
    waba = scene.waba
    if "expires_in" in scene.given:
        waba.token_expires_at = now() + float(scene.given["expires_in"]) / scene.run.speed
        said = "the token expires"
    else:
        waba.revoked = not scene.given.get("alive", False)
        waba.token_expires_at = 0.0
        said = "the token is dead" if waba.revoked else "the token lives"
    scene.sim.keep(waba)
    return said


def funding(scene: Scene) -> str:
    """The account loses its payment method, or has one again: {"funded": false}."""
    funded = bool(scene.given.get("funded", False))
    scene.waba.extra["primary_funding_id"] = "1" if funded else ""
    scene.sim.keep(scene.waba)
    return "a payment method is there" if funded else "no payment method"


def webhook(scene: Scene) -> str:
    """Any change as a signed webhook: {"field", "value"}."""
    field = str(scene.given.get("field"))
    change = {"field": field, "value": scene.given.get("value") or {}}
    scene.sim.webhooks.emit(Event(waba=scene.waba, change=change, number=scene.number, entry_time=int(now())))
    return field


Action = Callable[[Scene], "str | Awaitable[str]"]
_ALL: tuple[Action, ...] = (write, flood, phone_app, fault, lift, options, online, quality, limit, account, alert)
_ALL += (number, template, token, funding, webhook)
ACTIONS: dict[str, Action] = {action.__name__: action for action in _ALL}
