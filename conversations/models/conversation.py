"""Spells of a thread, what happened in them, and what we wrote to each other about them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.models.channel import PhoneNumber
from conversations.models.contact import Channel, Contact
from tenants.rows import CompanyRow


class Direction(models.TextChoices):
    INBOUND = "in"
    OUTBOUND = "out"


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def open(self) -> Self:
        return self.exclude(status=Conversation.Status.CLOSED)

    def waiting(self) -> Self:
        """Those in which a person waits for an answer of ours."""
        return self.open().exclude(waiting_since=None)


class Conversation(CompanyRow):
    """One spell of the thread between a contact and one number, opened and closed by us.

    ``waiting_since`` is the platform time of the oldest message that nobody answered, null when nobody waits.
    ``unread_count`` counts inbound messages since the assignee (or anybody) last opened the thread.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    IMPORTED = "imported"  # close_reason of the one that holds what came over from the phone; never reopened by itself

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="conversations")
    phone_number = models.ForeignKey(PhoneNumber, on_delete=models.PROTECT, related_name="conversations")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="conversations")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    close_reason = models.CharField(max_length=20, blank=True)
    last_direction = models.CharField(max_length=3, choices=Direction, blank=True)
    last_message = models.ForeignKey(
        "Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    last_message_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True, blank=True)
    unread_count = models.PositiveIntegerField(default=0)
    version = models.BigIntegerField(default=0, help_text="Rises with every change a page may show")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "phone_number"],
                condition=~models.Q(status="closed"),
                name="conversation_one_live_per_contact_and_number",
            ),
        ]
        indexes = [
            models.Index(fields=["waiting_since"], condition=~models.Q(status="closed"), name="conversation_waiting"),
            models.Index(
                fields=["assignee", "-last_message_at"],
                condition=~models.Q(status="closed"),
                name="conversation_of_assignee",
            ),
            models.Index(fields=["status", "-last_message_at", "-id"], name="conversation_recent"),
            models.Index(fields=["channel", "-opened_at"], name="conversation_of_channel"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def waits_for_us(self) -> bool:
        return self.status == self.Status.OPEN and self.waiting_since is not None


class ConversationEvent(CompanyRow):
    """Something that happened in a conversation beside messages: a line in the thread."""

    class Kind(models.TextChoices):
        OPENED = "opened"
        TAKEN = "taken"
        RELEASED = "released"
        CLOSED = "closed"
        REOPENED = "reopened"
        IDENTITY_CHANGED = "identity_changed"
        OPTED_OUT = "opted_out"
        MESSAGE_REMOVED = "message_removed"
        CALL = "call"
        MERGED = "merged"
        UNMERGED = "unmerged"
        GROUP_CHANGED = "group_changed"
        HISTORY_TAKEN_IN = "history_taken_in"

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="events")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["channel", "-at"], name="conversationevent_of_channel")]

    def __str__(self) -> str:
        return self.kind


class Note(CompanyRow):
    """What colleagues write to each other in a thread; the contact never sees it."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="notes")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    body = models.TextField(max_length=4096)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["channel", "-at"], name="note_of_channel")]

    def __str__(self) -> str:
        return str(self.pk)
