"""What a company wants to know when a conversation is closed, and what it was about at any time."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from conversations.errors import ClosingIncomplete, DangerOpen, HeldByColleague
from conversations.models import Conversation, ConversationEvent, InboxSettings, Intent
from conversations.services.handling import conversations, following
from conversations.services.promise import promise
from tenants.accounts.models import User

MAX_REASON_CHARS = 60


def reasons(settings: InboxSettings) -> list[str]:
    """The company's words, each once."""
    words = [str(word).strip()[:MAX_REASON_CHARS] for word in settings.close_reasons]
    return list(dict.fromkeys(word for word in words if word))


def check_danger(conversation: Conversation) -> None:
    """Nobody closes a danger away. Raises DangerOpen"""
    if conversation.danger_at is not None:
        raise DangerOpen


def intents() -> QuerySet[Intent]:
    return Intent.objects.filter(retired_at=None).order_by("position", "name")


def asks(conversation: Conversation, *, settings: InboxSettings | None = None) -> bool:
    """Whether closing this one needs more than a press."""
    if conversation.danger_at is not None:
        return True
    settings = settings or InboxSettings.load()
    return bool(reasons(settings)) or (settings.close_needs_intent and conversation.intent_id is None)


@transaction.atomic
def close(
    conversation: Conversation,
    *,
    by: User,
    reason: str = "",
    intent: Intent | None = None,
    from_holder: UUID | None = None,
) -> Conversation:
    """Close with what the company asks for; one that is closed already stays as it is.

    from_holder  the colleague whose it is, as the person was told; when it is somebody else's by now: HeldByColleague
    Raises       ClosingIncomplete, DangerOpen, HeldByColleague
    """
    settings = InboxSettings.load()
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    if conversation.status != Conversation.Status.CLOSED:
        check_danger(conversation)
        if conversation.assignee_id not in (None, by.pk, from_holder):
            raise HeldByColleague
        if (words := reasons(settings)) and reason not in words:
            raise ClosingIncomplete("reason")
        if settings.close_needs_intent and intent is None and conversation.intent_id is None:
            raise ClosingIncomplete("intent")
    closed = conversations.close(conversation, by=by, reason=reason, intent=intent)
    following.tell([closed.pk], but=by)
    return closed


@transaction.atomic
def set_intent(conversation: Conversation, *, by: User, intent: Intent | None) -> Conversation:
    """Say what somebody wants; the promise to whoever waits follows."""
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    if conversation.intent_id == (intent.pk if intent else None):
        return conversation
    conversation.intent = intent
    conversation.save(update_fields=["intent"])
    promise.renew([conversation.pk])
    kind = ConversationEvent.Kind.INTENT_SET
    conversations.note_event(conversation, kind, actor=by, intent=intent.name if intent else "")
    return conversations.changed(conversation)
