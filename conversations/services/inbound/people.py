"""Finds or makes the contact behind a phone number and a business-scoped id, for a whole batch at once.

Match order: business-scoped id, phone number, new. A stored phone number is never overwritten with nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from conversations.models import Contact, ContactIdentity
from conversations.whatsapp.market import market
from tenants import bulk
from tenants.ids import uuid7

Kind = ContactIdentity.Kind
MAX_NAME_CHARS = 200
MAX_USERNAME_CHARS = 64

CURRENT = (
    "SELECT id, bsuid, wa_id, parent_bsuid, username, name, last_message_at FROM conversations_contact"
    " WHERE bsuid = ANY(%(bsuids)s) OR wa_id = ANY(%(phones)s) OR id = ANY(%(ids)s)"
)
FORMER = (
    "SELECT kind, value, valid_to, contact_id FROM conversations_contactidentity WHERE valid_to IS NOT NULL"
    " AND ((kind = 'bsuid' AND value = ANY(%(bsuids)s)) OR (kind = 'wa_id' AND value = ANY(%(phones)s)))"
)
CHANGES = (
    "name = news.name, bsuid = news.bsuid, wa_id = news.wa_id, parent_bsuid = news.parent_bsuid,"
    " username = news.username, market = CASE WHEN news.market <> '' THEN news.market ELSE old.market END,"
    " last_message_at = greatest(old.last_message_at, news.last_message_at)"
)
CLOSE = (
    "UPDATE conversations_contactidentity SET valid_to = greatest(valid_from, %s) WHERE contact_id = %s AND kind = %s"
    " AND value = %s AND valid_to IS NULL"
)


@dataclass(slots=True)
class Person:
    """A contact while a batch is applied."""

    id: UUID
    bsuid: str | None = None
    wa_id: str | None = None
    parent_bsuid: str = ""
    username: str = ""
    name: str = ""
    last_message_at: datetime | None = None
    fresh: bool = False
    changed: bool = False
    maybe_another: bool = False  # known under another business-scoped id until now: perhaps a recycled number

    def is_news(self, at: datetime) -> bool:
        return self.last_message_at is None or at >= self.last_message_at


@dataclass(frozen=True, slots=True)
class Seen:
    """How a person showed up in one event; None where the platform said nothing."""

    phone: str | None
    bsuid: str | None
    at: datetime
    parent_bsuid: str | None = None
    username: str | None = None
    name: str | None = None
    wrote: bool = True  # an event of the person, not about them

    def identity(self, kind: Kind) -> str | None:
        return {Kind.BSUID: self.bsuid, Kind.WA_ID: self.phone, Kind.PARENT_BSUID: self.parent_bsuid}.get(kind)


class TwoFound(Exception):
    """One contact goes by the id and another by the number, and both are the same person: they have to be merged."""

    def __init__(self, keep: UUID, other: UUID) -> None:
        super().__init__()
        self.keep, self.other = keep, other


class People:
    """The contacts of a batch: loaded at once, changed in memory, written at once."""

    def __init__(self, seen: Iterable[Seen]) -> None:
        seen = list(seen)
        self._by_bsuid: dict[str, Person] = {}
        self._by_phone: dict[str, Person] = {}
        self._by_id: dict[UUID, Person] = {}
        self._former: dict[tuple[str, str], list[tuple[datetime, UUID]]] = {}
        self._identities: list[bulk.Row] = []
        self._closed: list[tuple[datetime, UUID, str, str]] = []
        self._load([s.bsuid for s in seen if s.bsuid], [s.phone for s in seen if s.phone])

    def __getitem__(self, contact_id: UUID) -> Person:
        return self._by_id[contact_id]

    def resolve(self, seen: Seen) -> Person:
        """The contact, made when nobody is known by these identities, with what is news about them.

        Raises  TwoFound, before anything was changed
        """
        person = self._find(seen)
        if person is None:
            person = self._make(seen)
        self._identify(person, seen)
        if seen.wrote:
            self._describe(person, seen)
        return person

    def find(self, seen: Seen) -> Person | None:
        """The contact with these identities, if any.

        Raises  TwoFound
        """
        return self._find(seen)

    def move(self, person: Person | None, *, old: Seen, new: Seen) -> Person | None:
        """Give a contact (or a new one) the new identities; the old ones lead to it until then."""
        if person is None and new.phone is None and new.bsuid is None:
            return None
        person = person or self._make(new)
        for kind in (Kind.BSUID, Kind.WA_ID, Kind.PARENT_BSUID):
            before, after, current = old.identity(kind), new.identity(kind), getattr(person, kind)
            if before and before not in (after, current):
                self._note_former(person, kind, before, old.at)
            outdated = current not in (before, None, "") or self._formerly(kind, after, at=old.at) is person
            if after and after != current and not outdated:
                self._take_from_owner(person, kind, after, new.at)
                self._become(person, kind, after, new.at)
            elif kind is Kind.WA_ID and before and before == current and after is None:
                self._give_up(person, kind, before, old.at)  # the number is no longer theirs, the new one is not told
        return person

    def write(self) -> None:
        """Insert and update contacts and their identities."""
        changed = [person for person in self._by_id.values() if person.fresh or person.changed]
        with connection.cursor() as cursor:
            for closed in self._closed:
                cursor.execute(CLOSE, closed)
        bulk.update(Contact, [self._row(person) for person in changed if not person.fresh], changes=CHANGES)
        bulk.insert(Contact, [self._row(person) for person in changed if person.fresh])
        bulk.insert(ContactIdentity, self._identities, conflict="ON CONFLICT DO NOTHING")
        for person in changed:
            person.fresh = person.changed = False
        self._identities, self._closed = [], []

    def _load(self, bsuids: list[str], phones: list[str]) -> None:
        if not bsuids and not phones:
            return
        wanted: dict[str, list[Any]] = {"bsuids": bsuids, "phones": phones, "ids": []}
        with connection.cursor() as cursor:
            cursor.execute(FORMER, wanted)
            for kind, value, until, contact_id in cursor.fetchall():
                self._former.setdefault((kind, value), []).append((until, contact_id))
                wanted["ids"].append(contact_id)
            cursor.execute(CURRENT, wanted)
            for row in cursor.fetchall():
                self._remember(Person(*row))

    def _remember(self, person: Person) -> None:
        self._by_id[person.id] = person
        if person.bsuid:
            self._by_bsuid[person.bsuid] = person
        if person.wa_id:
            self._by_phone[person.wa_id] = person

    def _find(self, seen: Seen) -> Person | None:
        by_id = self._by_bsuid.get(seen.bsuid or "") or self._formerly(Kind.BSUID, seen.bsuid)
        by_number = self._by_phone.get(seen.phone or "") or self._formerly(Kind.WA_ID, seen.phone, at=seen.at)
        if by_id and by_number and by_id is not by_number and by_number.bsuid is None:
            keep, other = sorted((by_id.id, by_number.id))
            raise TwoFound(keep, other)
        return by_id or by_number

    def _formerly(self, kind: Kind, value: str | None, *, at: datetime | None = None) -> Person | None:
        """Who was known by this; a phone number only until it was given up, since numbers are used again."""
        found = self._former.get((kind, value or ""), [])
        fitting = [(until, owner) for until, owner in found if at is None or at < until]
        return self._by_id.get(min(fitting)[1] if at else max(fitting)[1]) if fitting else None

    def _make(self, seen: Seen) -> Person:
        person = Person(uuid7(), fresh=True)
        self._by_id[person.id] = person
        return person

    def _identify(self, person: Person, seen: Seen) -> None:
        news = person.is_news(seen.at)
        if seen.bsuid and seen.bsuid != person.bsuid and seen.bsuid not in self._by_bsuid:
            self._identify_by_id(person, seen.bsuid, seen.at, news=news)
        held_until_later = self._formerly(Kind.WA_ID, seen.phone, at=seen.at) is person
        if seen.phone and seen.phone != person.wa_id and (person.wa_id is None or news) and not held_until_later:
            self._take_from_owner(person, Kind.WA_ID, seen.phone, seen.at)
            self._become(person, Kind.WA_ID, seen.phone, seen.at)
        if seen.parent_bsuid and seen.parent_bsuid != person.parent_bsuid and news:
            self._become(person, Kind.PARENT_BSUID, seen.parent_bsuid, seen.at)

    def _identify_by_id(self, person: Person, bsuid: str, at: datetime, *, news: bool) -> None:
        """Found by number: the id is the first, a newer, or an older one of this contact."""
        if self._formerly(Kind.BSUID, bsuid) is person:
            return
        if person.bsuid is None or news:
            person.maybe_another = person.bsuid is not None
            self._become(person, Kind.BSUID, bsuid, at)
            return
        self._note_former(person, Kind.BSUID, bsuid, at)

    def _note_former(self, person: Person, kind: Kind, value: str, at: datetime) -> None:
        """This contact went by that until then, though it was never seen here."""
        if any(owner == person.id for _until, owner in self._former.get((kind, value), [])):
            return
        self._former.setdefault((kind, value), []).append((at, person.id))
        self._add_identity(person, kind, value, at, until=at)

    def _take_from_owner(self, person: Person, kind: Kind, value: str, at: datetime) -> None:
        owner = {Kind.BSUID: self._by_bsuid, Kind.WA_ID: self._by_phone}.get(kind, {}).get(value)
        if owner is not None and owner is not person:
            self._give_up(owner, kind, value, at)

    def _describe(self, person: Person, seen: Seen) -> None:
        if not person.is_news(seen.at):
            return
        name = (seen.name or "")[:MAX_NAME_CHARS]
        username = (seen.username or "")[:MAX_USERNAME_CHARS]
        if name:
            person.name = name
        if (username or name) and username != person.username:
            if username:
                self._become(person, Kind.USERNAME, username, seen.at)
            else:
                self._give_up(person, Kind.USERNAME, person.username, seen.at)
        if person.last_message_at != seen.at or name:
            person.changed = True
        person.last_message_at = seen.at

    def _become(self, person: Person, kind: Kind, value: str, at: datetime) -> None:
        before = getattr(person, kind)
        if before:
            self._give_up(person, kind, before, at)
        setattr(person, kind, value)
        person.changed = True
        self._remember(person)
        self._add_identity(person, kind, value, at)

    def _add_identity(
        self, person: Person, kind: Kind, value: str, at: datetime, *, until: datetime | None = None
    ) -> None:
        self._identities.append(
            {
                "id": uuid7(),
                "contact_id": person.id,
                "kind": kind,
                "value": value,
                "valid_from": at,
                "valid_to": until,
                "source": "webhook",
            }
        )

    def _give_up(self, person: Person, kind: Kind, value: str, at: datetime) -> None:
        setattr(person, kind, None if kind in (Kind.BSUID, Kind.WA_ID) else "")
        person.changed = True
        index = {Kind.BSUID: self._by_bsuid, Kind.WA_ID: self._by_phone}.get(kind, {})
        index.pop(value, None)
        self._former.setdefault((kind, value), []).append((at, person.id))
        self._closed.append((at, person.id, kind, value))
        for row in self._identities:
            if (row["contact_id"], row["kind"], row["value"], row["valid_to"]) == (person.id, kind, value, None):
                row["valid_to"] = max(at, row["valid_from"])

    def _row(self, person: Person) -> bulk.Row:
        return {
            "id": person.id,
            "bsuid": person.bsuid,
            "wa_id": person.wa_id,
            "parent_bsuid": person.parent_bsuid,
            "username": person.username,
            "name": person.name,
            "market": market(wa_id=person.wa_id, bsuid=person.bsuid) or "",
            "last_message_at": person.last_message_at,
        }
