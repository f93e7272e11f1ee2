"""Takes a message back that has not left yet."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from conversations import hints
from conversations.errors import NotUndoable
from conversations.models import Conversation, ConversationEvent, Direction, Message
from conversations.services import summary
from conversations.services.outbox import card_files
from conversations.services.outbox.outbox_rows import ANSWERING
from conversations.services.promise import promise, promise_records
from conversations.status import MessageStatus
from tenants.accounts.models import User


@transaction.atomic
def undo(message: Message, *, by: User) -> str:
    """Take back a message that has not left; gives its text back to the composer.

    Raises  NotUndoable when it is leaving or has left, or is somebody else's
    """
    found = Message.objects.filter(pk=message.pk).values("conversation_id").first()
    if found is None:
        raise NotUndoable
    # The conversation first, as everywhere: two locks in one order never wait for each other.
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=found["conversation_id"])
    row = Message.objects.select_for_update(of=("self",)).filter(pk=message.pk).first()
    if row is None or row.status != MessageStatus.QUEUED or row.author_id != by.pk:
        raise NotUndoable
    card_files.discard(row)
    row.delete()
    _as_if_never_written(conversation, row)
    summary.refresh([conversation.pk])
    hints.conversations_changed([conversation.pk])
    return row.body


def _as_if_never_written(conversation: Conversation, undone: Message) -> None:
    thread = Message.objects.filter(conversation=conversation)
    last = thread.in_thread().order_by("-at", "-sequence").first()
    waiting_since = _waiting_since(conversation, undone)
    Conversation.objects.filter(pk=conversation.pk).update(
        last_message=last,
        last_message_at=last.at if last else conversation.last_message_at,
        last_direction=last.direction if last else "",
        waiting_since=waiting_since,
        version=F("version") + 1,
    )
    if waiting_since is not None:
        promise_records.taken_back(conversation, answered_at=undone.at)
        promise.renew([conversation.pk])


def _waiting_since(conversation: Conversation, undone: Message) -> datetime | None:
    """Since when the person waits: the first message that came after our last answer, or after the last closing.

    Told from the messages themselves, so that it is right whichever of several answers is taken back, and whatever came
    in the meantime. The order is that in which we learned of them: an answer is one to what could be seen.
    """
    messages = Message.objects.filter(conversation=conversation)
    answered = messages.filter(
        direction=Direction.OUTBOUND, sender_kind__in=ANSWERING, priority=Message.Priority.REPLY
    ).exclude(type="reaction")
    moments = [answered.order_by("-created_at").values_list("created_at", flat=True).first()]
    closings = ConversationEvent.objects.filter(
        conversation=conversation, kind=ConversationEvent.Kind.CLOSED, at__lt=undone.created_at
    )
    moments.append(closings.order_by("-at").values_list("at", flat=True).first())
    since = max((moment for moment in moments if moment), default=None)
    unanswered = messages.filter(direction=Direction.INBOUND).exclude(type__in=("reaction", "system"))
    if since:
        unanswered = unanswered.filter(Q(created_at__gt=since))
    return unanswered.order_by("at").values_list("at", flat=True).first()
