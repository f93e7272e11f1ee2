"""Read receipts and "typing": asked for by who holds the conversation, never because somebody looked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from conversations import window
from conversations.models import Channel, Conversation, Direction, Message, PhoneNumber
from tenants import work
from tenants.accounts.models import User

TYPING_LASTS = timedelta(seconds=25)  # the platform shows it so long, or until our answer
MARK_MANY = """
UPDATE conversations_channel AS channel SET receipt_wamid = newest.wamid, read_up_to = newest.at
FROM unnest(%s::uuid[]) AS wanted (id)
CROSS JOIN LATERAL (
    SELECT wamid, at FROM conversations_message
    WHERE channel_id = wanted.id AND direction = 'in' AND wamid IS NOT NULL ORDER BY at DESC, sequence DESC LIMIT 1
) AS newest
WHERE channel.id = wanted.id AND (channel.read_up_to IS NULL OR channel.read_up_to < newest.at)
"""


def mark_read(conversation: Conversation, *, due_at: datetime | None = None) -> None:
    """Ask for a read receipt up to the newest inbound message, in the caller's transaction.

    One receipt marks everything before it at the platform, so only the newest message's id is kept.

    due_at  when it leaves; with the answer that may still be taken back
    """
    newest = _newest(conversation)
    if newest is None:
        return
    behind = Channel.objects.filter(pk=conversation.channel_id).exclude(read_up_to__gte=newest["at"])
    if behind.update(receipt_wamid=newest["wamid"], read_up_to=newest["at"]):
        work.mark(work.Kind.RECEIPTS, due_at=due_at)


def mark_many_read(channels: Sequence[UUID]) -> None:
    """The same for many threads in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(MARK_MANY, [list(channels)])
        if cursor.rowcount:
            work.mark(work.Kind.RECEIPTS)


def show_typing(conversation: Conversation, *, by: User) -> bool:
    """Show the person that an answer is being written; tells whether it will be shown.

    Only for who holds the conversation, while free text is allowed, and once in 25 seconds. It marks as read too, which
    holding the conversation has done already.
    """
    now = timezone.now()
    channel, number = conversation.channel, conversation.channel.phone_number
    holds = conversation.status != Conversation.Status.CLOSED and conversation.assignee_id == by.pk
    if not holds or number.state != PhoneNumber.State.LIVE or not window.is_open(channel.window_opened_at, at=now):
        return False
    newest = _newest(conversation)
    if newest is None:
        return False
    quiet = Channel.objects.filter(Q(typing_at=None) | Q(typing_at__lte=now - TYPING_LASTS), pk=channel.pk)
    if not quiet.update(typing_at=now, receipt_wamid=newest["wamid"], read_up_to=newest["at"]):
        return False
    work.mark(work.Kind.RECEIPTS)
    return True


def _newest(conversation: Conversation) -> dict[str, Any] | None:
    newest = (
        Message.objects.filter(channel_id=conversation.channel_id, direction=Direction.INBOUND)
        .exclude(wamid=None)
        .order_by("-at", "-sequence")
        .values("wamid", "at")
        .first()
    )
    return dict(newest) if newest else None
