"""The one way into the outbox: checks, inserts and marks the work in one transaction."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from conversations import hints, window, wording
from conversations.errors import (
    ConversationClosed,
    DelayInvalid,
    NoRecipient,
    NumberCannotSend,
    TokenReused,
    WindowClosed,
)
from conversations.models import Channel, Conversation, Direction, MediaFile, Message, PhoneNumber
from conversations.services import summary
from conversations.services.contacts import consent
from conversations.services.guard import guarding_out
from conversations.services.promise import promise_records
from conversations.services.threads import receipts
from conversations.status import WAITING, MessageStatus
from tenants import work
from tenants.accounts.models import ApiKey, User

MAX_DELAY = timedelta(seconds=10)
SENDING_STATES = (PhoneNumber.State.LIVE, PhoneNumber.State.PAUSED)
ANSWERING = (Message.SenderKind.HUMAN, Message.SenderKind.API, Message.SenderKind.PHONE_APP)
MAX_TOKEN_CHARS = 120


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sends and how: a person (``author``) or an integrator (``api_key``), with the caller's own id.

    delay     how long the message waits for Undo, 0 to 10 seconds
    override  why it has to leave although sensitive data stand in it
    """

    author: User | None = None
    api_key: ApiKey | None = None
    sender_kind: str = Message.SenderKind.HUMAN
    client_token: str | None = None
    external_id: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    delay: timedelta = timedelta()
    priority: int = Message.Priority.REPLY
    override: str = ""

    @property
    def who(self) -> User | ApiKey | None:
        return self.author or self.api_key


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be sent, checked by its kind already."""

    type: str
    body: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    media: MediaFile | None = None
    quoted_wamid: str = ""
    purpose: str = Message.Purpose.REPLY

    @property
    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def queue(conversation: Conversation, *, origin: Origin, draft: Draft) -> Message:
    """Insert one message, or find the one that the same caller's id made before.

    Raises  WindowClosed, NumberCannotSend, NoRecipient, ConversationClosed, ContactOptedOut, ConsentMissing,
            DelayInvalid, TokenReused, SensitiveContent, OverrideNotAllowed
    """
    if not timedelta() <= origin.delay <= MAX_DELAY or len(origin.client_token or "") > MAX_TOKEN_CHARS:
        raise DelayInvalid
    try:
        with transaction.atomic():
            return _queue(conversation, origin=origin, draft=draft)
    except IntegrityError:  # the same id came at the same moment for another conversation
        known = _known(conversation, origin=origin, draft=draft)
        if known is None:
            raise
        return known


def _queue(conversation: Conversation, *, origin: Origin, draft: Draft) -> Message:
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    known = _known(conversation, origin=origin, draft=draft)
    if known is not None:
        return known
    channel = Channel.objects.select_related("contact", "phone_number").get(pk=conversation.channel_id)
    now = timezone.now()
    _check(conversation, channel, at=now, draft=draft)
    found = guarding_out.check(
        conversation,
        by=origin.who,
        reason=origin.override,
        body=draft.body,
        content=draft.content,
        filename=draft.media.filename if draft.media else "",
    )
    message = Message.objects.create(
        conversation=conversation,
        channel=channel,
        phone_number_id=channel.phone_number_id,
        direction=Direction.OUTBOUND,
        status=MessageStatus.QUEUED,
        at=now,
        sequence=_next_sequence(channel, priority=origin.priority),
        not_before=now + origin.delay if origin.delay else None,
        author=origin.author,
        api_key_id=origin.api_key.pk if origin.api_key else None,
        sender_kind=origin.sender_kind,
        client_token=origin.client_token or None,
        external_id=origin.external_id,
        metadata=dict(origin.metadata),
        priority=origin.priority,
        **draft.fields,
    )
    guarding_out.note_override(message, found, by=origin.who, reason=origin.override)
    _tell(conversation, message)
    work.mark(work.Kind.OUTBOUND, key=str(channel.phone_number_id), due_at=message.not_before)
    return message


def _known(conversation: Conversation, *, origin: Origin, draft: Draft) -> Message | None:
    """The message that this caller's id made before. Raises TokenReused when it was another one."""
    if not origin.client_token:
        return None
    known = Message.objects.filter(client_token=origin.client_token).first()
    if known is None:
        return None
    same = known.channel_id == conversation.channel_id and known.type == draft.type and known.body == draft.body
    if not same or known.content != draft.content:
        raise TokenReused
    return known


def _check(conversation: Conversation, channel: Channel, *, at: datetime, draft: Draft) -> None:
    if conversation.status == Conversation.Status.CLOSED:
        raise ConversationClosed
    if channel.phone_number.state not in SENDING_STATES:
        raise NumberCannotSend(wording.number_reason(channel.phone_number.state_reason))
    if not channel.contact.reachable:
        raise NoRecipient
    if draft.purpose == Message.Purpose.MARKETING:
        consent.check_marketing(channel.contact)
    if draft.type != "template" and not window.is_open(channel.window_opened_at, at=at):
        raise WindowClosed


def _next_sequence(channel: Channel, *, priority: int) -> int:
    """After everything of this channel that waits, whatever the clocks of our machines say.

    What waits before it leaves first all the same, so it takes over the priority of what waits behind it.
    """
    waiting = Message.objects.filter(channel=channel, status__in=[*WAITING, MessageStatus.SENDING])
    last = waiting.aggregate(last=Max("sequence"))["last"] or 0
    if last:
        waiting.filter(status=MessageStatus.QUEUED, priority__gt=priority).update(priority=priority)
    return max(time.time_ns() // 1000, last + 1)


def _tell(conversation: Conversation, message: Message) -> None:
    """What a queued message changes for pages; an answer ends the waiting and asks for a read receipt.

    A greeting or an away text does not hide in the queue what the person asked.
    """
    changes: dict[str, Any] = {"version": F("version") + 1}
    if message.type != "reaction" and message.sender_kind != Message.SenderKind.RULE_BOT:
        changes |= {
            "last_message": message,
            "last_message_at": message.at,
            "last_direction": Direction.OUTBOUND,
        }
    if answers(message):
        promise_records.answered(conversation, at=message.at, by=message.author)
        changes |= {"waiting_since": None, "unread_count": 0}
        receipts.mark_read(conversation, due_at=message.not_before)
    Conversation.objects.filter(pk=conversation.pk).update(**changes)
    summary.refresh([conversation.pk])
    hints.conversations_changed([conversation.pk])


def answers(message: Message) -> bool:
    """Whether a person who waits has an answer with this: not with a reaction, nor with what a machine sends."""
    by_somebody = message.sender_kind in ANSWERING and message.priority == Message.Priority.REPLY
    return by_somebody and message.type != "reaction"
