"""One entry of the audit trail as people read it: what happened, what it was about, and the facts, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tenants.accounts import audit_facts, audit_words
from tenants.accounts.audit_things import Key, Thing
from tenants.accounts.models import AuditEntry

NONE = Thing("")


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact in words: its name, and the things or the one text that it says."""

    name: str
    values: list[Thing]

    @property
    def text(self) -> str:
        return ", ".join(one.name for one in self.values)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with its words. ``things`` are the names of what this page of the trail is about."""

    entry: AuditEntry
    things: Mapping[Key, Thing]

    @property
    def words(self) -> str:
        return audit_words.of_action(self.entry.action)

    @property
    def subject(self) -> str:
        """What kind of thing it was about; empty where nothing was."""
        return audit_words.of_subject(self.entry.subject_kind) if self.entry.subject_id else ""

    @property
    def thing(self) -> Thing:
        """What it was about: as it was called then where the entry says so, else as it is called now."""
        found = self.things.get((self.entry.subject_kind, self.entry.subject_id), NONE)
        told = next((text for name, text in self._named()), "")
        return Thing(told or found.name, found.path)

    @property
    def is_about_its_actor(self) -> bool:
        return self.entry.subject_id == str(self.entry.actor_id)

    @property
    def short_id(self) -> str:
        return audit_facts.short_ids(self.entry.subject_id)

    @property
    def only_this(self) -> str:
        """The query that leaves everything else about the same thing in the trail."""
        return urlencode({"subject": f"{self.entry.subject_kind}:{self.entry.subject_id}"})

    @property
    def reason(self) -> str:
        """Why, as somebody wrote it; a reason that is a code is among the facts."""
        return "" if audit_facts.of(self.entry.action, "reason") else self.entry.reason

    @property
    def facts(self) -> list[FactLine]:
        """Everything else that was recorded, without what says nothing."""
        named = {name for name, _text in self._named()}
        lines = [self._fact(name, value) for name, value in self._recorded() if name not in named]
        return [line for line in lines if line.text]

    def _recorded(self) -> Iterator[tuple[str, object]]:
        if self.entry.reason and not self.reason:
            yield "reason", self.entry.reason
        if self.entry.ground:
            yield "ground", self.entry.ground
        yield from audit_facts.in_order(self.entry.action, self.entry.details)

    def _named(self) -> Iterator[tuple[str, str]]:
        for name, value in self.entry.details.items() if self.entry.subject_id else ():
            fact = audit_facts.of(self.entry.action, name)
            if fact and fact.names_subject:
                yield name, fact.read(value)

    def _fact(self, name: str, value: object) -> FactLine:
        fact = audit_facts.of(self.entry.action, name)
        words, text = audit_facts.in_words(self.entry.action, name, value)
        if fact is None or not fact.thing:
            return FactLine(words, [Thing(text)])
        keys = [(fact.thing, pk) for pk in audit_facts.ids_in(value)]
        return FactLine(words, [self.things.get(key) or Thing(audit_facts.short_ids(key[1])) for key in keys])


def keys_of(entry: AuditEntry) -> Iterator[Key]:
    """What an entry is about, and the ids among its facts."""
    yield entry.subject_kind, entry.subject_id
    for name, value in entry.details.items():
        fact = audit_facts.of(entry.action, name)
        if fact and fact.thing:
            yield from ((fact.thing, pk) for pk in audit_facts.ids_in(value))
