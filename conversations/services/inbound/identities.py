"""A person has another number or id from now on, or somebody else may hold the number: noted, moved, warned about."""

from uuid import UUID

from django.db.models import F

from conversations.integrations.services.events import Fact
from conversations.models import Conversation, ConversationEvent
from conversations.services.inbound.items import Item, Outcome
from conversations.services.inbound.merging import merge
from conversations.services.inbound.people import People, Person, Seen, TwoFound
from conversations.whatsapp import payloads

MERGES = 4
ONLY_THE_ID = "user_changed_user_id"
MAYBE_ANOTHER = "customer_identity_changed"
KIND = ConversationEvent.Kind.IDENTITY_CHANGED


def change(item: Item, outcome: Outcome) -> None:
    """Move the identity to the same contact. Sensitive data must not be shown to whom it may not belong any more."""
    event = item.event
    assert isinstance(event, payloads.IdentityChange)  # noqa: S101  the handler's own type
    old = Seen(event.old_phone, event.old_bsuid, item.at, event.old_parent_bsuid, wrote=False)
    phone = event.new_phone or (event.old_phone if event.kind == ONLY_THE_ID else None)
    new = Seen(phone, event.new_bsuid, item.at, event.new_parent_bsuid, wrote=False)
    person = People([old]).find(old) if event.kind == MAYBE_ANOTHER else _moved(old, new)
    if person is None:
        return
    _warn(person.id, item, event, outcome)
    outcome.facts.append(Fact("contact.changed", person.id, item.at, data={"change": event.kind}))


def _moved(old: Seen, new: Seen) -> Person | None:
    for _ in range(MERGES):
        people = People([old, new])
        try:
            before, after = people.find(old), people.find(new)
            if before and after and before is not after:
                keep, other = sorted((before.id, after.id))
                merge(keep, other, at=old.at, identity_of=after.id)
                continue
            person = people.move(before or after, old=old, new=new)
        except TwoFound as found:
            merge(found.keep, found.other, at=old.at)
            continue
        people.write()
        return person
    raise RuntimeError("merging two contacts did not make them one")


def _warn(contact_id: UUID, item: Item, event: payloads.IdentityChange, outcome: Outcome) -> None:
    """A line in every thread of the person, once per notice of the platform."""
    spells = Conversation.objects.filter(contact_id=contact_id).order_by("channel_id", "-opened_at")
    for spell in spells.distinct("channel_id"):
        told = ConversationEvent.objects.filter(channel_id=spell.channel_id, kind=KIND, at=item.at)
        if told.filter(data__wamid=event.wamid or "").exists():
            continue
        ConversationEvent.objects.create(
            channel_id=spell.channel_id,
            conversation=spell,
            kind=KIND,
            at=item.at,
            data={"change": event.kind, "maybe_another_person": True, "wamid": event.wamid or ""},
        )
        Conversation.objects.filter(pk=spell.pk).update(version=F("version") + 1)
        outcome.conversations.add(spell.pk)
