"""Turns scenes into a book of rows: people, threads, spells, messages, notes and events."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from config.demo import messages, script
from config.demo.book import Book, Row, id_at
from config.demo.contacts import Person
from config.demo.messages import Place, Written
from config.demo.script import Line
from config.demo.stage import Scene
from conversations.models import ConsentRecord, Contact, Conversation, ConversationEvent, PhoneNumber
from tenants.accounts.models import User

Kind = ConversationEvent.Kind
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Thread:
    """What is remembered of one person between scenes."""

    contact: Row
    channel: Row
    last: dict[str, Written] = field(default_factory=dict)  # by who said it


@dataclass(slots=True)
class Teller:
    """``users`` are those who answer, in the order that scripts count them."""

    number: PhoneNumber
    schema_name: str
    users: list[User]
    now: datetime
    book: Book = field(default_factory=Book)
    threads: dict[str, Thread] = field(default_factory=dict)

    def tell(self, scenes: list[Scene]) -> Book:
        for scene in scenes:
            _Telling(self, scene).run()
        for thread in self.threads.values():
            self.book.contacts.append(thread.contact)
            self.book.channels.append(thread.channel)
        return self.book

    def thread(self, person: Person, *, at: datetime) -> Thread:
        found = self.threads.get(person.key)
        if found is None:
            found = self.threads[person.key] = Thread(_contact(person, at), self._channel(at))
            found.channel["contact_id"] = found.contact["id"]
            self.book.identities += _identities(person, found.contact["id"], at)
            self.book.people.append(_phone(person))
        return found

    def group(self, name: str, *, at: datetime) -> tuple[Thread, Person]:
        """A group as a thread of its own, and as what the simulator would call a person."""
        id_there = f"12036304{sum(map(ord, name)):010d}"
        someone = Person(f"group-{id_there}", name, name, "nl", "NL", None, "")
        found = self.threads.get(someone.key)
        if found is None:
            row = _contact(someone, at) | {
                "kind": Contact.Kind.GROUP,
                "group_id": id_there,
                "bsuid": None,
                "market": "",
            }
            found = self.threads[someone.key] = Thread(row, self._channel(at))
            found.channel["contact_id"] = row["id"]
        return found, someone

    def member(self, person: Person, *, at: datetime) -> UUID:
        """Somebody who wrote in a group and never alone: known, without a thread."""
        row = _contact(person, at)
        self.book.contacts.append(row)
        self.book.identities += _identities(person, row["id"], at)
        self.book.people.append(_phone(person))
        member_id: UUID = row["id"]
        return member_id

    def _channel(self, at: datetime) -> Row:
        return {
            "id": id_at(at),
            "contact_id": None,
            "phone_number_id": self.number.pk,
            "last_inbound_at": None,
            "free_entry_until": None,
            "read_up_to": None,
        }


class _Telling:
    """One scene."""

    def __init__(self, teller: Teller, scene: Scene) -> None:
        self.teller, self.scene, self.book = teller, scene, teller.book
        self.dice = Random(f"{scene.person.key} {scene.begins}")
        person = scene.person
        members: tuple[UUID, ...] = ()
        if scene.group:
            self.thread, person = teller.group(scene.group, at=scene.begins)
            members = tuple(teller.member(one, at=scene.begins) for one in scene.members)
            teller.book.groups.append(_group(self.thread.contact, scene, teller.number))
        else:
            self.thread = teller.thread(person, at=scene.begins)
        self.agent = teller.users[scene.agent % len(teller.users)] if scene.agent is not None else None
        self.id = id_at(scene.begins)
        self.place = Place(
            number=teller.number,
            schema_name=teller.schema_name,
            person=person,
            contact_id=self.thread.contact["id"],
            channel_id=self.thread.channel["id"],
            conversation_id=self.id,
            now=teller.now,
            members=members,
            from_phone=scene.from_phone,
        )
        me = _called(self.agent) if self.agent else ""
        self.words = {"naam": scene.person.given, "ik": me, "nr": str(self.dice.randrange(20_100, 20_990))}
        self.waiting: list[Row] = []
        self.newest: Row | None = None
        self.taken = False

    def run(self) -> None:
        if not self.scene.from_phone:
            self._event(Kind.OPENED, self.scene.begins - MINUTE)
        for line, at in zip(self.scene.lines, self.scene.moments, strict=True):
            self._line(line, at)
        if self.scene.live and self.agent and not self.taken:
            self._event(Kind.TAKEN, self.scene.ends + MINUTE / 2, actor=self.agent, taken_from=None)
        self._close()
        for row in self.waiting if self.place.public else ():  # nobody has read it yet
            next(told for told in reversed(self.book.history) if told["wamid"] == row["wamid"])["status"] = "delivered"

    # --- Lines --------------------------------------------------------------------------------------------------------
    def _line(self, line: Line, at: datetime) -> None:
        args = tuple(self._spoken(arg) for arg in line.args)
        text = self._spoken(line.text)
        if line.who == "n":
            self._note(text, at)
        elif line.who == "e":
            self._happening(line, args, text, at)
        elif line.kind in ("edit", "revoke"):
            self._change(line, text, at)
        else:
            self._message(line, args, text, at)

    def _spoken(self, text: str) -> str:
        return script.spoken(text, self.words, self.dice)

    def _message(self, line: Line, args: tuple[str, ...], text: str, at: datetime) -> None:
        mine, other = ("k", "a") if line.who == "k" else ("a", "k")
        if line.who == "a" and self.agent and not self.taken:
            self.taken = True
            self._event(Kind.TAKEN, at - MINUTE / 2, actor=self.agent, taken_from=None)
        author = self.agent.pk if self.agent and line.who == "a" else None
        quotes = self.thread.last.get(other)
        written = messages.write(
            self.book, self.place, line, args=args, text=text, at=at, author=author, quotes=quotes, dice=self.dice
        )
        if line.kind == "react":
            return
        self.thread.last[mine] = written
        self.newest = written.row
        if line.who == "k":
            self.waiting.append(written.row)
        if self.scene.from_phone:
            return
        if line.who == "k":
            self.thread.channel["last_inbound_at"] = written.row["at"]
            if "referral" in written.row["content"]:
                self.thread.channel["free_entry_until"] = at + timedelta(days=7)
        else:
            self.waiting = []
            self.thread.channel["read_up_to"] = self.thread.channel["last_inbound_at"]

    def _change(self, line: Line, text: str, at: datetime) -> None:
        """The person edits or takes back what they wrote last."""
        written = self.thread.last["k"]
        row = written.row
        if line.kind == "revoke":
            row |= {"body": "", "content": {}, "revoked_at": at}
            self.book.history.remove(written.told)
            self.waiting = [waits for waits in self.waiting if waits is not row]
            return
        first = {"wamid": row["wamid"], "at": row["at"].isoformat(), "body": row["body"], "content": {}}
        second = {"wamid": row["wamid"] + "e", "at": at.isoformat(), "body": text, "content": {}}
        row |= {"body": text, "content": {"versions": [first, second]}, "edited_at": at}
        written.told["text"] = {"body": text}

    def _note(self, text: str, at: datetime) -> None:
        author = self.agent or self.teller.users[0]
        self.book.notes.append(
            {
                "id": id_at(at),
                "channel_id": self.place.channel_id,
                "conversation_id": self.id,
                "author_id": author.pk,
                "body": text,
                "at": at,
            }
        )

    def _happening(self, line: Line, args: tuple[str, ...], text: str, at: datetime) -> None:
        if line.kind in ("stop", "consent"):
            self._consent(line.kind, text, at)
        elif line.kind == "call":
            events = {"connect": at.isoformat(), "terminate": (at + MINUTE / 2).isoformat()}
            self._event(Kind.CALL, at, call_id=f"wacid.{id_at(at).hex}", inbound=True, events=events, status=args[0])
        elif line.kind == "identity":
            self._event(Kind.IDENTITY_CHANGED, at, change=args[0], maybe_another_person=True, wamid="")
        elif line.kind == "released":
            self._event(Kind.RELEASED, at, actor=self.agent)
            self.taken = False

    def _consent(self, kind: str, text: str, at: datetime) -> None:
        said = self.thread.last["k"].row if "k" in self.thread.last else None
        stop = kind == "stop"
        self.book.consents.append(
            {
                "id": id_at(at),
                "contact_id": self.thread.contact["id"],
                "event": ConsentRecord.Event.WITHDRAWN if stop else ConsentRecord.Event.GIVEN,
                "source": "stop_message" if stop else "web_form",
                "phone_number_id": self.teller.number.phone_number_id,
                "wamid": said["wamid"] if said else "",
                "text": text or (said["body"] if said else ""),
                "occurred_at": at,
            }
        )
        if stop:
            self.thread.contact["opted_out_at"] = at
            self._event(Kind.OPTED_OUT, at, source="stop_message")

    # --- The spell ----------------------------------------------------------------------------------------------------
    def _event(self, kind: str, at: datetime, *, actor: User | None = None, **data: Any) -> None:
        self.book.events.append(
            {
                "id": id_at(at),
                "channel_id": self.place.channel_id,
                "conversation_id": self.id,
                "kind": kind,
                "at": at,
                "actor_id": actor.pk if actor else None,
                "data": data,
            }
        )

    def _close(self) -> None:
        live, newest = self.scene.live, self.newest
        closed_at = None if live else min(self.scene.ends + self.dice.randrange(3, 40) * MINUTE, self.teller.now)
        if self.scene.from_phone:
            closed_at = self.scene.ends
            self._event(Kind.HISTORY_TAKEN_IN, closed_at)
        elif closed_at:
            self._event(Kind.CLOSED, closed_at, actor=self.agent, reason="")
        if closed_at:
            self.waiting = []
        assert newest is not None  # noqa: S101  every scene has a message
        self.thread.contact["last_message_at"] = newest["at"]
        self.book.conversations.append(
            {
                "id": self.id,
                "contact_id": self.thread.contact["id"],
                "phone_number_id": self.teller.number.pk,
                "channel_id": self.place.channel_id,
                "status": "open" if live else "closed",
                "assignee_id": self.agent.pk if self.agent else None,
                "assigned_at": self.scene.begins if self.agent else None,
                "opened_at": self.scene.begins,
                "closed_at": closed_at,
                "close_reason": Conversation.IMPORTED if self.scene.from_phone else "",
                "closed_by_id": self.agent.pk if closed_at and self.agent else None,
                "last_direction": newest["direction"],
                "last_message_id": newest["id"],
                "last_message_at": newest["at"],
                "waiting_since": self.waiting[0]["at"] if self.waiting else None,
                "unread_count": len(self.waiting),
                "version": 1,
            }
        )


def _called(user: User) -> str:
    """What a user is called in a chat: of an alias the last word, else the first name."""
    return user.alias.split()[-1] if user.alias else user.name.split()[0]


def _contact(person: Person, at: datetime) -> Row:
    return {
        "id": id_at(at),
        "kind": Contact.Kind.PERSON,
        "group_id": None,
        "name": person.name,
        "bsuid": person.bsuid,
        "wa_id": person.phone,
        "username": person.username,
        "language": person.language,
        "market": person.country,
        "opted_out_at": None,
        "created_at": at,
        "last_message_at": at,
    }


def _identities(person: Person, contact_id: UUID, at: datetime) -> list[Row]:
    known = {"bsuid": person.bsuid, "wa_id": person.phone, "username": person.username}
    return [
        {"id": id_at(at), "contact_id": contact_id, "kind": kind, "value": value, "valid_from": at, "source": "message"}
        for kind, value in known.items()
        if value
    ]


def _group(contact: Row, scene: Scene, number: PhoneNumber) -> dict[str, Any]:
    """The group as the simulator knows it."""
    return {
        "id": contact["group_id"],
        "number_id": number.phone_number_id,
        "subject": contact["name"],
        "members": [person.key for person in scene.members],
    }


def _phone(person: Person) -> dict[str, Any]:
    """The person as the simulator knows them."""
    return {
        "key": person.key,
        "name": person.name,
        "phone": person.phone,
        "bsuid": person.bsuid,
        "username": person.username or None,
        "read_receipts": person.read_receipts,
    }
