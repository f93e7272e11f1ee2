"""The window of one pair of contact and number: corrected when the platform knows better."""

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F, Q

from conversations import hints
from conversations.models import Channel, Conversation
from tenants.models import FreeEntryLength


def free_hours(*, at: datetime) -> int:
    """For how many hours an answer at this moment to somebody from an advertisement makes everything free; or 0."""
    rule = FreeEntryLength.objects.filter(effective_from__lte=at.astimezone(UTC).date()).order_by("-effective_from")
    return rule.values_list("hours", flat=True).first() or 0


@transaction.atomic
def close(channel: Channel, *, sent_at: datetime | None = None) -> None:
    """Believe the platform that this window is closed (131047); a newer message or call of the person opens it again.

    sent_at  when the refused message left; what the person wrote after that still opens the window. Without it
             nothing that is known now does.
    """
    wrong = Channel.objects.filter(pk=channel.pk).exclude(last_inbound_at=None)
    if sent_at is not None:
        wrong = wrong.filter(last_inbound_at__lte=sent_at)
    wrong = wrong.filter(Q(refused_inbound_at=None) | Q(refused_inbound_at__lt=F("last_inbound_at")))
    if not wrong.update(refused_inbound_at=F("last_inbound_at")):
        return
    spells = Conversation.objects.open().filter(channel=channel)
    spells.update(version=F("version") + 1)
    hints.conversations_changed(spells.values_list("pk", flat=True))
