"""Threads, files and journals of a given age, as the inbox leaves them behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from conversations.models import (
    Channel,
    Contact,
    ContactIdentity,
    Conversation,
    ConversationEvent,
    MediaFile,
    Message,
    Note,
    PhoneNumber,
    WebhookCall,
)
from conversations.status import MessageStatus
from tenants.context import current_schema

_serial = count(1)


@dataclass(slots=True)
class Thread:
    contact: Contact
    channel: Channel
    conversation: Conversation
    messages: list[Message]


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def thread(*, closed: float | None, messages: int = 2, with_file: bool = False) -> Thread:
    """A person's thread in the entered company, closed so many days ago (None: still open)."""
    moment, serial = ago((closed or 0) + 1), next(_serial)
    contact = Contact.objects.create(name=f"Person {serial}", wa_id=f"31600{serial:06d}", last_message_at=moment)
    ContactIdentity.objects.create(contact=contact, kind="wa_id", value=contact.wa_id, valid_from=moment)
    number = PhoneNumber.objects.get(sandbox=True)
    channel = Channel.objects.create(contact=contact, phone_number=number, last_inbound_at=moment)
    conversation = Conversation.objects.create(
        contact=contact,
        phone_number=number,
        channel=channel,
        status=Conversation.Status.OPEN if closed is None else Conversation.Status.CLOSED,
        closed_at=None if closed is None else ago(closed),
        opened_at=moment,
        last_message_at=moment,
    )
    said = [
        _message(conversation, moment, media=file(moment) if with_file and not n else None) for n in range(messages)
    ]
    if said:
        Conversation.objects.filter(pk=conversation.pk).update(last_message=said[-1])
    Note.objects.create(channel=channel, conversation=conversation, body="A note inside", at=moment)
    ConversationEvent.objects.create(channel=channel, conversation=conversation, kind="opened", at=moment)
    Contact.objects.filter(pk=contact.pk).update(created_at=moment)
    return Thread(contact, channel, conversation, said)


def file(received_at: datetime, *, size: int = 1000) -> MediaFile:
    """A picture with a thumbnail, both in storage."""
    name = f"{current_schema()}/media/{next(_serial)}"
    return MediaFile.objects.create(
        phone_number_id=PhoneNumber.objects.get(sandbox=True).pk,
        direction="in",
        kind="image",
        mime_type="image/jpeg",
        filename="holiday.jpg",
        size=size,
        storage_key=default_storage.save(name, ContentFile(b"x" * size)),
        thumbnail_key=default_storage.save(f"{name}.webp", ContentFile(b"small")),
        state=MediaFile.State.STORED,
        received_at=received_at,
    )


def journal(*, received: float, number: int = 1) -> None:
    WebhookCall.objects.bulk_create(
        WebhookCall(field="messages", body='{"secret": "text"}', received_at=ago(received)) for _ in range(number)
    )


def _message(conversation: Conversation, at: datetime, *, media: MediaFile | None) -> Message:
    serial = next(_serial)
    return Message.objects.create(
        conversation=conversation,
        channel=conversation.channel,
        phone_number=conversation.phone_number,
        direction="in",
        sender_kind="contact",
        type="image" if media else "text",
        body=f"words {serial}",
        media=media,
        wamid=f"wamid.OLD{serial:08d}",
        at=at,
        sequence=serial,
        received_at=at,
        status=MessageStatus.RECEIVED,
    )
