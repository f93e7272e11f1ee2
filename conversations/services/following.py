"""Who wants to know what happens in a conversation that others answer."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

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
    ids = list(conversations)
    rows = ConversationFollower.objects.filter(conversation__in=ids, user__is_active=True)
    if but is not None:
        rows = rows.exclude(user=but)
    followed: dict[UUID, list[UUID]] = {}
    for conversation_id, user_id in rows.values_list("conversation_id", "user_id"):
        followed.setdefault(user_id, []).append(conversation_id)
    for user_id, listed in followed.items():
        hints.tell(FOLLOWED, [user_id], listed)
