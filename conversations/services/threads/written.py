"""Says to whoever answers a conversation that its customer wrote: so pages tell a message from a tick."""

from collections.abc import Iterable
from uuid import UUID

from conversations import hints
from conversations.models import Conversation
from conversations.services.handling import following

WRITTEN = "written"  # the hint's name


def tell(conversations: Iterable[UUID | None]) -> None:
    """Hint to each holder which of theirs have a new message, and to who follows; after the caller's commit.

    Two queries, and one for staff.
    """
    ids = {pk for pk in conversations if pk is not None}
    if not ids:
        return
    held: dict[UUID, list[UUID]] = {}
    rows = Conversation.objects.filter(pk__in=ids).exclude(assignee=None)
    for assignee_id, conversation_id in rows.order_by("pk").values_list("assignee_id", "pk"):
        held.setdefault(assignee_id, []).append(conversation_id)
    for assignee_id, listed in held.items():
        hints.tell(WRITTEN, [assignee_id], listed)
    following.tell_written(ids)
