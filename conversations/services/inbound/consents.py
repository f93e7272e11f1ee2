"""STOP and its kin, and the choices people make in the app: proof is appended, the contact shows the latest of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from conversations.integrations.services.events import Fact
from conversations.models import ConsentRecord, Conversation, ConversationEvent
from conversations.services.inbound.items import Item, Outcome
from conversations.services.inbound.meeting import meet
from conversations.services.inbound.people import Seen
from conversations.whatsapp import consent_words, payloads
from tenants import bulk
from tenants.ids import uuid7

Event = ConsentRecord.Event
MARKETING = "marketing"
CHOICES = {"stop": Event.WITHDRAWN, "resume": Event.GIVEN, "signup": Event.GIVEN}
SAYS_WORDS = frozenset({"text", "button", "interactive"})

SHOW_LATEST = """
UPDATE conversations_contact AS contact
SET opted_out_at = CASE WHEN latest.event IN ('withdrawn', 'refused') THEN latest.occurred_at END
FROM (
    SELECT DISTINCT ON (contact_id) contact_id, event, occurred_at FROM conversations_consentrecord
    WHERE contact_id = ANY(%s::uuid[]) AND purpose = 'marketing' AND event <> 'requested'
    ORDER BY contact_id, occurred_at DESC, event = 'withdrawn' DESC
) AS latest
WHERE contact.id = latest.contact_id
"""


@dataclass(frozen=True, slots=True)
class Stop:
    """A message that says stop, and where it stands."""

    contact_id: UUID
    channel_id: UUID
    conversation_id: UUID
    phone_number_id: str
    wamid: str
    text: str
    at: datetime
    in_group: bool = False


def says_stop(event: payloads.MessageBody) -> bool:
    return event.type in SAYS_WORDS and consent_words.is_stop(event.text)


def withdraw(stops: list[Stop], outcome: Outcome) -> None:
    """Record that these people want no marketing any more; it holds from the next message that would leave."""
    bulk.insert(
        ConsentRecord,
        [
            {
                "id": uuid7(),
                "contact_id": stop.contact_id,
                "event": Event.WITHDRAWN,
                "source": "stop_message",
                "phone_number_id": stop.phone_number_id,
                "wamid": stop.wamid,
                "text": stop.text,
                "occurred_at": stop.at,
            }
            for stop in stops
        ],
    )
    bulk.insert(
        ConversationEvent,
        [
            {
                "id": uuid7(),
                "channel_id": stop.channel_id,
                "conversation_id": stop.conversation_id,
                "kind": ConversationEvent.Kind.OPTED_OUT,
                "at": stop.at,
                "data": {"source": "stop_message", "wamid": stop.wamid} | _who(stop),
            }
            for stop in stops
        ],
    )
    show_latest({stop.contact_id for stop in stops})
    outcome.facts += [_fact("contact.opted_out", stop.contact_id, stop.at) for stop in stops]


def _who(stop: Stop) -> dict[str, Any]:
    """In a group the line names the member: the thread is not hers alone."""
    return {"in_group": True, "contact_id": str(stop.contact_id)} if stop.in_group else {}


def prefer(item: Item, outcome: Outcome) -> None:
    """A choice made in the app itself; every category is kept, marketing is shown on the contact."""
    event = item.event
    assert isinstance(event, payloads.PreferenceChange)  # noqa: S101  the handler's own type
    choice = CHOICES.get(event.value)
    if choice is None:  # a word nobody has seen yet stays in the journal
        return
    person = meet(Seen(event.phone, event.bsuid, item.at, wrote=False))
    purpose = MARKETING if event.category.startswith(MARKETING) else event.category[:30]
    record = {"contact_id": person.id, "purpose": purpose, "event": choice, "occurred_at": item.at}
    if ConsentRecord.objects.filter(**record, source="user_preferences").exists():
        return
    number_id = item.number.phone_number_id if item.number else ""
    text = event.detail or event.value
    ConsentRecord.objects.create(**record, source="user_preferences", phone_number_id=number_id, text=text)
    show_latest({person.id})
    if purpose == MARKETING:
        out = choice == Event.WITHDRAWN
        outcome.facts.append(_fact("contact.opted_out" if out else "contact.opted_in", person.id, item.at))
        if out:
            _note(person.id, item, outcome)


def show_latest(contact_ids: Iterable[UUID]) -> None:
    """Set the contact's opt-out from the newest proof, in whatever order the proofs came."""
    with connection.cursor() as cursor:
        cursor.execute(SHOW_LATEST, [list(contact_ids)])


def _note(contact_id: UUID, item: Item, outcome: Outcome) -> None:
    spells = Conversation.objects.filter(contact_id=contact_id)
    if item.number:
        spells = spells.filter(phone_number=item.number)
    spell = spells.order_by("-opened_at").first()
    if spell is not None:
        ConversationEvent.objects.create(
            channel_id=spell.channel_id,
            conversation=spell,
            kind=ConversationEvent.Kind.OPTED_OUT,
            at=item.at,
            data={"source": "user_preferences"},
        )
        outcome.conversations.add(spell.pk)


def _fact(kind: str, contact_id: UUID, at: datetime) -> Fact:
    return Fact(kind, contact_id, at, data={"contact_id": str(contact_id)})
