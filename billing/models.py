"""What a company takes and what it used."""

from django.db import models

from tenants.rows import CompanyRow


class Subscription(CompanyRow):
    """The plan version a company takes, from and to (end exclusive). No price is copied: versions never change."""

    plan_version_id = models.UUIDField(help_text="PlanVersion.id, in the public schema")
    plan_name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=models.Q(ends_on=None), name="subscription_one_running"),
        ]

    def __str__(self) -> str:
        return self.plan_name


class UsageRecord(CompanyRow):
    """One message that may cost money, counted once per wamid and recipient, when it was delivered.

    ``category``, ``pricing_type`` and ``pricing_model`` are the platform's words. The charge is made on delivery,
    so the first price that comes with ``delivered`` or ``read`` wins over what ``sent`` announced; ``price_status``
    says with which it came. A combination nobody has seen bills nothing and is ``flagged``; ``conflict`` is set
    when two statuses of the same worth name different prices. Rows without ``delivered_at`` (only ``sent`` so far)
    are not billable yet.
    """

    phone_number_id = models.CharField(max_length=40)
    message_id = models.UUIDField()
    wamid = models.CharField(max_length=160)
    recipient = models.CharField(max_length=160, blank=True, default="")
    delivered_at = models.DateTimeField(null=True, blank=True)
    first_status = models.CharField(max_length=10)
    category = models.CharField(max_length=40, blank=True)
    pricing_type = models.CharField(max_length=40, blank=True)
    pricing_model = models.CharField(max_length=10, blank=True)
    price_status = models.CharField(max_length=10, blank=True, default="", db_default="")
    billable = models.BooleanField(null=True)
    market = models.CharField(max_length=2, blank=True, help_text="ISO country; the rate card maps it")
    raw = models.JSONField(default=dict)
    flagged = models.CharField(max_length=40, blank=True)
    conflict = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wamid", "recipient"], name="usagerecord_once")]
        indexes = [models.Index(fields=["delivered_at", "category"], name="usagerecord_by_time")]

    def __str__(self) -> str:
        return self.category or "unpriced"


class MeteringCursor(models.Model):
    """How far billing has read the facts of conversations: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    event_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.event_id)
