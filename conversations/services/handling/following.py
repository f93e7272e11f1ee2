"""Who wants to know what happens in a conversation that others answer."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from conversations import hints
from conversations.models import Conversation, ConversationFollower
from tenants.accounts.models import User

FOLLOWED = "followed"  # the hint's name


@transaction.atomic
def follow(conversation: Conversation, *, by: User) -> None:
    """Be told what happens here from now on. Twice is once."""
    ConversationFollower.objects.get_or_create(conversation=conversation, user=by)


def unfollow(conversation: Conversation, *, by: User) -> None:
    ConversationFollower.objects.filter(conversation=conversation, user=by).delete()


def tell(conversations: Iterable[UUID], *, but: User | None = None) -> None:
    """Hint to everybody who follows one of these conversations, except who did it; after the caller's commit."""
    rows = _of(conversations)
    _tell(rows if but is None else rows.exclude(user=but))


def tell_written(conversations: Iterable[UUID]) -> None:
    """The same for messages of the person, of which whoever answers the conversation hears anyhow."""
    _tell(_of(conversations).exclude(user=F("conversation__assignee"), conversation__assignee__isnull=False))


def _of(conversations: Iterable[UUID]) -> QuerySet[ConversationFollower]:
    return ConversationFollower.objects.filter(conversation__in=list(conversations), user__is_active=True)


def _tell(rows: QuerySet[ConversationFollower]) -> None:
    followed: dict[UUID, list[UUID]] = {}
    for conversation_id, user_id in rows.values_list("conversation_id", "user_id"):
        followed.setdefault(user_id, []).append(conversation_id)
    for user_id, listed in followed.items():
        hints.tell(FOLLOWED, [user_id], listed)
