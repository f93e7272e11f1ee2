"""How the rows of the channel and the inbox leave when their time is up. When that is, privacy decides.

Messages, notes and events leave with the closing of their conversation; the conversation itself and the pair stay as
dates without content until the contact's profile goes, so that threads and figures stay sound meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from conversations.models import (
    Channel,
    ClientQuestion,
    ConsentRecord,
    Contact,
    ContactIdentity,
    Conversation,
    ConversationEvent,
    Draft,
    MediaFile,
    Message,
    Note,
    PromiseRecord,
    SensitiveFinding,
    WebhookCall,
)
from conversations.services import media_files
from conversations.services.contacts import platform_erasure
from conversations.status import IN_FLIGHT
from tenants.expiry import Amount, Cleared, Keeper

PROFILE: dict[str, Any] = {
    "name": "",
    "given_name": "",
    "username": "",
    "external_id": None,
    "metadata": {},
    "language": "",
    "labels": [],
    "fields": {},
}


class Messages(Keeper):
    """Messages of closed conversations, with their files; what is just leaving waits for the next run."""

    name = "messages"

    def due(self, cut_off: datetime) -> QuerySet[Message]:
        return Message.objects.filter(_closed_before(cut_off)).exclude(status__in=IN_FLIGHT)

    def count(self, cut_off: datetime) -> Amount:
        due = self.due(cut_off)
        return Amount(due.count(), due.aggregate(all=Sum("media__size", filter=~Q(media__storage_key="")))["all"] or 0)

    def clear_files(self, keys: Sequence[Any]) -> Cleared:
        cleared = _clear(MediaFile.objects.filter(message__in=keys), key="message__pk")
        of_cards = _clear(MediaFile.objects.filter(card_of_id__in=keys), key="card_of_id")
        cleared.stuck |= of_cards.stuck
        cleared.errors += of_cards.errors
        cleared.bytes += of_cards.bytes
        return cleared

    def let_go(self, keys: Sequence[Any], *, cut_off: datetime) -> int:
        rows = self.due(cut_off).filter(pk__in=keys).select_for_update(of=("self",)).values_list("pk", "media")
        ids, files = [pk for pk, _media in rows], [media for _pk, media in rows if media]
        shown = Conversation.objects.filter(last_message__in=ids)
        shown.update(last_message=None, version=F("version") + 1)
        Message.objects.filter(pk__in=ids).delete()
        MediaFile.objects.filter(Q(pk__in=files) | Q(card_of_id__in=ids)).delete()
        return len(ids)


class Drafts(Keeper):
    """What somebody wrote and never sent: with its conversation, or when she has not touched it for as long."""

    name = "drafts"

    def due(self, cut_off: datetime) -> QuerySet[Draft]:
        return Draft.objects.filter(_closed_before(cut_off) | Q(changed_at__lt=cut_off))


class Notes(Keeper):
    name = "notes"

    def due(self, cut_off: datetime) -> QuerySet[Note]:
        return Note.objects.filter(_closed_before(cut_off))


class Promises(Keeper):
    """What became of response promises: it says of people who work here when they answered whom."""

    name = "promises"

    def due(self, cut_off: datetime) -> QuerySet[PromiseRecord]:
        return PromiseRecord.objects.filter(_closed_before(cut_off))


class Events(Keeper):
    """Lines of threads, and what was asked at the client."""

    name = "events"

    def due(self, cut_off: datetime) -> QuerySet[ConversationEvent]:
        return ConversationEvent.objects.filter(_closed_before(cut_off))

    def let_go(self, keys: Sequence[Any], *, cut_off: datetime) -> int:
        """Questions to the client go with the lines that say they were asked."""
        rows = self.due(cut_off).filter(pk__in=keys, kind=ConversationEvent.Kind.QUESTION_ASKED)
        ClientQuestion.objects.filter(conversation__in=rows.values("conversation")).delete()
        return super().let_go(keys, cut_off=cut_off)


class Findings(Keeper):
    """What was found in texts that were stopped; findings in messages leave with them."""

    name = "findings"

    def due(self, cut_off: datetime) -> QuerySet[SensitiveFinding]:
        return SensitiveFinding.objects.filter(_closed_before(cut_off), message=None)


class Files(Keeper):
    """Files that came in or went out: bytes leave, then thumbnail; that there was a file stays in the thread."""

    name = "files"

    def due(self, cut_off: datetime) -> QuerySet[MediaFile]:
        kept = MediaFile.objects.exclude(direction=MediaFile.OF_A_TEMPLATE)  # samples of ours, of nobody's message
        return kept.filter(received_at__lt=cut_off).exclude(state=MediaFile.State.REMOVED)

    def count(self, cut_off: datetime) -> Amount:
        due = self.due(cut_off)
        return Amount(due.count(), due.aggregate(all=Sum("size", filter=~Q(storage_key="")))["all"] or 0)

    def clear_files(self, keys: Sequence[Any]) -> Cleared:
        return _clear(MediaFile.objects.filter(pk__in=keys), key="pk")

    def let_go(self, keys: Sequence[Any], *, cut_off: datetime) -> int:
        rows = self.due(cut_off).filter(pk__in=keys)
        unsent, _by_model = rows.filter(message=None).delete()
        return unsent + rows.update(removed_at=timezone.now(), **media_files.EMPTIED)


class Journal(Keeper):
    """What the platform delivered, applied or not: it holds content, which a number that waits may not hoard."""

    name = "journal"

    def due(self, cut_off: datetime) -> QuerySet[WebhookCall]:
        return WebhookCall.objects.filter(received_at__lt=cut_off)


class Contacts(Keeper):
    """People without activity whose messages are gone.

    Of somebody whose consent has to be proved or whose objection has to be kept, the identity stays and nothing else.
    """

    name = "contacts"

    def due(self, cut_off: datetime) -> QuerySet[Contact]:
        quiet = Contact.objects.annotate(seen=Coalesce("last_message_at", "created_at")).filter(seen__lt=cut_off)
        channels = Channel.objects.filter(contact=OuterRef("pk"))
        living = Conversation.objects.open().filter(contact=OuterRef("pk"))
        spoken = Message.objects.filter(channel__contact=OuterRef("pk"))
        in_groups = Message.objects.filter(participant=OuterRef("pk"))
        nothing_left = Q(**PROFILE) & ~Exists(channels)
        return quiet.filter(~Exists(living), ~Exists(spoken), ~Exists(in_groups)).exclude(nothing_left & _must_stay())

    def let_go(self, keys: Sequence[Any], *, cut_off: datetime) -> int:
        rows = self.due(cut_off).filter(pk__in=keys)
        ids = list(rows.values_list("pk", flat=True))
        platform_erasure.ask_for(ids)
        Conversation.objects.filter(contact__in=ids).delete()
        Channel.objects.filter(contact__in=ids).delete()
        kept = Contact.objects.filter(_must_stay(), pk__in=ids)
        staying = list(kept.values_list("pk", flat=True))
        ContactIdentity.objects.filter(contact__in=staying, kind=ContactIdentity.Kind.USERNAME).delete()
        Contact.objects.filter(pk__in=staying).update(**PROFILE)
        Contact.objects.filter(pk__in=set(ids) - set(staying)).delete()
        return len(ids)


class Consents(Keeper):
    """Proof of consent, from the newest fact about the purpose or the person's last message, whichever is later."""

    name = "consents"

    def due(self, cut_off: datetime) -> QuerySet[ConsentRecord]:
        same = ConsentRecord.objects.filter(contact=OuterRef("contact"), purpose=OuterRef("purpose"))
        used = Q(contact__last_message_at=None) | Q(contact__last_message_at__lt=cut_off)
        return ConsentRecord.objects.filter(~Exists(same.filter(occurred_at__gte=cut_off)), used)


def _closed_before(cut_off: datetime) -> Q:
    """Rows of conversations closed before; the time of the last message comes first because an index knows it."""
    return Q(
        conversation__status=Conversation.Status.CLOSED,
        conversation__last_message_at__lt=cut_off,
        conversation__closed_at__lt=cut_off,
    )


def _must_stay() -> Q:
    """Contacts whose consent is proved by rows, or who must not be written to."""
    proof = Exists(ConsentRecord.objects.filter(contact=OuterRef("pk")))
    objections = ("opted_out_at", "blocked_at", "restricted_at")
    return Q(proof) | Q(*[Q(**{f"{name}__isnull": False}) for name in objections], _connector=Q.OR)


def _clear(files: QuerySet[MediaFile], *, key: str) -> Cleared:
    """Delete the bytes of these files, then their thumbnails; a file that is gone already counts as gone."""
    cleared = Cleared()
    for owner, storage_key, thumbnail_key, size in files.values_list(key, "storage_key", "thumbnail_key", "size"):
        try:
            for one in (storage_key, thumbnail_key):
                if one:
                    default_storage.delete(one)
        except Exception as error:  # whatever a storage raises, the others go on
            cleared.stuck.add(owner)
            cleared.errors.append(type(error).__name__)
        else:
            cleared.bytes += size if storage_key else 0
    return cleared
