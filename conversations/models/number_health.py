"""How a number does: what changed about it, and the trouble that a person has to know of."""

from django.db import models
from django.db.models import Value

from conversations.models.channel import PhoneNumber
from conversations.models.conversation import Conversation
from tenants.rows import CompanyRow


class NumberNews(CompanyRow):
    """One thing that changed about a number, as a webhook or a probe told: the history of its health."""

    class Kind(models.TextChoices):
        STATE = "state"
        QUALITY = "quality"
        LIMIT = "limit"
        THROUGHPUT = "throughput"
        NAME = "name"
        STATUS = "status"
        HEALTH = "health"
        ACCOUNT = "account"
        CAPABILITY = "capability"
        SECURITY = "security"
        TOKEN = "token"  # noqa: S105  a word, not a secret
        FUNDING = "funding"
        WEBHOOK = "webhook"
        USERNAME = "username"
        PROFILE = "profile"

    phone_number = models.ForeignKey(PhoneNumber, on_delete=models.CASCADE, related_name="news")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=12, default="webhook")
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["phone_number", "-at", "-id"], name="numbernews_of_number")]

    def __str__(self) -> str:
        return self.kind


class Alarm(CompanyRow):
    """Trouble that a person has to know of: told once when it begins, counted while it lasts, closed when it ends.

    ``kind`` is a stable code that pages and mails turn into words and a next step. One is open per number and kind.
    """

    class Severity(models.TextChoices):
        WARNING = "warning"
        CRITICAL = "critical"

    phone_number = models.ForeignKey(
        PhoneNumber, null=True, blank=True, on_delete=models.CASCADE, related_name="alarms"
    )
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=10, choices=Severity)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When it was last noticed")
    times = models.PositiveIntegerField(default=1)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When client and agency were told")
    told_to = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        blank=True,
        help_text="Whose mail was begun: nobody gets it twice, whatever dies in between",
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.UUIDField(null=True, blank=True, help_text="User.id")
    closed_at = models.DateTimeField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_number", "kind"],
                condition=models.Q(closed_at=None),
                nulls_distinct=False,
                name="alarm_one_open_per_number_and_kind",
            ),
        ]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="alarm_recent")]

    def __str__(self) -> str:
        return self.kind


class CallBack(CompanyRow):
    """Somebody reached a waiting person by another way while the number could not; a later question waits anew."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="call_back")
    done_at = models.DateTimeField()
    done_by = models.UUIDField(help_text="User.id")

    def __str__(self) -> str:
        return str(self.conversation_id)
