"""The total order of a message's statuses. A message only moves up, whatever order news comes in.

Going back to QUEUED is the sender's alone (a claim whose holder died before any byte left).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageStatus(models.IntegerChoices):
    """Numbers are the rank; the API and pages use ``api_name``."""

    RECEIVED = 0, _("Received")
    QUEUED = 10, _("Waiting to leave")
    CLAIMED = 20, _("Waiting to leave")
    SENDING = 30, _("Leaving")
    UNKNOWN = 40, _("Not known whether it left")
    ACCEPTED = 50, _("Accepted by WhatsApp")
    SENT = 60, _("Sent")
    FAILED = 70, _("Failed")
    DELIVERED = 80, _("Delivered")
    READ = 90, _("Read")
    PLAYED = 100, _("Played")

    @property
    def api_name(self) -> str:
        return self.name.lower()


FROM_PLATFORM = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "played": MessageStatus.PLAYED,
    "failed": MessageStatus.FAILED,
}

MEDIA_TYPES = ("image", "video", "audio", "document", "sticker")

WAITING = (MessageStatus.QUEUED, MessageStatus.CLAIMED)
IN_FLIGHT = (MessageStatus.CLAIMED, MessageStatus.SENDING)

TIME_FIELDS = {
    MessageStatus.CLAIMED: "claimed_at",
    MessageStatus.SENDING: "sending_at",
    MessageStatus.ACCEPTED: "accepted_at",
    MessageStatus.SENT: "sent_at",
    MessageStatus.FAILED: "failed_at",
    MessageStatus.DELIVERED: "delivered_at",
    MessageStatus.READ: "read_at",
    MessageStatus.PLAYED: "played_at",
}


def higher(current: int, news: int) -> int:
    """The status after news of another: the larger of both."""
    return max(current, news)
