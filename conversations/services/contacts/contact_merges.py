"""Merging two contacts by hand, and taking a merge back."""

from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations import hints
from conversations.integrations.services.events import Fact, record
from conversations.models import (
    Channel,
    ConsentRecord,
    Contact,
    ContactIdentity,
    ContactMerge,
    Conversation,
    ConversationEvent,
    Direction,
    Message,
)
from conversations.services import summary
from conversations.services.contacts import person_events
from conversations.services.guard import guard_writing
from conversations.services.inbound import merge_spells
from conversations.services.inbound.merge_record import PAIR_MOMENTS, moment, restored_values
from conversations.services.inbound.merging import PAIR_TABLES, merge
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError

MAX_REASON_CHARS = 200
QUIET = ("reaction", "system")  # these open no window


class SamePerson(DomainError):
    code = "same_contact"
    http_status = 422
    user_message = _("Choose two different contacts.")


class NotMergeable(DomainError):
    code = "contact_not_mergeable"
    http_status = 422
    user_message = _("A group cannot be merged, and neither can a contact that is part of another already.")


class NotUndoableAnyMore(DomainError):
    code = "merge_not_undoable"
    http_status = 409
    user_message = _("This merge was undone already, or a later one has to be undone first.")


@transaction.atomic
def merge_by_hand(keep: Contact, other: Contact, *, by: User, reason: str) -> Contact:
    """Make one contact of two, because somebody knows that they are one person.

    reason  1 to 200 characters, kept in the audit trail
    Raises  SamePerson, NotMergeable
    """
    if keep.pk == other.pk:
        raise SamePerson
    for one in (keep, other):
        if one.kind != Contact.Kind.PERSON or one.merged_into_id is not None:
            raise NotMergeable
    kept = merge(keep.pk, other.pk, at=timezone.now(), reason="by_hand", actor_id=by.pk)
    audit.record(
        "contact.merged",
        actor=by,
        subject=kept,
        reason=guard_writing.reason(reason[:MAX_REASON_CHARS]),
        other=other.pk,
    )
    _tell_pages([kept])
    return kept


@transaction.atomic
def undo(merge_id: UUID, *, by: User) -> Contact:
    """Make two contacts of one again and return the one that comes back.

    Conversations that were the other's go back with everything in them, also what was written there since. What began
    after the merge stays with the contact that was kept; so do identities and consents that were first seen since.
    Raises  NotUndoableAnyMore
    """
    done = ContactMerge.objects.select_for_update().filter(pk=merge_id, undone_at=None).first()
    if done is None:
        raise NotUndoableAnyMore
    later = ContactMerge.objects.filter(kept=done.kept_id, undone_at=None).order_by("-at", "-id").first()
    if later is None or later.pk != done.pk:
        raise NotUndoableAnyMore
    people = Contact.objects.select_for_update().in_bulk([done.kept_id, done.other_id])
    kept, other = people[done.kept_id], people[done.other_id]
    moved: dict[str, Any] = done.moved
    _restore_values(kept, other, moved)
    _restore_identities(moved)
    ConsentRecord.objects.filter(pk__in=moved["consents"]).update(contact=other)
    Message.objects.filter(pk__in=moved["spoken"]).update(participant=other)
    ContactMerge.objects.filter(pk__in=moved["merges"]).update(kept=other)
    for pair in moved["pairs"]:
        _restore_pair(kept, other, pair)
    _reopen(moved.get("closed", []))
    for joined in moved.get("joined", []):
        merge_spells.part(joined)
    done.undone_at, done.undone_by = timezone.now(), by.pk
    done.save(update_fields=["undone_at", "undone_by"])
    _note(kept, other, done)
    audit.record("contact.unmerged", actor=by, subject=kept, other=other.pk)
    _tell_pages([kept, other])
    return other


def _restore_values(kept: Contact, other: Contact, moved: dict[str, Any]) -> None:
    """What the merge gave to the survivor it gives back, unless the platform told something newer since."""
    before, after = restored_values(moved["kept_before"]), restored_values(moved["kept_after"])
    theirs = restored_values(moved["other_before"])
    back = {name: before[name] for name in before if getattr(kept, name) == after[name]}
    back["last_message_at"] = kept.last_message_at
    Contact.objects.filter(pk=kept.pk).update(**back)
    kept.refresh_from_db()
    for name in ("bsuid", "wa_id", "external_id"):  # somebody else may go by it by now
        if theirs[name] and Contact.objects.filter(**{name: theirs[name]}).exists():
            theirs[name] = None
    Contact.objects.filter(pk=other.pk).update(merged_into=None, **theirs)
    other.refresh_from_db()


def _restore_identities(moved: dict[str, Any]) -> None:
    for identity in moved["identities"]:
        ContactIdentity.objects.filter(pk=identity["id"]).update(
            contact=identity["contact"], valid_to=moment(identity["valid_to"])
        )


def _restore_pair(kept: Contact, other: Contact, pair: dict[str, Any]) -> None:
    """Give the other contact its conversations on one number back, in a pair of its own."""
    spells = pair["conversations"]
    if pair["into"] is None:
        _part_whole_pair(kept, other, pair)
        return
    theirs = Channel.objects.create(
        id=pair["channel"],
        contact=other,
        phone_number_id=pair["phone_number"],
        **{name: moment(pair[name]) for name in PAIR_MOMENTS},
    )
    Conversation.objects.filter(pk__in=spells).update(contact=other, channel=theirs)
    _move_rows(spells, to=theirs.pk)
    _recount_window(Channel.objects.filter(pk=pair["into"]).first())
    _recount_window(theirs)


def _part_whole_pair(kept: Contact, other: Contact, pair: dict[str, Any]) -> None:
    """The pair itself goes back; conversations that began since get a pair of the survivor's."""
    theirs = Channel.objects.filter(pk=pair["channel"]).first()
    if theirs is None:
        return
    since = list(
        Conversation.objects.filter(channel=theirs).exclude(pk__in=pair["conversations"]).values_list("pk", flat=True)
    )
    Channel.objects.filter(pk=theirs.pk).update(contact=other)
    Conversation.objects.filter(pk__in=pair["conversations"]).update(contact=other)
    if since:
        own = Channel.objects.create(contact=kept, phone_number_id=theirs.phone_number_id)
        Conversation.objects.filter(pk__in=since).update(channel=own)
        _move_rows([str(pk) for pk in since], to=own.pk)
        _recount_window(own)
    _recount_window(theirs)


def _move_rows(conversations: list[str], *, to: UUID) -> None:
    """What belongs to conversations follows them into their pair."""
    with connection.cursor() as cursor:
        for table in PAIR_TABLES[1:]:
            cursor.execute(
                f"UPDATE {table} SET channel_id = %s WHERE conversation_id = ANY(%s::uuid[])",  # noqa: S608
                [to, conversations],
            )


def _recount_window(channel: Channel | None) -> None:
    """The window is open from the newest message of this person, and of nobody else."""
    if channel is None:
        return
    inbound = Message.objects.filter(channel=channel, direction=Direction.INBOUND).exclude(type__in=QUIET)
    Channel.objects.filter(pk=channel.pk).update(last_inbound_at=inbound.aggregate(at=Max("at"))["at"])


def _reopen(conversations: list[str]) -> None:
    """A conversation that only gave way to a second live one is open again, if nothing is live in its pair.

    For merges whose record says no more than that.
    """
    for spell in Conversation.objects.filter(pk__in=conversations, close_reason="merged"):
        if not Conversation.objects.open().filter(channel=spell.channel_id).exists():
            Conversation.objects.filter(pk=spell.pk).update(
                status=Conversation.Status.OPEN, closed_at=None, close_reason="", version=F("version") + 1
            )


def _note(kept: Contact, other: Contact, done: ContactMerge) -> None:
    now = timezone.now()
    person_events.note([kept.pk, other.pk], ConversationEvent.Kind.UNMERGED, at=now, data={"merge_id": str(done.pk)})
    record([Fact("contact.unmerged", kept.pk, now, data={"contact_id": str(other.pk), "merge_id": str(done.pk)})])


def _tell_pages(contacts: list[Contact]) -> None:
    spells = Conversation.objects.filter(contact__in=contacts)
    ids = list(spells.order_by("-last_message_at").values_list("pk", flat=True)[:50])
    Conversation.objects.filter(pk__in=ids).update(version=F("version") + 1)
    summary.refresh(ids)
    hints.conversations_changed(ids)
