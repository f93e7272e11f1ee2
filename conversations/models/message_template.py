"""Texts the platform approved."""

from django.db import models

from tenants.rows import CompanyRow


class MessageTemplate(CompanyRow):
    """One message template in one language, as the platform last described it. Only APPROVED ones send."""

    waba_id = models.CharField(max_length=40)
    template_id = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=10)
    category = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    components = models.JSONField(default=list)
    parameter_format = models.CharField(max_length=12, default="POSITIONAL")
    quality = models.CharField(max_length=10, blank=True)
    rejected_reason = models.CharField(max_length=40, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["waba_id", "name", "language"], name="messagetemplate_once_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
