"""Who exists: apps, business accounts, numbers, people and message templates."""

import copy
import re
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, ClassVar, TypeVar

from simulator.ids import Ids

_COUNTRIES = {"1": "US", "31": "NL", "32": "BE", "33": "FR", "34": "ES", "39": "IT", "44": "GB", "49": "DE", "55": "BR"}
_COUNTRIES |= {"91": "IN", "48": "PL", "41": "CH", "43": "AT", "45": "DK", "46": "SE", "47": "NO", "352": "LU"}


class WorldError(ValueError):
    """An object of the world that cannot be taken in; the text names what is wrong."""


@dataclass
class App:
    """A developer's app: its secret signs webhooks, its URL receives them."""

    KIND: ClassVar[str] = "apps"
    id: str
    secret: str
    verify_token: str = ""
    webhook_url: str | None = None


@dataclass
class Waba:
    """A WhatsApp Business Account. Its bearer token opens everything in it.

    portfolio_id  the scope of people's business-scoped ids (see Person.bsuids); the account's own id when absent
    extra         further fields that a read returns as they are
    """

    KIND: ClassVar[str] = "wabas"
    id: str
    name: str
    app_id: str
    token: str
    currency: str = "EUR"
    portfolio_id: str | None = None
    subscribed: bool = True
    revoked: bool = False
    override_url: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Number:
    """A business phone number; throughput in messages per second."""

    KIND: ClassVar[str] = "numbers"
    id: str
    waba_id: str
    display_phone_number: str
    verified_name: str
    quality_rating: str = "GREEN"
    throughput: int = 80
    status: str = "CONNECTED"
    override_url: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def digits(self) -> str:
        """The number as the platform writes it in `from`."""
        return re.sub(r"\D", "", self.display_phone_number)


@dataclass
class Person:
    """Somebody with a simulated phone. Without a phone number, only the business-scoped id identifies them.

    shares_phone  False hides an existing phone number from businesses, as for people with a username
    bsuids        portfolio or account id -> the id this business sees, where it differs from `bsuid`
    stopped       accounts whose marketing messages this person stopped
    """

    KIND: ClassVar[str] = "people"
    key: str
    name: str
    phone: str | None = None
    bsuid: str = ""
    username: str | None = None
    shares_phone: bool = True
    online: bool = True
    read_receipts: bool = True
    bsuids: dict[str, str] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)

    @property
    def wa_id(self) -> str | None:
        """The phone number as businesses see it, or None."""
        return self.phone if self.shares_phone else None

    def bsuid_for(self, waba: Waba) -> str:
        """The id under which this business knows the person."""
        return self.bsuids.get(waba.portfolio_id or waba.id) or self.bsuids.get(waba.id) or self.bsuid


@dataclass
class Template:
    """A message template in one language."""

    KIND: ClassVar[str] = "templates"
    id: str
    waba_id: str
    name: str
    language: str
    category: str
    status: str
    components: list[dict[str, Any]]
    parameter_format: str = "POSITIONAL"
    extra: dict[str, Any] = field(default_factory=dict)


Thing = App | Waba | Number | Person | Template
T = TypeVar("T", App, Waba, Number, Person, Template)


class World:
    """Everything that exists, found by id, token, address or name."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.clear()

    def clear(self) -> None:
        """Forget everybody."""
        self.apps: dict[str, App] = {}
        self.wabas: dict[str, Waba] = {}
        self.numbers: dict[str, Number] = {}
        self.people: dict[str, Person] = {}
        self.templates: dict[str, Template] = {}
        self._by_token: dict[str, Waba] = {}
        self._by_address: dict[str, Person] = {}

    def merge(self, data: dict[str, Any]) -> list[Thing]:
        """Take in a world document; fields that are not given keep their value.

        Raises  WorldError, and then nothing has changed
        """
        before = copy.deepcopy([self.apps, self.wabas, self.numbers, self.people, self.templates])
        try:
            return self._merge(data)
        except (WorldError, AttributeError, TypeError) as error:
            self.apps, self.wabas, self.numbers, self.people, self.templates = before  # type: ignore[assignment]
            self._index()
            raise error if isinstance(error, WorldError) else WorldError(f"odd shape: {error}") from None

    def _merge(self, data: dict[str, Any]) -> list[Thing]:
        unknown = set(data) - {"apps", "wabas", "numbers", "people", "templates"}
        if unknown:
            raise WorldError(f"unknown part of the world: {', '.join(sorted(unknown))}")
        changed: list[Thing] = []
        changed += [_put(self.apps, App, "id", item) for item in data.get("apps", [])]
        changed += [_put(self.wabas, Waba, "id", item) for item in data.get("wabas", [])]
        changed += [_put(self.numbers, Number, "id", item) for item in data.get("numbers", [])]
        changed += [self._put_person(item) for item in data.get("people", [])]
        changed += [self._put_template(item) for item in data.get("templates", [])]
        self._check()
        self._index()
        return changed

    def add_person(self, item: dict[str, Any]) -> Person:
        """Take in one person. Raises WorldError."""
        person = self._put_person(item)
        self._index_person(person)
        return person

    def numbers_of(self, waba_id: str) -> list[Number]:
        """The numbers of an account, in the order they were made."""
        return [number for number in self.numbers.values() if number.waba_id == waba_id]

    def waba_by_token(self, token: str) -> Waba | None:
        """The account that a bearer token opens."""
        return self._by_token.get(token)

    def person_at(self, address: str) -> Person | None:
        """Whoever has this phone number (digits) or business-scoped id."""
        return self._by_address.get(address)

    def template(self, waba_id: str, *, name: str, language: str) -> Template | None:
        """A template of an account by what a send names."""
        wanted = (waba_id, name, language)
        return next((t for t in self.templates.values() if (t.waba_id, t.name, t.language) == wanted), None)

    def reindex(self) -> None:
        """Find people again after an address or token changed."""
        self._index()

    def _put_person(self, item: dict[str, Any]) -> Person:
        item = dict(item)
        if item.get("phone"):
            item["phone"] = re.sub(r"\D", "", str(item["phone"])) or None
        item.setdefault("key", self._free_key(str(item.get("name", ""))))
        person = _put(self.people, Person, "key", item)
        if not person.bsuid:
            person.bsuid = self._ids.bsuid(country_of(person.phone))
        return person

    def _free_key(self, name: str) -> str:
        base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "person"
        key, n = base, 1
        while key in self.people:
            n += 1
            key = f"{base}-{n}"
        return key

    def _put_template(self, item: dict[str, Any]) -> Template:
        item = dict(item)
        old = self.template(str(item.get("waba_id")), name=str(item.get("name")), language=str(item.get("language")))
        item.setdefault("id", old.id if old else self._ids.digits(16))
        item.setdefault("status", "APPROVED")
        return _put(self.templates, Template, "id", item)

    def _check(self) -> None:
        for waba in self.wabas.values():
            if waba.app_id not in self.apps:
                raise WorldError(f"account {waba.id} names the unknown app {waba.app_id}")
        for number in self.numbers.values():
            if number.waba_id not in self.wabas:
                raise WorldError(f"number {number.id} names the unknown account {number.waba_id}")

    def _index(self) -> None:
        self._by_token = {waba.token: waba for waba in self.wabas.values()}
        self._by_address = {}
        for person in self.people.values():
            self._index_person(person)

    def _index_person(self, person: Person) -> None:
        for address in filter(None, [person.phone, person.bsuid, *person.bsuids.values()]):
            self._by_address[address] = person


def country_of(phone: str | None) -> str:
    """The ISO country of a phone number's digits; NL where it cannot be told."""
    if phone:
        for length in (3, 2, 1):
            if phone[:length] in _COUNTRIES:
                return _COUNTRIES[phone[:length]]
    return "NL"


def as_dict(thing: Thing) -> dict[str, Any]:
    """A thing as it stands in a world document."""
    return asdict(thing)


def _put(shelf: dict[str, T], kind: type[T], key: str, item: dict[str, Any]) -> T:
    known = {f.name: f for f in fields(kind)}
    given = {name: value for name, value in item.items() if name in known}
    rest = {name: value for name, value in item.items() if name not in known}
    for name in ("id", "waba_id", "app_id"):
        if name in given:
            given[name] = str(given[name])
    if rest:
        if "extra" not in known:
            raise WorldError(f"{kind.KIND}: unknown field {', '.join(sorted(rest))}")
        given["extra"] = {**given.get("extra", {}), **rest}
    old = shelf.get(str(given.get(key)))
    if old is not None:
        for name, value in given.items():
            setattr(old, name, value if name != "extra" else {**getattr(old, "extra", {}), **value})
        return old
    missing = [n for n, f in known.items() if n not in given and f.default is MISSING and f.default_factory is MISSING]
    if missing:
        raise WorldError(f"{kind.KIND}: {', '.join(missing)} is missing")
    thing = kind(**given)
    shelf[str(given[key])] = thing
    return thing
