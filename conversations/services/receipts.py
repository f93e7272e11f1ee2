"""Read receipts: asked for when the holder takes over or answers, sent by the worker, never because somebody looked."""

from datetime import datetime

from conversations.models import Channel, Conversation, Direction, Message
from tenants import work


def mark_read(conversation: Conversation, *, due_at: datetime | None = None) -> None:
    """Ask for a read receipt up to the newest inbound message, in the caller's transaction.

    One receipt marks everything before it at the platform, so only the newest message's id is kept.

    due_at  when it leaves; with the answer that may still be taken back
    """
    newest = (
        Message.objects.filter(channel_id=conversation.channel_id, direction=Direction.INBOUND)
        .exclude(wamid=None)
        .order_by("-at", "-sequence")
        .values("wamid", "at")
        .first()
    )
    if newest is None:
        return
    behind = Channel.objects.filter(pk=conversation.channel_id).exclude(read_up_to__gte=newest["at"])
    if behind.update(receipt_wamid=newest["wamid"], read_up_to=newest["at"]):
        work.mark(work.Kind.RECEIPTS, due_at=due_at)
