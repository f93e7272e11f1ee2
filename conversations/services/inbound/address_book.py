"""The address book of the phone: names for people, only where it was written down why that is allowed."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

from conversations.integrations.services.events import Fact
from conversations.models import Contact, NumberSync, PhoneNumber
from conversations.services.inbound import syncs
from conversations.services.inbound.items import Item, Outcome
from conversations.services.inbound.meeting import find_all, meet_all
from conversations.services.inbound.people import Seen
from conversations.whatsapp import payloads
from tenants import bulk

KIND = NumberSync.Kind.CONTACTS
BOOK = "_address_book"
MAX_NAME_CHARS = 200
NAMED = "given_name = news.given_name, metadata = news.metadata"


def is_entry(item: Item) -> bool:
    return isinstance(item.event, payloads.ContactSync)


def take_in(items: Sequence[Item], outcome: Outcome) -> int:
    """Take these entries over: a name for the person, who is made when nobody is known by the number.

    Removing an entry on the phone deletes nobody here. Without a recorded ground the entries stay in the journal,
    until one is recorded or their time is up. Tells how many were looked at: those of the first one's number.
    """
    number = items[0].our_number
    run = list(takewhile(lambda item: item.number == number, items))
    if not syncs.has_basis(number, KIND):
        for item in run:
            outcome.waits.setdefault(item.call.id, waiting_for_basis(number))
        return len(run)
    written = _write({_key(item): item for item in sorted(run, key=lambda item: item.at)}.values())
    syncs.went_on(number, KIND, taken_in=written, progress=syncs.COMPLETE)
    outcome.numbers.add(number.pk)
    outcome.arrived.add(waiting_for_basis(number))
    data = {"contacts": written, "phone_number_id": number.phone_number_id}
    outcome.facts.append(Fact("contacts.taken_in", number.pk, run[0].call.received_at, data=data))
    return len(run)


def waiting_for_basis(number: PhoneNumber) -> str:
    """What stands in the journal's ``error`` while entries wait for a legal ground."""
    return f"waits:basis:{number.phone_number_id}:{KIND}"


def _write(items: Iterable[Item]) -> int:
    """Write the newest entry of each person; tells how many people have another name now."""
    named = [item for item in items if _entry(item).action == "add" and _name(item)]
    gone = [item for item in items if _entry(item).action == "remove"]
    people = meet_all([_seen(item) for item in named])
    known = find_all([_seen(item) for item in gone])
    by_contact = dict(zip([person.id for person in people], named, strict=True))
    by_contact |= {person.id: item for person, item in zip(known, gone, strict=True) if person}
    rows: list[bulk.Row] = []
    contacts = Contact.objects.filter(pk__in=by_contact).select_for_update(of=("self",))
    for contact in contacts.order_by("pk"):
        rows += _row(contact, by_contact[contact.pk])
    bulk.update(Contact, rows, changes=NAMED)
    return sum(1 for row in rows if row["metadata"].get(BOOK, {}).get("name"))


def _row(contact: Contact, item: Item) -> list[bulk.Row]:
    """The name from the phone, unless somebody here gave another one; older news changes nothing."""
    told: dict[str, Any] = contact.metadata.get(BOOK) or {}
    if item.at.isoformat() <= str(told.get("at", "")):
        return []
    name = _name(item) if _entry(item).action == "add" else ""
    free = contact.given_name in ("", told.get("name"))
    given = name if free and name else contact.given_name
    entry = {"name": name if free else "", "at": item.at.isoformat()}
    return [{"id": contact.pk, "given_name": given, "metadata": {**contact.metadata, BOOK: entry}}]


def _entry(item: Item) -> payloads.ContactSync:
    assert isinstance(item.event, payloads.ContactSync)  # noqa: S101  is_entry lets nothing else pass
    return item.event


def _key(item: Item) -> tuple[str | None, str | None]:
    entry = _entry(item)
    return entry.phone, entry.bsuid


def _seen(item: Item) -> Seen:
    return Seen(*_key(item), item.at, wrote=False)


def _name(item: Item) -> str:
    entry = _entry(item)
    return (entry.full_name or entry.first_name or "").strip()[:MAX_NAME_CHARS]
