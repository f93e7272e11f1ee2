"""The trail of reads and writes: who did what, to what, and for whom."""

from django.db import models
from django.utils import timezone

from tenants.rows import CompanyRow


class AuditEntry(CompanyRow):
    """One append-only entry. A trigger chains it to the one before (``hash``) and refuses changes and deletions.

    It holds no message text and no search terms. ``on_behalf_of`` names the agency when its people act at a client.
    Rows whose time is up leave through ``audit_chain.prune``, which retention calls and which the trail itself records.
    """

    sequence = models.BigIntegerField(unique=True, editable=False)
    at = models.DateTimeField(default=timezone.now)
    actor_id = models.UUIDField(null=True, blank=True)
    actor_name = models.CharField(max_length=200)
    actor_kind = models.CharField(max_length=12, default="user")
    on_behalf_of = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    ground = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    hash = models.CharField(max_length=64, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "sequence"], name="audit_of_subject"),
            models.Index(fields=["actor_id", "sequence"], name="audit_of_actor"),
            models.Index(fields=["action", "sequence"], name="audit_of_action"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_name}"
