"""Spells of a thread, and what happened in them."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from conversations.models.channel import PhoneNumber
from conversations.models.contact import Channel, Contact
from conversations.models.team import Team
from conversations.models.words import Intent
from tenants.accounts.models import User
from tenants.rows import CompanyRow


class Direction(models.TextChoices):
    INBOUND = "in"
    OUTBOUND = "out"


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def open(self) -> Self:
        return self.exclude(status=Conversation.Status.CLOSED)

    def visible_to(self, user: User) -> Self:
        """What this person may see: sensitive conversations only when cleared (R-S13)."""
        return self.all() if user.cleared else self.filter(sensitive=False)

    def hidden_from(self, user: User) -> Self | None:
        """What this person may not see; None where that is nothing, so that nobody has to ask."""
        return None if user.cleared else self.filter(sensitive=True)

    def waiting(self) -> Self:
        """Those in which a person waits for an answer of ours."""
        return self.open().exclude(waiting_since=None)

    def most_urgent_first(self) -> Self:
        """Danger, then whose promise breaks first; of those that break together, who waits longest."""
        breaks = Coalesce("due_at", "waiting_since")
        return self.order_by(models.F("danger_at").asc(nulls_last=True), breaks, "waiting_since", "id")


class Conversation(CompanyRow):
    """One spell of the thread between a contact and one number, opened and closed by us.

    ``waiting_since`` is the platform time of the oldest message that nobody answered, null when nobody waits.
    ``due_at`` is when the response promise to that message breaks (business time), meaningful while somebody waits.
    ``unread_count`` counts inbound messages since the assignee (or anybody) last opened the thread.
    ``hold`` takes an open conversation out of the queue: snoozed, or waiting for the customer or for somebody at the
    client, since ``hold_since`` until ``hold_until`` (null: until a message comes); a message of the person ends it.
    ``woke_at`` is when a hold ended by itself, until whoever holds it (of nobody's: anybody) has looked; never on hold.
    ``danger_at`` is when a danger word was seen and nobody has dealt with it; ``sensitive`` hides it from people
    without clearance.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class Hold(models.TextChoices):
        NONE = "", _("None")
        SNOOZED = "snoozed", _("Snoozed")
        CUSTOMER = "customer", _("Waiting for the customer")
        CLIENT = "client", _("Waiting for the client")

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
    close_reason = models.CharField(max_length=60, blank=True)
    last_direction = models.CharField(max_length=3, choices=Direction, blank=True)
    last_message = models.ForeignKey(
        "Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    last_message_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    danger_at = models.DateTimeField(null=True, blank=True)
    sensitive = models.BooleanField(default=False, db_default=False)
    hold = models.CharField(max_length=8, choices=Hold, blank=True, default=Hold.NONE, db_default=Hold.NONE)
    hold_since = models.DateTimeField(null=True, blank=True)
    hold_until = models.DateTimeField(null=True, blank=True)
    woke_at = models.DateTimeField(null=True, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations")
    intent = models.ForeignKey(Intent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    labels = ArrayField(models.UUIDField(), default=list, db_default=[], blank=True, help_text="Ids of Label")
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
            models.Index(
                Coalesce("due_at", "waiting_since"),
                "waiting_since",
                "id",
                condition=models.Q(waiting_since__isnull=False, hold="") & ~models.Q(status="closed"),
                name="conversation_breaks",
            ),
            models.Index(fields=["channel"], condition=models.Q(sensitive=True), name="conversation_sensitive"),
            GinIndex(fields=["labels"], condition=~models.Q(labels=[]), name="conversation_labels"),
            models.Index(
                fields=["hold_until"],
                condition=models.Q(hold_until__isnull=False) & ~models.Q(status="closed"),
                name="conversation_hold_ends",
            ),
            models.Index(
                fields=["woke_at"],
                condition=models.Q(woke_at__isnull=False) & ~models.Q(status="closed"),
                name="conversation_woken",
            ),
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
        ASSIGNED = "assigned"
        TRANSFERRED = "transferred"
        RETURNED = "returned"
        HANDED_OVER = "handed_over"
        HELD = "held"
        HOLD_ENDED = "hold_ended"
        QUESTION_ASKED = "question_asked"
        QUESTION_ANSWERED = "question_answered"
        LABELLED = "labelled"
        INTENT_SET = "intent_set"
        PROMISE_BROKEN = "promise_broken"
        DANGER_SEEN = "danger_seen"
        DANGER_OVER = "danger_over"
        SENSITIVE_SEEN = "sensitive_seen"
        SENSITIVE_OVER = "sensitive_over"

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
