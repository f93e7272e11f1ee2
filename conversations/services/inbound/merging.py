"""Makes one contact of two that turned out to be the same person, and records it so that it can be undone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from conversations.integrations.services.events import Fact, record
from conversations.models import (
    Channel,
    Contact,
    ContactIdentity,
    ContactMerge,
    Conversation,
    ConversationEvent,
    Message,
)
from conversations.services.contacts import person_events
from conversations.services.inbound import merge_spells
from conversations.services.inbound.merge_record import Moved, taken_values

PAIR_TABLES = (
    "conversations_conversation",
    "conversations_message",
    "conversations_conversationevent",
    "conversations_note",
)


@transaction.atomic
def merge(
    keep_id: UUID,
    other_id: UUID,
    *,
    at: datetime,
    identity_of: UUID | None = None,
    reason: str = "same_person",
    actor_id: UUID | None = None,
) -> Contact:
    """Move everything of ``other`` to ``keep``; the row of ``other`` stays and points to it.

    identity_of   whose number and id are the newer ones where both have some; ``keep``'s unless told
    reason        stable code: same_person (one event named both), number_moved, by_hand
    """
    people = {p.pk: p for p in Contact.objects.select_for_update().filter(pk__in=(keep_id, other_id)).order_by("pk")}
    keep, other = people[keep_id], people[other_id]
    moved = Moved(kept_before=taken_values(keep), other_before=taken_values(other))
    _move_pairs(keep, other, moved)
    moved.consents = list(other.consents.values_list("pk", flat=True))
    other.consents.update(contact=keep)
    spoken = Message.objects.filter(participant=other)
    moved.spoken = list(spoken.values_list("pk", flat=True))
    spoken.update(participant=keep)
    _take_over(keep, other, prefer_other=identity_of == other_id)
    moved.kept_after = taken_values(keep)
    _move_identities(keep, other, at=at, moved=moved)
    moved.merges = list(ContactMerge.objects.filter(kept=other).values_list("pk", flat=True))
    ContactMerge.objects.filter(kept=other).update(kept=keep)
    kept_record = ContactMerge.objects.create(
        kept=keep, other=other, at=at, reason=reason, actor_id=actor_id, moved=moved.as_json()
    )
    _note(keep, other, at=at, merge=kept_record)
    return keep


def _move_pairs(keep: Contact, other: Contact, moved: Moved) -> None:
    mine = {channel.phone_number_id: channel for channel in keep.channels.all()}
    for theirs in other.channels.select_for_update():
        own = mine.get(theirs.phone_number_id)
        spells = list(Conversation.objects.filter(channel=theirs).values_list("pk", flat=True))
        moved.add_pair(theirs, conversations=spells, into=own)
        if own is None:
            Conversation.objects.filter(channel=theirs).update(contact=keep)
            Channel.objects.filter(pk=theirs.pk).update(contact=keep)
            continue
        if joined := merge_spells.join(own, theirs):
            moved.joined.append(joined)
        Conversation.objects.filter(channel=theirs).update(contact=keep)
        for table in PAIR_TABLES:
            _execute(f"UPDATE {table} SET channel_id = %s WHERE channel_id = %s", [own.pk, theirs.pk])  # noqa: S608
        _execute(
            "UPDATE conversations_channel AS own SET"
            " last_inbound_at = greatest(own.last_inbound_at, theirs.last_inbound_at),"
            " free_entry_until = greatest(own.free_entry_until, theirs.free_entry_until),"
            " referred_at = greatest(own.referred_at, theirs.referred_at),"
            " refused_inbound_at = greatest(own.refused_inbound_at, theirs.refused_inbound_at),"
            " read_up_to = greatest(own.read_up_to, theirs.read_up_to)"
            " FROM conversations_channel AS theirs WHERE own.id = %s AND theirs.id = %s",
            [own.pk, theirs.pk],
        )
        theirs.delete()


def _move_identities(keep: Contact, other: Contact, *, at: datetime, moved: Moved) -> None:
    """All identities are the survivor's from now on; those it does not go by any more end here."""
    seen: set[tuple[str, str]] = set()
    for identity in ContactIdentity.objects.filter(contact__in=(keep, other)).order_by("contact_id", "valid_from"):
        moved.add_identity(identity)
        key = (identity.kind, identity.value)
        stays = getattr(keep, identity.kind) == identity.value and key not in seen
        if identity.valid_to is None and not stays:
            identity.valid_to = max(at, identity.valid_from)
        if identity.valid_to is None:
            seen.add(key)
        identity.contact = keep
        identity.save(update_fields=["contact", "valid_to"])


def _take_over(keep: Contact, other: Contact, *, prefer_other: bool) -> None:
    """What ``keep`` lacks it gets from ``other``; the newer of both names stays."""
    changes: dict[str, Any] = {}
    for name in ("bsuid", "wa_id", "external_id"):
        theirs = getattr(other, name)
        if theirs and (not getattr(keep, name) or (prefer_other and name != "external_id")):
            changes[name] = theirs
    Contact.objects.filter(pk=other.pk).update(bsuid=None, wa_id=None, external_id=None, merged_into=keep)
    newer = other.last_message_at is not None and (
        keep.last_message_at is None or other.last_message_at > keep.last_message_at
    )
    for name in ("name", "given_name", "username", "parent_bsuid", "language", "market"):
        mine, theirs = getattr(keep, name), getattr(other, name)
        if theirs and (not mine or (newer and name in ("name", "username"))):
            changes[name] = theirs
    for name, choose in (("opted_out_at", max), ("blocked_at", min), ("restricted_at", min), ("last_message_at", max)):
        found = [moment for moment in (getattr(keep, name), getattr(other, name)) if moment]
        if found:
            changes[name] = choose(found)
    changes["metadata"] = {**other.metadata, **keep.metadata}
    changes["fields"] = {**other.fields, **keep.fields}
    changes["labels"] = list(dict.fromkeys([*keep.labels, *other.labels]))
    for name, value in changes.items():
        setattr(keep, name, value)
    keep.save(update_fields=list(changes))


def _note(keep: Contact, other: Contact, *, at: datetime, merge: ContactMerge) -> None:
    """The merge stands in every thread of the person and goes out as a fact."""
    data = {"change": "merged", "merged_contact_id": str(other.pk), "merge_id": str(merge.pk)}
    person_events.note([keep.pk], ConversationEvent.Kind.MERGED, at=at, data=data)
    record([Fact("contact.merged", keep.pk, at, data={"merged_contact_id": str(other.pk), "merge_id": str(merge.pk)})])


def _execute(sql: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
