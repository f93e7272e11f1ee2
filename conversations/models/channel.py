"""The company's WhatsApp numbers and the journal of what the platform said about them."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Value

from tenants.rows import CompanyRow
from tenants.secrets import EncryptedTextField


class PhoneNumber(CompanyRow):
    """One WhatsApp Business number of the company.

    ``state`` says whether it may work and is *set* by whoever knows (privacy: no agreement; sender: token died; account
    events: banned); ``state_reason`` is a stable code that pages turn into words. ``sender_*`` is the lease of the one
    sender that works for this number, by the database's clock. What the platform says of the number (``quality`` to
    ``probed_at``) is kept in the platform's own words; ``NumberNews`` keeps what it said before.
    """

    class State(models.TextChoices):
        SETUP = "setup"  # connected, not live: webhooks are journaled and not applied
        LIVE = "live"
        PAUSED = "paused"  # sending stopped, the queue is kept; state_reason says why
        STOPPED = "stopped"  # banned, restricted, disconnected or gone

    phone_number_id = models.CharField(max_length=40, unique=True)
    waba_id = models.CharField(max_length=40)
    business_id = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="Portfolio; limits are counted there"
    )
    display_number = models.CharField(max_length=32)
    verified_name = models.CharField(max_length=120, blank=True)
    meta_app_id = models.UUIDField(help_text="MetaApp.id, in the public schema")
    token = EncryptedTextField(blank=True, default="")
    pin = EncryptedTextField(blank=True, default="")
    sandbox = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.SETUP)
    state_reason = models.CharField(max_length=40, blank=True)
    state_since = models.DateTimeField(null=True, blank=True)
    quality = models.CharField(max_length=10, blank=True)
    messaging_limit = models.CharField(max_length=20, blank=True)
    messages_per_second = models.PositiveIntegerField(default=80)
    on_phone_app = models.BooleanField(
        default=False, db_default=False, help_text="Coexistence: the owner answers from the phone too"
    )
    platform_status = models.CharField(max_length=20, blank=True, default="", db_default="")
    name_status = models.CharField(max_length=30, blank=True, default="", db_default="")
    requested_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    can_send = models.CharField(
        max_length=12, blank=True, default="", db_default="", help_text="AVAILABLE, LIMITED or BLOCKED"
    )
    health = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        blank=True,
        help_text="What hinders sending, one entry per entity",
    )
    funded = models.BooleanField(null=True, blank=True, help_text="Whether the account has a payment method")
    marketing_apart = models.BooleanField(
        default=False, db_default=False, help_text="Marketing templates leave through the platform's marketing service"
    )
    token_expires_at = models.DateTimeField(null=True, blank=True)
    probed_at = models.DateTimeField(null=True, blank=True, help_text="When the platform was last asked")
    webhook_probed_at = models.DateTimeField(null=True, blank=True, help_text="When webhooks last proved to arrive")
    username = models.CharField(max_length=40, blank=True, default="", db_default="")
    username_status = models.CharField(max_length=20, blank=True, default="", db_default="")
    profile = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        blank=True,
        help_text="Business profile as last read or written",
    )
    automation = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), blank=True, help_text="Ice breakers and commands"
    )
    figures = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        blank=True,
        help_text="What the watch counted last: people written to first, messages each way, delays",
    )
    storage_region = models.CharField(
        max_length=4, blank=True, default="DE", db_default="DE", help_text="DE is the European Union"
    )
    meta_contract_party = models.CharField(
        max_length=10, choices=[("client", "client"), ("agency", "agency")], default="client"
    )
    stop_notice = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        blank=True,
        help_text='Of the public page: {"texts": {"nl": ""}, "on": "2026-11-22", "published_at": null}',
    )
    connected_at = models.DateTimeField(null=True, blank=True)
    sender_id = models.UUIDField(null=True, blank=True)
    sender_epoch = models.BigIntegerField(default=0)
    sender_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True, help_text="Throttled: nothing leaves before")
    marketing_not_before = models.DateTimeField(
        null=True, blank=True, help_text="Too many complaints: no marketing leaves before"
    )

    def __str__(self) -> str:
        return self.display_number

    @property
    def sends(self) -> bool:
        return self.state == self.State.LIVE

    @property
    def stands_still(self) -> bool:
        """It worked and does not now; what waits is kept."""
        return self.state in (self.State.PAUSED, self.State.STOPPED)


class WebhookCall(models.Model):
    """The journal: one change of a POST, word for word, kept until its time is up (14 days).

    ``body`` is JSON text, not jsonb, which refuses NUL characters and lone surrogates. Its id is the journal's
    order. ``error`` is set on a change that could not be applied and was set aside, or that waits for a message
    nobody knows yet (``waits:<phone_number_id>:<wamid>``) and is taken up again when it comes.
    """

    phone_number_id = models.CharField(max_length=40, blank=True)
    waba_id = models.CharField(max_length=40, blank=True)
    field = models.CharField(max_length=60)
    entry_id = models.CharField(max_length=40, blank=True)
    entry_time = models.BigIntegerField(null=True, blank=True)
    body = models.TextField()
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(applied_at=None), name="webhookcall_to_apply"),
            BrinIndex(fields=["received_at"], name="webhookcall_received_range"),  # rows come in this order
            models.Index(fields=["error"], condition=~models.Q(error=""), name="webhookcall_set_aside"),
        ]

    def __str__(self) -> str:
        return f"{self.field} #{self.pk}"
