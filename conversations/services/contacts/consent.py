"""Consent as dated proof: given and withdrawn by appending, never by editing, and asked before marketing leaves."""

from datetime import datetime
from typing import Required, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from conversations.errors import ConsentMissing, ContactOptedOut
from conversations.integrations.services import events
from conversations.models import ConsentRecord, Contact, Conversation, ConversationEvent, PhoneNumber
from tenants.accounts.models import User

Event = ConsentRecord.Event
MARKETING = "marketing"
MAX_SOURCE_CHARS = 40


class Proof(TypedDict, total=False):
    """What proves it.

    source  inbound_message, button, web_form, import, agent, platform_<code> …
    wamid   the person's message; text  exactly what was shown or said; at  when it happened
    """

    source: Required[str]
    purpose: str
    channel: str
    wamid: str
    text: str
    number: PhoneNumber | None
    actor: User | None
    at: datetime | None


@transaction.atomic
def give(contact: Contact, **proof: Unpack[Proof]) -> ConsentRecord:
    """The person agreed. An earlier STOP ends with it."""
    record = _append(contact, Event.GIVEN, proof)
    if record.purpose == MARKETING:
        stopped = Contact.objects.filter(pk=contact.pk).exclude(opted_out_at=None)
        if stopped.update(opted_out_at=None):
            _tell(contact, "opted_in")
    return record


@transaction.atomic
def withdraw(contact: Contact, **proof: Unpack[Proof]) -> ConsentRecord:
    """The person said stop: from now on nothing of this purpose is queued, and nothing queued before leaves."""
    record = _append(contact, Event.WITHDRAWN, proof)
    if record.purpose == MARKETING:
        listening = Contact.objects.filter(pk=contact.pk, opted_out_at=None)
        if listening.update(opted_out_at=record.occurred_at):
            _tell(contact, "opted_out")
            _note(contact, number=proof.get("number"), at=record.occurred_at)
    return record


def active_for(contact: Contact, *, purpose: str = MARKETING) -> ConsentRecord | None:
    """The proof in force, or None. The last word counts; having asked is none."""
    last = (
        ConsentRecord.objects.filter(contact=contact, purpose=purpose)
        .exclude(event=Event.REQUESTED)
        .order_by("-occurred_at", "-id")
        .first()
    )
    return last if last and last.event in (Event.GIVEN, Event.CONFIRMED) else None


def check_marketing(contact: Contact) -> None:
    """Whether marketing may go to this person.

    Raises  ContactOptedOut, ConsentMissing
    """
    if contact.opted_out_at:
        raise ContactOptedOut
    if active_for(contact) is None:
        raise ConsentMissing


def _append(contact: Contact, event: str, proof: Proof) -> ConsentRecord:
    number, actor = proof.get("number"), proof.get("actor")
    return ConsentRecord.objects.create(
        contact=contact,
        event=event,
        source=proof["source"][:MAX_SOURCE_CHARS],
        purpose=proof.get("purpose", MARKETING),
        channel=proof.get("channel", "whatsapp"),
        wamid=proof.get("wamid", ""),
        text=proof.get("text", ""),
        phone_number_id=number.phone_number_id if number else "",
        actor_id=actor.pk if actor else None,
        occurred_at=proof.get("at") or timezone.now(),
    )


def _tell(contact: Contact, what: str) -> None:
    events.record([events.Fact("contact.changed", contact.pk, timezone.now(), data={"marketing": what})])


def _note(contact: Contact, *, number: PhoneNumber | None, at: datetime) -> None:
    """A line in each open thread of the person, so that whoever reads it knows."""
    live = Conversation.objects.open().filter(contact=contact)
    if number is not None:
        live = live.filter(phone_number=number)
    lines = [
        ConversationEvent(channel_id=row.channel_id, conversation=row, kind=ConversationEvent.Kind.OPTED_OUT, at=at)
        for row in live
    ]
    ConversationEvent.objects.bulk_create(lines)
