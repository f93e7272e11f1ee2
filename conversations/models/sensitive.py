"""What the detectors found in messages, and what people decided about it."""

from django.conf import settings
from django.db import models

from conversations.models.conversation import Conversation
from conversations.models.message import Message
from tenants.rows import CompanyRow


class SensitiveFinding(CompanyRow):
    """One finding of one detector (R-S12, section 3 of the privacy facts). Holds a masked preview, never the hit.

    An outbound text that was stopped has no message yet: then ``message`` is null and ``preview`` is all there is.
    """

    class Verdict(models.TextChoices):
        OPEN = "open"
        RIGHT = "right"
        WRONG = "wrong"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="findings")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="findings")
    part_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="parts",
        help_text="The finding in a later message that this is the beginning of: one number in several messages",
    )
    outbound = models.BooleanField(default=False)
    detector = models.CharField(max_length=40)
    detector_version = models.PositiveSmallIntegerField(default=1)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    confidence = models.FloatField()
    preview = models.CharField(max_length=120)
    action = models.CharField(max_length=20, help_text="masked, flagged, stopped, overridden, purged")
    reason = models.CharField(max_length=300, blank=True, help_text="Why a person overrode it")
    at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    verdict = models.CharField(max_length=6, choices=Verdict, default=Verdict.OPEN)

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "-at"], name="sensitivefinding_of_thread"),
            models.Index(fields=["message"], name="sensitivefinding_of_message"),
        ]

    def __str__(self) -> str:
        return self.detector
