"""Who exists: apps, business accounts, numbers, people, templates, groups and flows, and how they are found."""

import copy
import re
from typing import Any

from simulator.ids import Ids
from simulator.things import (
    ALL_SCOPES,
    App,
    Flow,
    Group,
    Number,
    Person,
    Template,
    Thing,
    Waba,
    WorldError,
    as_dict,
    country_of,
    dial_code_of,
    put,
)

__all__ = [
    "ALL_SCOPES",
    "App",
    "Flow",
    "Group",
    "Number",
    "Person",
    "Template",
    "Thing",
    "Waba",
    "World",
    "WorldError",
    "as_dict",
    "country_of",
    "dial_code_of",
]


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
        self.groups: dict[str, Group] = {}
        self.flows: dict[str, Flow] = {}
        self._by_token: dict[str, list[Waba]] = {}
        self._by_address: dict[str, Person] = {}

    def _shelves(self) -> dict[str, dict[str, Any]]:
        names = ("apps", "wabas", "numbers", "people", "templates", "groups", "flows")
        return {name: getattr(self, name) for name in names}

    def document(self) -> dict[str, list[dict[str, Any]]]:
        """Everything as a world document."""
        return {kind: [as_dict(thing) for thing in shelf.values()] for kind, shelf in self._shelves().items()}

    def merge(self, data: dict[str, Any]) -> list[Thing]:
        """Take in a world document; fields that are not given keep their value.

        Raises  WorldError, and then nothing has changed
        """
        before = copy.deepcopy(self._shelves())
        try:
            return self._merge(data)
        except (WorldError, AttributeError, TypeError) as error:
            for name, shelf in before.items():
                setattr(self, name, shelf)
            self._index()
            raise error if isinstance(error, WorldError) else WorldError(f"odd shape: {error}") from None

    def _merge(self, data: dict[str, Any]) -> list[Thing]:
        unknown = set(data) - set(self._shelves())
        if unknown:
            raise WorldError(f"unknown part of the world: {', '.join(sorted(unknown))}")
        changed: list[Thing] = []
        changed += [put(self.apps, App, "id", item) for item in data.get("apps", [])]
        changed += [put(self.wabas, Waba, "id", item) for item in data.get("wabas", [])]
        changed += [put(self.numbers, Number, "id", item) for item in data.get("numbers", [])]
        changed += [self._put_person(item) for item in data.get("people", [])]
        changed += [self._put_template(item) for item in data.get("templates", [])]
        changed += [put(self.groups, Group, "id", item) for item in data.get("groups", [])]
        changed += [put(self.flows, Flow, "id", item) for item in data.get("flows", [])]
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

    def wabas_by_token(self, token: str) -> list[Waba]:
        """The accounts that a bearer token opens."""
        return self._by_token.get(token, [])

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
        person = put(self.people, Person, "key", item)
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
        item.setdefault("id", old.id if old else self._ids.digits(16, "templates"))
        item.setdefault("status", "APPROVED")
        return put(self.templates, Template, "id", item)

    def _check(self) -> None:
        for waba in self.wabas.values():
            if waba.app_id not in self.apps:
                raise WorldError(f"account {waba.id} names the unknown app {waba.app_id}")
        for number in self.numbers.values():
            if number.waba_id not in self.wabas:
                raise WorldError(f"number {number.id} names the unknown account {number.waba_id}")
        for group in self.groups.values():
            if group.number_id not in self.numbers:
                raise WorldError(f"group {group.id} names the unknown number {group.number_id}")

    def _index(self) -> None:
        self._by_token = {}
        for waba in self.wabas.values():
            self._by_token.setdefault(waba.token, []).append(waba)
        self._by_address = {}
        for person in self.people.values():
            self._index_person(person)

    def _index_person(self, person: Person) -> None:
        for address in filter(None, [person.phone, person.bsuid, *person.bsuids.values()]):
            self._by_address[address] = person
