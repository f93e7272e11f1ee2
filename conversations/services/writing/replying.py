"""Answers people write in the inbox: reply and close, something to tap, take back, send once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from conversations.errors import AlreadyTaken, ConversationClosed
from conversations.models import Conversation, Draft, Message
from conversations.services import media_files
from conversations.services.guard import guarding_out
from conversations.services.handling import closing, conversations, holds
from conversations.services.outbox import outbox
from conversations.services.writing import asking, drafts, signatures
from conversations.whatsapp import messages
from conversations.whatsapp.interactive import Offer
from tenants.accounts.models import User
from tenants.errors import DomainError


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody wrote: text or a checked upload, the page's own token, perhaps an answer to one message.

    confirmed  codes of the questions (AsksFirst) that were answered with "Send anyway"
    pressed    when it was sent: a draft that was written since stays
    snooze     until when the conversation rests then
    """

    token: str
    body: str = ""
    upload: media_files.Checked | None = None
    quoting: Message | None = None
    close: bool = False
    confirmed: frozenset[str] = frozenset()
    pressed: datetime | None = None
    snooze: datetime | None = None


@guarding_out.recorded
@transaction.atomic
def reply(conversation: Conversation, *, author: User, written: Reply) -> Message:
    """Queue an answer with the author's Undo time; whoever answers first holds the conversation, and her draft goes.

    Where closing needs more than a press (``closing.asks``), the conversation stays open and the page asks.

    Raises  AlreadyTaken when somebody else holds it, AsksFirst, and what outbox.queue_text and queue_media raise
    """
    origin = origin_of(author, token=written.token, confirmed=written.confirmed)
    known = begin(conversation, origin=origin)
    if known is not None:
        return known
    told = asking.texts_in((written.body, written.upload.rule.filename if written.upload else ""))
    origin.metadata.update(asking.ask(conversation, author=author, text=told, confirmed=written.confirmed))
    if written.upload is not None:
        message = _queue_file(conversation, origin=origin, upload=written.upload, written=written)
    else:
        body = signatures.signed(written.body, signature=signatures.of(author))
        message = outbox.queue_text(conversation, origin=origin, body=body, quoting=written.quoting)
    if written.body or written.quoting:
        mode, words = Draft.Mode.REPLY, written.body
        drafts.forget(conversation, user=author, mode=mode, until=written.pressed, words=words)
    if written.close and not closing.asks(conversation):
        closing.close(conversation, by=author)
    elif written.snooze is not None:
        holds.hold(conversation, by=author, kind=Conversation.Hold.SNOOZED, until=written.snooze)
    return message


@dataclass(frozen=True, slots=True)
class Composed:
    """Something other than text and files: an offer to tap, a place, or contact cards."""

    offer: Offer | None = None
    place: Mapping[str, Any] | None = None
    cards: tuple[dict[str, Any], ...] = ()

    def draft(self) -> tuple[str, str, dict[str, Any]]:
        """Type, text and content, as its message will have them. Raises InvalidField"""
        if self.offer is not None:
            return "interactive", self.offer.body.strip(), {"interactive": self.offer.part()}
        if self.place is not None:
            return "location", "", messages.place(**self.place)
        return "contacts", "", {"contacts": messages.address_cards(self.cards)}


@guarding_out.recorded
@transaction.atomic
def compose(
    conversation: Conversation,
    *,
    author: User,
    token: str,
    composed: Composed,
    quoting: Message | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> Message:
    """Queue an offer, a place or contact cards with the author's Undo time; whoever sends it holds the conversation.

    Raises  AlreadyTaken, AsksFirst, ContentInvalid, and what the outbox raises
    """
    origin = origin_of(author, token=token, confirmed=confirmed)
    known = begin(conversation, origin=origin)
    if known is not None:
        return known
    _type, *told = composed.draft()
    origin.metadata.update(asking.ask(conversation, author=author, text=asking.texts_in(told), confirmed=confirmed))
    if composed.offer is not None:
        return outbox.queue_offer(conversation, origin=origin, offer=composed.offer, quoting=quoting)
    if composed.place is not None:
        return outbox.queue_location(conversation, origin=origin, quoting=quoting, **composed.place)
    return outbox.queue_contacts(conversation, origin=origin, cards=composed.cards, quoting=quoting)


def _queue_file(
    conversation: Conversation, *, origin: outbox.Origin, upload: media_files.Checked, written: Reply
) -> Message:
    media = media_files.store(upload, phone_number_id=conversation.phone_number_id)
    try:
        return outbox.queue_media(
            conversation, origin=origin, media=media, caption=written.body, quoting=written.quoting
        )
    except DomainError:
        media_files.forget_bytes(media)  # the row goes with the transaction, the bytes would stay
        raise


def origin_of(author: User, *, token: str, confirmed: frozenset[str] = frozenset()) -> outbox.Origin:
    """A person of this company as origin, with her Undo time; the token is the page's and hers alone."""
    undo, why = timedelta(seconds=author.undo_seconds), guarding_out.reason_in(confirmed)
    return outbox.Origin(author=author, client_token=f"web:{author.pk}:{token}", delay=undo, override=why)


def begin(conversation: Conversation, *, origin: outbox.Origin) -> Message | None:
    """What an earlier press with the same token has sent; None: its author holds the conversation now and may send.

    The lock comes before the look, so that of two presses at once the second finds what the first one made.
    Raises  AlreadyTaken, ConversationClosed
    """
    current = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    known = Message.objects.filter(client_token=origin.client_token).first()
    if known is None and origin.author is not None:
        _hold(current, by=origin.author)
    return known


def hold(conversation: Conversation, *, by: User) -> None:
    """Make sure that the one who answers holds the conversation.

    Raises  AlreadyTaken when somebody else does, ConversationClosed
    """
    _hold(Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk), by=by)


def _hold(current: Conversation, *, by: User) -> None:
    if current.status == Conversation.Status.CLOSED:
        raise ConversationClosed
    if current.assignee_id is None:
        conversations.take(current, by=by, from_holder=None)
    elif current.assignee_id != by.pk:
        raise AlreadyTaken


@transaction.atomic
def take_back(message: Message, *, by: User) -> str:
    """Undo a reply that has not left, and the closing or snoozing that came with it; returns its text.

    Raises  NotUndoable
    """
    media = message.media
    body = outbox.undo(message, by=by)
    conversation = Conversation.objects.get(pk=message.conversation_id)
    if conversation.status == Conversation.Status.CLOSED and conversation.closed_by_id == by.pk:
        conversations.reopen(conversation, by=by)
    if (
        conversation.hold == Conversation.Hold.SNOOZED
        and conversation.hold_since
        and conversation.hold_since >= message.at
    ):
        holds.end(conversation, by=by)
    if media is not None:
        media_files.discard(media)
    return signatures.unsigned(body, signature=signatures.of(by))


@guarding_out.recorded
@transaction.atomic
def send_again(message: Message, *, by: User) -> Message:
    """Send a copy of a message that failed or stayed unknown; whoever decides so holds the conversation.

    Raises  AlreadyTaken, and what outbox.send_again raises
    """
    conversation = Conversation.objects.get(pk=message.conversation_id)
    if conversation.status != Conversation.Status.CLOSED:
        hold(conversation, by=by)
    return outbox.send_again(message, by=by)
