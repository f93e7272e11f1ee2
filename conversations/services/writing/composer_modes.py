"""What the composer offers now: a free reply, a message template, or why nothing can be written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from conversations import window
from conversations.models import Conversation, PhoneNumber
from conversations.services import windows
from tenants.accounts.models import User

ANSWERABLE = (PhoneNumber.State.LIVE, PhoneNumber.State.PAUSED)
CLOSING_SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Mode:
    """What the composer offers now.

    kind        reply (free text), template (the window is closed), held (somebody else answers), closed, number,
                unreachable
    free_until  WhatsApp charges nothing until then
    free_hours  for so long it charges nothing when the first answer leaves while the window is open
    """

    kind: str
    closes_at: datetime | None = None
    left: timedelta = timedelta()
    free_until: datetime | None = None
    free_hours: int = 0

    @property
    def free_days(self) -> int:
        return self.free_hours // 24

    @property
    def minutes_left(self) -> int:
        return int(self.left.total_seconds() // 60)

    @property
    def closing(self) -> bool:
        return self.left < CLOSING_SOON


def mode_of(conversation: Conversation, *, user: User, at: datetime | None = None) -> Mode:
    """What a person may write into a conversation whose channel, contact and number are loaded."""
    at = at or timezone.now()
    channel = conversation.channel
    if conversation.status == Conversation.Status.CLOSED:
        return Mode("closed")
    if channel.phone_number.state not in ANSWERABLE:
        return Mode("number")
    if not channel.contact.reachable:
        return Mode("unreachable")
    if conversation.assignee_id not in (None, user.pk):
        return Mode("held")
    left = window.time_left(channel.window_opened_at, at=at)
    free = window.is_free(channel.free_entry_until, at=at)
    offered = window.may_become_free(channel.referred_at, free_entry_until=channel.free_entry_until, at=at)
    return Mode(
        "reply" if left else "template",
        window.closes_at(channel.window_opened_at),
        left,
        free_until=channel.free_entry_until if free else None,
        free_hours=windows.free_hours(at=at) if left and offered else 0,
    )
