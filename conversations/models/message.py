"""Messages, both ways. The QUEUED ones are the outbox."""

from typing import Self

from django.conf import settings
from django.db import models

from conversations.models.channel import PhoneNumber
from conversations.models.contact import Channel, Contact
from conversations.models.conversation import Conversation, Direction
from conversations.models.media import MediaFile
from conversations.status import MessageStatus
from tenants.rows import CompanyRow


class MessageQuerySet(models.QuerySet["Message"]):
    def in_thread(self) -> Self:
        """What a thread shows as bubbles: everything but reactions, which sit on the message they answer."""
        return self.exclude(type="reaction")

    def seen_in(self, channel: Channel) -> Self:
        """Those of a thread that whoever it was opened for may see: none of what is set apart for others (R-S13)."""
        rows = self.filter(channel=channel.pk)
        return rows if channel.shows_all else rows.filter(conversation__sensitive=False)


class Message(CompanyRow):
    """One WhatsApp message, either way.

    Times: ``at`` is the platform's (inbound; one-second steps) or when it was queued (outbound) and orders the thread
    together with ``sequence`` (the journal's order, or a clock in microseconds); ``received_at`` is ours; the ``…_at``
    of each status is the earliest news of it. ``client_token`` is the caller's own id: twice the same is one message.
    ``content`` holds the structured part of types other than plain text (location, contacts, buttons, template …).
    """

    class SenderKind(models.TextChoices):
        CONTACT = "contact"
        HUMAN = "human"
        API = "api"
        RULE_BOT = "rule_bot"
        AI_BOT = "ai_bot"
        PHONE_APP = "phone_app"
        META_AGENT = "meta_agent"

    class Priority(models.IntegerChoices):
        REPLY = 0
        AUTOMATION = 1
        BROADCAST = 2

    class Purpose(models.TextChoices):
        REPLY = "reply"
        SERVICE = "service"
        MARKETING = "marketing"
        AUTHENTICATION = "authentication"

    # The composite indexes below begin with these, and every change of a status writes to every index there is.
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="messages", db_index=False)
    phone_number = models.ForeignKey(PhoneNumber, on_delete=models.PROTECT, related_name="messages", db_index=False)
    direction = models.CharField(max_length=3, choices=Direction)
    sender_kind = models.CharField(max_length=12, choices=SenderKind)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    api_key_id = models.UUIDField(null=True, blank=True)
    type = models.CharField(max_length=20)
    body = models.TextField(blank=True, default="", help_text="Text or caption")
    content = models.JSONField(default=dict, blank=True)
    media = models.OneToOneField(MediaFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="message")
    wamid = models.CharField(max_length=160, null=True, blank=True)  # noqa: DJ001
    quoted_wamid = models.CharField(max_length=160, blank=True, default="")
    forwarded = models.BooleanField(default=False)
    participant = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text="Who of a group wrote it",
    )

    at = models.DateTimeField()
    sequence = models.BigIntegerField()
    received_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    status = models.PositiveSmallIntegerField(choices=MessageStatus, default=MessageStatus.RECEIVED)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sending_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    played_at = models.DateTimeField(null=True, blank=True)
    error_code = models.IntegerField(null=True, blank=True)
    error_details = models.CharField(max_length=500, blank=True, default="")
    refusal = models.CharField(max_length=40, blank=True, default="", help_text="Our own reason, a DomainError code")

    client_token = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001
    external_id = models.CharField(max_length=120, blank=True, default="")
    metadata = models.JSONField(default=dict, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.REPLY)
    purpose = models.CharField(max_length=16, choices=Purpose, default=Purpose.REPLY)
    not_before = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sender_epoch = models.BigIntegerField(null=True, blank=True)

    masks = models.JSONField(
        null=True, blank=True, help_text="Parts of the body that are hidden: [[start, end, detector], …]"
    )
    edited_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, help_text="The person deleted it on WhatsApp")
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Removed here by somebody with the right")
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    removal_reason = models.CharField(max_length=200, blank=True, default="")

    objects = MessageQuerySet.as_manager()

    terms_open = False  # not a column: whether words about special data are shown to who looks, by explicit consent

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone_number", "wamid"], name="message_once_per_number_and_wamid"),
            models.UniqueConstraint(fields=["client_token"], name="message_once_per_client_token"),
        ]
        indexes = [
            models.Index(fields=["channel", "-at", "-sequence"], name="message_thread"),
            models.Index(fields=["conversation", "-at"], name="message_of_conversation"),
            models.Index(
                fields=["phone_number", "priority", "sequence"],
                condition=models.Q(status__in=[10, 20, 30, 40]),
                name="message_outbox",
            ),
            models.Index(
                fields=["channel", "sequence"],
                condition=models.Q(status__in=[10, 20, 30, 40]),
                name="message_outbox_of_channel",
            ),
            models.Index(
                fields=["channel", "quoted_wamid"],
                condition=models.Q(type="reaction"),
                name="message_reactions",
            ),
            models.Index(fields=["participant"], condition=~models.Q(participant=None), name="message_of_participant"),
            models.Index(fields=["-created_at", "-id"], name="message_created"),
            models.Index(fields=["external_id"], condition=~models.Q(external_id=""), name="message_external_id"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.type} {self.pk}"

    @property
    def gone(self) -> bool:
        """Whether its text and file were taken away, by us or by the person."""
        return self.removed_at is not None or self.revoked_at is not None
