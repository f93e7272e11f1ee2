"""What happened to a person rather than to one conversation: a line in each of the person's threads."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from conversations.models import Conversation, ConversationEvent


def note(contacts: Iterable[UUID], kind: ConversationEvent.Kind, *, at: datetime, data: dict[str, Any]) -> None:
    """Write the line into the newest conversation of each thread of these people. In the caller's transaction."""
    spells = Conversation.objects.filter(channel__contact__in=contacts).order_by("channel_id", "-opened_at")
    ConversationEvent.objects.bulk_create(
        ConversationEvent(channel_id=spell.channel_id, conversation=spell, kind=kind, at=at, data=data)
        for spell in spells.distinct("channel_id")
    )
