"""What every bubble of a thread says: the times of a message by name."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.models import Message

OURS: tuple[tuple[str | Promise, str], ...] = (
    (_("Written"), "at"),
    (_("Accepted by WhatsApp"), "accepted_at"),
    (_("Sent"), "sent_at"),
    (_("Delivered"), "delivered_at"),
    (_("Read"), "read_at"),
    (_("Played"), "played_at"),
    (_("Failed"), "failed_at"),
)


def times_of_ours(message: Message) -> list[tuple[str, datetime]]:
    """The times that a message of ours has, with their names."""
    told = ((name, getattr(message, column)) for name, column in OURS)
    return [(str(name), moment) for name, moment in told if moment]
